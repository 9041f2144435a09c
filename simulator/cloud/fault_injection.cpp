// SPDX-License-Identifier: Apache-2.0
#include "simulator/damage.h"

#include <functional>
#include <string>

#include "base/json.h"
#include "simulator/dice.h"

namespace wxcc::simulator {
namespace {

constexpr std::size_t kNesting = 200'000;

Answer error_of(Route route, const Request& request, int status, const std::string& text) {
  if (route == Route::Token) return platform_error(status, text);
  if (route == Route::Download) return storage_error(status, status == 404 ? "NoSuchKey" : "AccessDenied", text);
  return contact_center_error(status, text, request.tracking_id);
}

Answer bare(int status, std::string body, const std::string& type) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.content_type = type;
  return answer;
}

// Rewrites a JSON text; the member function may write something else in place of a member, or nothing, and says whether
// it did.
class Rewrite {
 public:
  using Member = std::function<bool(base::JsonWriter&, std::string_view name, base::JsonNode value)>;
  explicit Rewrite(Member member) : member_(std::move(member)) {}

  std::string operator()(const std::string& text) {
    const auto document = base::JsonDocument::parse(text);
    if (!document) return text;
    base::JsonWriter json;
    write(json, document->root());
    return json.text();
  }

 private:
  void write(base::JsonWriter& json, base::JsonNode node) {
    if (node.is_object()) {
      json.begin_object();
      for (std::size_t i = 0; i < node.size(); ++i) {
        if (member_(json, node.name_at(i), node.at(i))) continue;
        json.key(node.name_at(i));
        write(json, node.at(i));
      }
      json.end_object();
    } else if (node.is_array()) {
      json.begin_array();
      for (const base::JsonNode item : node) write(json, item);
      json.end_array();
    } else {
      json.value(node);
    }
  }
  Member member_;
};

std::string without_cursor(const std::string& text) {
  return Rewrite([](base::JsonWriter& json, std::string_view name, base::JsonNode) {
    if (name == "hasNextPage") json.member(name, true);
    if (name == "endCursor") json.key(name).null();
    return name == "hasNextPage" || name == "endCursor";
  })(text);
}

std::string with_wrong_types(const std::string& text, std::uint64_t seed) {
  Dice dice(seed, Series::Fault, text.size());
  return Rewrite([&](base::JsonWriter& json, std::string_view name, base::JsonNode value) {
    if (!dice.chance(.15)) return false;
    json.key(name);
    if (value.is_object() || value.is_array())
      json.value("not what you expect");
    else if (value.is_string())
      json.begin_object().member("value", 1).end_object();
    else
      json.begin_array().value("x").end_array();
    return true;
  })(text);
}

std::string without_members(const std::string& text, std::uint64_t seed) {
  Dice dice(seed, Series::Fault, text.size());
  return Rewrite([&](base::JsonWriter&, std::string_view, base::JsonNode) { return dice.chance(.15); })(text);
}

std::string with_invalid_utf8(std::string text) {
  const auto place = text.find("\":\"");
  text.insert(place == std::string::npos ? 0 : place + 3, "\xC3\x28\xFF");
  return text;
}

std::string garbage() {
  Dice dice(0, Series::Fault, 0);
  std::string bytes(2000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(static_cast<unsigned char>(dice.below(256)));
  return bytes;
}

}  // namespace

std::optional<Answer> answer_instead(FaultKind kind, Route route, const Request& request, base::Instant now) {
  const std::string json = "application/json;charset=UTF-8";
  switch (kind) {
    case FaultKind::TooManyRequests: {
      Answer answer = error_of(route, request, 429, "Too Many Requests");
      answer.headers.emplace_back("Retry-After", "1");
      return answer;
    }
    case FaultKind::TooManyWithDate: {
      Answer answer = error_of(route, request, 429, "Too Many Requests");
      answer.headers.emplace_back("Retry-After", base::to_http_date(now + std::chrono::seconds{2}));
      return answer;
    }
    case FaultKind::TooManyBare:
      return bare(429, "", "text/plain");
    case FaultKind::ServerError:
      return error_of(route, request, 500, "Internal Server Error");
    case FaultKind::BadGatewayHtml:
      return html_page(502, "502 Bad Gateway", "<hr>nginx");
    case FaultKind::UnavailableEmpty:
      return bare(503, "", "text/plain");
    case FaultKind::Garbage:
      return bare(200, garbage(), json);
    case FaultKind::DeepNesting:
      return bare(200, std::string(kNesting, '['), json);
    case FaultKind::HtmlOk:
      return html_page(200, "Maintenance", "<p>We will be back soon.</p>");
    case FaultKind::GraphqlErrorsOk:
      return bare(
          200,
          R"({"errors":[{"message":"Exception while fetching data (/taskDetails) : timed out",)"
          R"("locations":[{"line":1,"column":1}],"extensions":{"classification":"DataFetchingException"}}],"data":null})",
          json);
    case FaultKind::Unauthorized:
      return error_of(route, request, 401, "Invalid access token.");
    case FaultKind::Forbidden:
      return error_of(route, request, 403, "Request has expired");
    case FaultKind::NotFound:
      return error_of(route, request, 404, "Not found");
    case FaultKind::HugeBody: {
      Answer answer = bare(200, "", json);
      answer.transmission = Transmission::Endless;
      return answer;
    }
    default:
      return std::nullopt;
  }
}

void spoil(Answer& answer, FaultKind kind, std::uint64_t seed) {
  switch (kind) {
    case FaultKind::Reset:
      answer.transmission = Transmission::Reset;
      break;
    case FaultKind::Stall:
      answer.transmission = Transmission::Stall;
      break;
    case FaultKind::Truncated:
      answer.transmission = Transmission::Truncated;
      break;
    case FaultKind::Slow:
      answer.transmission = Transmission::Slow;
      break;
    case FaultKind::InvalidUtf8:
      answer.body = with_invalid_utf8(std::move(answer.body));
      break;
    case FaultKind::NoCursor:
      answer.body = without_cursor(answer.body);
      break;
    case FaultKind::WrongTypes:
      answer.body = with_wrong_types(answer.body, seed);
      break;
    case FaultKind::MissingMembers:
      answer.body = without_members(answer.body, seed);
      break;
    default:
      break;
  }
}

}  // namespace wxcc::simulator
