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

constexpr std::size_t kNestingLevels = 200'000;
constexpr std::size_t kGarbageBytes = 2000;
constexpr double kMemberShare = .15;  // of the members that a corrupted body lacks or has with another type

Response error_of(const FaultContext& context, int status, const std::string& text) {
  if (context.route == Route::Token) return platform_error(context.request, status, text);
  if (context.route == Route::Download)
    return storage_error(context.request, status, status == 404 ? "NoSuchKey" : "AccessDenied", text);
  return contact_center_error(context.request, status, text);
}

Response too_many_requests(const FaultContext& context, std::string retry_after) {
  Response response = error_of(context, 429, "Too Many Requests");
  response.headers.emplace_back("Retry-After", std::move(retry_after));
  return response;
}

// Returns true for a member that it has replaced or omitted.
using ReplaceMember = std::function<bool(base::JsonWriter&, std::string_view name, base::JsonNode value)>;

void write_replaced(base::JsonWriter& json, base::JsonNode node, const ReplaceMember& replace) {
  if (node.is_object()) {
    json.begin_object();
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (replace(json, node.name_at(i), node.at(i))) continue;
      json.key(node.name_at(i));
      write_replaced(json, node.at(i), replace);
    }
    json.end_object();
  } else if (node.is_array()) {
    json.begin_array();
    for (const base::JsonNode item : node) write_replaced(json, item, replace);
    json.end_array();
  } else {
    json.value(node);
  }
}

std::string replace_members(const std::string& text, const ReplaceMember& replace) {
  const auto document = base::JsonDocument::parse(text);
  if (!document) return text;
  base::JsonWriter json;
  write_replaced(json, document->root(), replace);
  return json.text();
}

std::string without_cursor(const std::string& body, base::Random&) {
  return replace_members(body, [](base::JsonWriter& json, std::string_view name, base::JsonNode) {
    if (name == "hasNextPage") json.member(name, true);
    if (name == "endCursor") json.key(name).null();
    return name == "hasNextPage" || name == "endCursor";
  });
}

std::string with_other_types(const std::string& body, base::Random& rng) {
  return replace_members(body, [&](base::JsonWriter& json, std::string_view name, base::JsonNode value) {
    if (!rng.chance(kMemberShare)) return false;
    json.key(name);
    if (value.is_object() || value.is_array())
      json.value("another type");
    else if (value.is_string())
      json.begin_object().member("value", 1).end_object();
    else
      json.begin_array().value("x").end_array();
    return true;
  });
}

std::string without_members(const std::string& body, base::Random& rng) {
  return replace_members(body,
                         [&](base::JsonWriter&, std::string_view, base::JsonNode) { return rng.chance(kMemberShare); });
}

std::string with_invalid_utf8(const std::string& body, base::Random&) {
  std::string result = body;
  const auto place = result.find("\":\"");
  return result.insert(place == std::string::npos ? 0 : place + 3, "\xC3\x28\xFF");
}

Response garbage(const FaultContext& context) {
  std::string bytes(kGarbageBytes, '\0');
  for (char& byte : bytes) byte = static_cast<char>(static_cast<unsigned char>(context.rng.below(256)));
  return {200, std::move(bytes)};
}

constexpr const char* kGraphqlErrors =
    R"({"errors":[{"message":"Exception while fetching data (/taskDetails) : timed out",)"
    R"("locations":[{"line":1,"column":1}],"extensions":{"classification":"DataFetchingException"}}],"data":null})";

using Context = FaultContext;

constexpr std::array kFaultKinds = {
    FaultKind{"429", [](const Context& c) { return too_many_requests(c, "1"); }},
    FaultKind{
        "429-date",
        [](const Context& c) { return too_many_requests(c, base::to_http_date(c.now + std::chrono::seconds{2})); }},
    FaultKind{"429-bare",
              [](const Context&) {
                return Response{429, "", "text/plain"};
              }},
    FaultKind{"500", [](const Context& c) { return error_of(c, 500, "Internal Server Error"); }},
    FaultKind{"502-html", [](const Context&) { return html_page(502, "502 Bad Gateway", "<hr>nginx"); }},
    FaultKind{"503-empty",
              [](const Context&) {
                return Response{503, "", "text/plain"};
              }},
    FaultKind{.name = "reset", .transmission = Transmission::Reset},
    FaultKind{.name = "stall", .transmission = Transmission::Stall},
    FaultKind{.name = "truncated", .transmission = Transmission::Truncated},
    FaultKind{.name = "slow", .transmission = Transmission::Slow},
    FaultKind{"garbage", garbage},
    FaultKind{.name = "invalid-utf8", .corrupt = with_invalid_utf8},
    FaultKind{"deep-nesting",
              [](const Context&) {
                return Response{200, std::string(kNestingLevels, '[')};
              }},
    FaultKind{"html-200", [](const Context&) { return html_page(200, "Maintenance", "<p>We will be back soon.</p>"); }},
    FaultKind{"graphql-errors-200",
              [](const Context&) {
                return Response{200, kGraphqlErrors};
              }},
    FaultKind{"401", [](const Context& c) { return error_of(c, 401, "Invalid access token."); }},
    FaultKind{"403", [](const Context& c) { return error_of(c, 403, "Request has expired"); }},
    FaultKind{"404", [](const Context& c) { return error_of(c, 404, "Not found"); }},
    FaultKind{.name = "no-cursor", .corrupt = without_cursor},  // hasNextPage without an endCursor
    FaultKind{.name = "wrong-types", .corrupt = with_other_types},
    FaultKind{.name = "missing-members", .corrupt = without_members},
    FaultKind{"huge-body", [](const Context&) { return Response{.transmission = Transmission::Endless}; }},
};

std::optional<double> parse_rate(std::string_view text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (error != std::errc{} || end != text.data() + text.size() || !(rate >= 0 && rate <= 1)) return std::nullopt;
  return rate;
}

bool can_fail(Route route) {
  return route != Route::Authorize && route != Route::Other;
}

}  // namespace

const FaultKind* find_fault_kind(std::string_view name) {
  const auto found =
      std::find_if(kFaultKinds.begin(), kFaultKinds.end(), [&](const FaultKind& kind) { return kind.name == name; });
  return found == kFaultKinds.end() ? nullptr : &*found;
}

base::Expected<FaultSpec, std::string> parse_fault(std::string_view text) {
  const auto invalid = [&](std::string_view reason) {
    return base::make_unexpected(
        fmt::format("fault '{}': {}; expected ROUTE:KIND:RATE[:COUNT]", base::excerpt(text), reason));
  };
  const auto parts = base::split(text, ':');
  if (parts.size() != 3 && parts.size() != 4) return invalid("it does not have three or four parts");
  FaultSpec spec;
  if (parts[0] != "all") {
    spec.route = kRouteNames.parse(parts[0]);
    if (!spec.route || !can_fail(*spec.route))
      return invalid("the route is none of token, search, captures, download, all");
  }
  spec.kind = find_fault_kind(parts[1]);
  if (spec.kind == nullptr) {
    std::string names;
    for (const FaultKind& known : kFaultKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
    return invalid("the kind is none of " + names);
  }
  const auto rate = parse_rate(parts[2]);
  if (!rate) return invalid("the rate is not between 0 and 1");
  spec.rate = *rate;
  if (parts.size() == 4) {
    spec.count = base::parse_unsigned(parts[3]);
    if (!spec.count) return invalid("the count is not a whole number");
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
