// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/fault_injection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "base/json.h"
#include "base/text.h"

namespace wxcc::simulator {
namespace {

constexpr std::size_t kNesting = 200'000;
constexpr std::size_t kGarbageBytes = 2000;
constexpr double kMemberShare = .15;  // of the members that a corrupted body loses or has with another type
constexpr std::array kFaultyRoutes = {Route::Token, Route::Search, Route::Captures, Route::Download};

Response error_of(const Request& request, Route route, int status, const std::string& text) {
  if (route == Route::Token) return platform_error(request, status, text);
  if (route == Route::Download)
    return storage_error(request, status, status == 404 ? "NoSuchKey" : "AccessDenied", text);
  return contact_center_error(request, status, text);
}

Response bare(int status, std::string body = "") {
  Response response;
  response.status = status;
  if (body.empty()) response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

Response too_many_requests(const Request& request, Route route, const std::string& retry_after) {
  Response response = error_of(request, route, 429, "Too Many Requests");
  response.headers.emplace_back("Retry-After", retry_after);
  return response;
}

// Rewrites a JSON text. The member function returns true if it has dealt with a member itself, by writing something
// else or leaving it out.
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

std::string without_cursor(const std::string& body, base::Random&) {
  return Rewrite([](base::JsonWriter& json, std::string_view name, base::JsonNode) {
    if (name == "hasNextPage") json.member(name, true);
    if (name == "endCursor") json.key(name).null();
    return name == "hasNextPage" || name == "endCursor";
  })(body);
}

std::string with_wrong_types(const std::string& body, base::Random& rng) {
  return Rewrite([&](base::JsonWriter& json, std::string_view name, base::JsonNode value) {
    if (!rng.chance(kMemberShare)) return false;
    json.key(name);
    if (value.is_object() || value.is_array())
      json.value("another type");
    else if (value.is_string())
      json.begin_object().member("value", 1).end_object();
    else
      json.begin_array().value("x").end_array();
    return true;
  })(body);
}

std::string without_members(const std::string& body, base::Random& rng) {
  return Rewrite([&](base::JsonWriter&, std::string_view, base::JsonNode) { return rng.chance(kMemberShare); })(body);
}

std::string with_invalid_utf8(const std::string& body, base::Random&) {
  std::string result = body;
  const auto place = result.find("\":\"");
  return result.insert(place == std::string::npos ? 0 : place + 3, "\xC3\x28\xFF");
}

Response garbage(const Request&, Route, base::Instant, base::Random& rng) {
  std::string bytes(kGarbageBytes, '\0');
  for (char& byte : bytes) byte = static_cast<char>(static_cast<unsigned char>(rng.below(256)));
  return bare(200, std::move(bytes));
}

template <int Status>
Response status(const Request& request, Route route, base::Instant, base::Random&) {
  constexpr std::string_view kText = Status == 401   ? "Invalid access token."
                                     : Status == 403 ? "Request has expired"
                                     : Status == 404 ? "Not found"
                                                     : "Internal Server Error";
  return error_of(request, route, Status, std::string(kText));
}

constexpr const char* kGraphqlErrors =
    R"({"errors":[{"message":"Exception while fetching data (/taskDetails) : timed out",)"
    R"("locations":[{"line":1,"column":1}],"extensions":{"classification":"DataFetchingException"}}],"data":null})";

using base::Instant;
using base::Random;

constexpr std::array kKinds = {
    FaultKind{"429", [](const Request& request, Route route, Instant,
                        Random&) { return too_many_requests(request, route, "1"); }},
    FaultKind{"429-date",
              [](const Request& request, Route route, Instant now, Random&) {
                return too_many_requests(request, route, base::to_http_date(now + std::chrono::seconds{2}));
              }},
    FaultKind{"429-bare", [](const Request&, Route, Instant, Random&) { return bare(429); }},
    FaultKind{"500", status<500>},
    FaultKind{"502-html",
              [](const Request&, Route, Instant, Random&) { return html_page(502, "502 Bad Gateway", "<hr>nginx"); }},
    FaultKind{"503-empty", [](const Request&, Route, Instant, Random&) { return bare(503); }},
    FaultKind{.name = "reset", .transmission = Transmission::Reset},
    FaultKind{.name = "stall", .transmission = Transmission::Stall},
    FaultKind{.name = "truncated", .transmission = Transmission::Truncated},
    FaultKind{.name = "slow", .transmission = Transmission::Slow},
    FaultKind{"garbage", garbage},
    FaultKind{.name = "invalid-utf8", .corrupt = with_invalid_utf8},
    FaultKind{"deep-nesting",
              [](const Request&, Route, Instant, Random&) { return bare(200, std::string(kNesting, '[')); }},
    FaultKind{"html-200", [](const Request&, Route, Instant,
                             Random&) { return html_page(200, "Maintenance", "<p>We will be back soon.</p>"); }},
    FaultKind{"graphql-errors-200", [](const Request&, Route, Instant, Random&) { return bare(200, kGraphqlErrors); }},
    FaultKind{"401", status<401>},
    FaultKind{"403", status<403>},
    FaultKind{"404", status<404>},
    FaultKind{.name = "no-cursor", .corrupt = without_cursor},  // hasNextPage without an endCursor
    FaultKind{.name = "wrong-types", .corrupt = with_wrong_types},
    FaultKind{.name = "missing-members", .corrupt = without_members},
    FaultKind{"huge-body",
              [](const Request&, Route, Instant, Random&) {
                Response response;
                response.transmission = Transmission::Endless;
                return response;
              }},
};

std::optional<double> parse_rate(std::string_view text) {
  double rate = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (problem != std::errc{} || end != text.data() + text.size() || !(rate >= 0 && rate <= 1)) return std::nullopt;
  return rate;
}

bool can_fail(Route route) {
  return std::find(kFaultyRoutes.begin(), kFaultyRoutes.end(), route) != kFaultyRoutes.end();
}

}  // namespace

const FaultKind* find_fault_kind(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const FaultKind& kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
}

base::Expected<FaultSpec, std::string> parse_fault(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return base::make_unexpected(
        fmt::format("fault '{}': {}; expected ROUTE:KIND:RATE[:COUNT]", base::excerpt(text), what));
  };
  const auto parts = base::split(text, ':');
  if (parts.size() != 3 && parts.size() != 4) return wrong("it does not have three or four parts");
  FaultSpec spec;
  if (parts[0] != "all") {
    spec.route = kRouteNames.parse(parts[0]);
    if (!spec.route || !can_fail(*spec.route))
      return wrong("the route is none of token, search, captures, download, all");
  }
  spec.kind = find_fault_kind(parts[1]);
  if (spec.kind == nullptr) {
    std::string names;
    for (const FaultKind& known : kKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
    return wrong("the kind is none of " + names);
  }
  const auto rate = parse_rate(parts[2]);
  if (!rate) return wrong("the rate is not between 0 and 1");
  spec.rate = *rate;
  if (parts.size() == 4) {
    spec.count = base::parse_unsigned(parts[3]);
    if (!spec.count) return wrong("the count is not a whole number");
  }
  return spec;
}

const FaultKind* FaultPlan::next(const Occasion& occasion) {
  if (!can_fail(occasion.route)) return nullptr;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto& [spec, used] = faults_[i];
    if (spec.route && *spec.route != occasion.route) continue;
    if (spec.count && used >= *spec.count) continue;
    if (!series_of(seed_ + i, Series::Fault, occasion.index).chance(spec.rate)) continue;
    ++used;
    return spec.kind;
  }
  return nullptr;
}

}  // namespace wxcc::simulator
