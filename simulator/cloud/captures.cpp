// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/captures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

constexpr std::size_t kMaxTaskIds = 10;
constexpr std::int64_t kMaxUrlMinutes = 60;

base::unexpected<CapturesError> reject(int status, std::string description, std::string violation = "") {
  return base::make_unexpected(CapturesError{status, std::move(description), std::move(violation)});
}

void write_item(base::JsonWriter& json, const Artifact& artifact, const Options& options, const std::string& location) {
  const bool capitals = options.capitalised_keys;
  json.begin_object();
  json.member(capitals ? "Source" : "source", artifact.source).member(capitals ? "Provider" : "provider", "CISCO");
  json.member("id", artifact.capture_id).member("fileName", artifact.file_name).member("filePath", location);
  json.member("startTime", std::to_string(base::to_ms(artifact.started))).member("languageCode", artifact.language);
  json.member("createTime", std::to_string(base::to_ms(artifact.created)));
  if (options.extra_members) json.key("configId").null();
  json.end_object();
}

}  // namespace

base::Expected<CapturesQuery, CapturesError> read_captures_query(base::JsonNode body, const Options& options,
                                                                 const std::string& organisation) {
  const base::JsonNode query = body["query"];
  if (!query.is_object()) return reject(400, "query should not be null", "captures without query");
  const base::JsonNode org = query["orgId"];
  if (org.is_null() && options.require_captures_org)
    return reject(400, "orgId should not be null", "captures without orgId");
  if (!org.is_null() && org.text() != organisation)
    return reject(403, "orgId does not match the organisation of the token", "captures for another organisation");
  if (options.reject_all_digital_versions && query["includeAllDigitalVersions"].exists())
    return reject(400, "Unrecognized field \"includeAllDigitalVersions\"");
  for (const std::string_view flag :
       {"includeSegments", "includeVARecordings", "includeScreenRecordings", "includeAllDigitalVersions"})
    if (!query[flag].is_null() && !query[flag].is_boolean())
      return reject(400, fmt::format("{} should be a boolean", flag));

  CapturesQuery result;
  const base::JsonNode expiration = query["urlExpiration"];
  if (!expiration.is_null()) {
    if (!expiration.is_number() || !expiration.integer()) return reject(400, "urlExpiration should be an integer");
    result.url_minutes = *expiration.integer();
    if (result.url_minutes <= 0)
      return reject(400, "urlExpiration should be greater than 0", "urlExpiration out of range");
    if (result.url_minutes > kMaxUrlMinutes && options.strict_url_expiration)
      return reject(400, "urlExpiration should not be greater than 60", "urlExpiration out of range");
    result.url_minutes = std::min(result.url_minutes, kMaxUrlMinutes);
  }
  if (query["includeAllDigitalVersions"].boolean().value_or(false)) result.versions = Transcripts::Versions::All;

  const base::JsonNode ids = query["taskIds"];
  if (!ids.is_array() || ids.size() == 0) return reject(400, "taskIds should not be empty");
  if (ids.size() > kMaxTaskIds) return reject(400, "taskIds should not be more than 10", "more than 10 task ids");
  std::set<std::string, std::less<>> seen;
  for (const base::JsonNode id : ids) {
    if (!id.is_string() || id.text()->empty()) return reject(400, "taskIds should be strings");
    if (!seen.emplace(*id.text()).second) return reject(400, "taskIds should be unique", "duplicate task ids");
    result.task_ids.emplace_back(*id.text());
  }
  return result;
}

std::string captures_response(const CapturesQuery& query, const Options& options, const TaskGenerator& generator,
                              const Transcripts& transcripts, const ObjectStore& store, const std::string& store_url,
                              base::Instant now) {
  std::vector<std::string> ids = query.task_ids;
  base::SeededRandom rng = series_of(options.seed, Series::Transcript, static_cast<unsigned char>(ids.front().back()));
  std::rotate(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(rng.below(ids.size())), ids.end());
  base::JsonWriter json;
  json.begin_object().key("meta").begin_object();
  json.member("orgId", options.org_id).member("urlExpiration", query.url_minutes).end_object();
  json.key("data").begin_array();
  for (const std::string& id : ids) {
    json.begin_object().member("taskId", id).key("recording").begin_array().end_array();
    json.key("transcription").begin_array();
    if (const auto number = generator.find(id))
      for (const Artifact& artifact : transcripts.artifacts(*number, now, query.versions))
        write_item(json, artifact, options,
                   store_url + store.sign(artifact.key, now, std::chrono::minutes{query.url_minutes}));
    json.end_array();
    if (options.extra_members) json.key("screenRecordings").begin_array().end_array();
    json.end_object();
  }
  json.end_array().end_object();
  return json.text();
}

}  // namespace wxcc::simulator
