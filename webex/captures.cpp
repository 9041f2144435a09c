// SPDX-License-Identifier: Apache-2.0
#include "webex/captures.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "webex/json_values.h"

namespace wxcc::webex {
namespace {

using base::JsonNode;

// A file's name may have unencoded blanks.
base::Secret parse_url_member(JsonNode node) {
  std::string url;
  for (const char c : parse_text(node)) c == ' ' ? url.append("%20") : url.append(1, c);
  return base::Secret(std::move(url));
}

TranscriptLocation parse_location(JsonNode node) {
  // Recordings wrap their members in "attributes"; accepted in transcripts too.
  const JsonNode members = node.find_ignore_case("filePath").exists() ? node : node.find_ignore_case("attributes");
  TranscriptLocation location;
  location.item.source = parse_text(members.find_ignore_case("source"));
  location.item.provider = parse_text(members.find_ignore_case("provider"));
  location.item.capture_id = parse_text(node.find_ignore_case("id"));
  location.item.file_name = parse_text(members.find_ignore_case("fileName"));
  location.item.language = parse_text(members.find_ignore_case("languageCode"));
  location.item.started = parse_timestamp(members.find_ignore_case("startTime"));
  location.item.created = parse_timestamp(members.find_ignore_case("createTime"));
  location.url = parse_url_member(members.find_ignore_case("filePath"));
  return location;
}

}  // namespace

std::string captures_body(const CapturesRequest& request) {
  base::JsonWriter body;
  body.begin_object().key("query").begin_object();
  body.member("orgId", std::string_view(request.org_id)).member("urlExpiration", request.url_expiration_minutes);
  body.key("taskIds").begin_array();
  for (const std::string& id : request.task_ids) body.value(std::string_view(id));
  body.end_array().member("includeSegments", false);
  if (request.all_digital_versions) body.member("includeAllDigitalVersions", true);
  body.end_object().end_object();
  return body.text();
}

base::Expected<CapturesResponse, std::string> parse_captures(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return base::make_unexpected("the response is not JSON: " + document.error().message);
  const JsonNode data = document->root().find_ignore_case("data");
  if (!data.is_array()) return base::make_unexpected(fmt::format("expected an array at $.data, found {}", data.kind()));
  CapturesResponse response;
  for (const JsonNode node : data) {
    TaskCaptures captures;
    captures.task_id = parse_text(node.find_ignore_case("taskId"));
    if (captures.task_id.empty()) {
      response.warnings.push_back(fmt::format("{}: no taskId", document->path_of(node)));
      continue;
    }
    const JsonNode list = node.find_ignore_case("transcription");
    if (!list.is_null() && !list.is_array())
      response.warnings.push_back(fmt::format("{}: expected an array, found {}", document->path_of(list), list.kind()));
    for (const JsonNode item : list) {
      TranscriptLocation location = parse_location(item);
      if (location.url.empty())
        response.warnings.push_back(fmt::format("{}: no filePath", document->path_of(item)));
      else
        captures.transcripts.push_back(std::move(location));
    }
    response.tasks.push_back(std::move(captures));
  }
  return response;
}

std::size_t count_missing_tasks(const CapturesResponse& response, const std::vector<std::string>& requested) {
  const auto has_element = [&](const std::string& id) {
    return std::any_of(response.tasks.begin(), response.tasks.end(),
                       [&](const TaskCaptures& captures) { return base::equals_ignoring_case(captures.task_id, id); });
  };
  return requested.size() - static_cast<std::size_t>(std::count_if(requested.begin(), requested.end(), has_element));
}

}  // namespace wxcc::webex
