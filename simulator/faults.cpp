// SPDX-License-Identifier: Apache-2.0
#include "simulator/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "simulator/dice.h"

namespace wxcc::simulator {
namespace {

constexpr std::array<std::pair<std::string_view, FaultKind>, 22> kKinds = {{
    {"429", FaultKind::TooManyRequests},
    {"429-date", FaultKind::TooManyWithDate},
    {"429-bare", FaultKind::TooManyBare},
    {"500", FaultKind::ServerError},
    {"502-html", FaultKind::BadGatewayHtml},
    {"503-empty", FaultKind::UnavailableEmpty},
    {"reset", FaultKind::Reset},
    {"stall", FaultKind::Stall},
    {"truncated", FaultKind::Truncated},
    {"slow", FaultKind::Slow},
    {"garbage", FaultKind::Garbage},
    {"invalid-utf8", FaultKind::InvalidUtf8},
    {"deep-nesting", FaultKind::DeepNesting},
    {"html-200", FaultKind::HtmlOk},
    {"graphql-errors-200", FaultKind::GraphqlErrorsOk},
    {"401", FaultKind::Unauthorized},
    {"403", FaultKind::Forbidden},
    {"404", FaultKind::NotFound},
    {"no-cursor", FaultKind::NoCursor},
    {"wrong-types", FaultKind::WrongTypes},
    {"missing-members", FaultKind::MissingMembers},
    {"huge-body", FaultKind::HugeBody},
}};

constexpr std::array kFaultyRoutes = {Route::Token, Route::Search, Route::Captures, Route::Download};

std::optional<double> parse_rate(std::string_view text) {
  double rate = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), rate);
  if (problem != std::errc{} || end != text.data() + text.size() || !(rate >= 0 && rate <= 1)) return std::nullopt;
  return rate;
}

}  // namespace

std::string_view name_of(Route route) {
  switch (route) {
    case Route::Authorize:
      return "authorize";
    case Route::Token:
      return "token";
    case Route::Search:
      return "search";
    case Route::Captures:
      return "captures";
    case Route::Download:
      return "download";
    case Route::Other:
      return "other";
  }
  return "other";
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
    const auto route =
        std::find_if(kFaultyRoutes.begin(), kFaultyRoutes.end(), [&](Route r) { return name_of(r) == parts[0]; });
    if (route == kFaultyRoutes.end()) return wrong("the route is none of token, search, captures, download, all");
    spec.route = *route;
  }
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return k.first == parts[1]; });
  if (kind == kKinds.end()) {
    std::string names;
    for (const auto& known : kKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", known.first);
    return wrong("the kind is none of " + names);
  }
  spec.kind = kind->second;
  const auto rate = parse_rate(parts[2]);
  if (!rate) return wrong("the rate is not between 0 and 1");
  spec.rate = *rate;
  if (parts.size() == 4) {
    spec.count = base::parse_unsigned(parts[3]);
    if (!spec.count) return wrong("the count is not a whole number");
  }
  return spec;
}

std::optional<FaultKind> FaultPlan::next(Route route) {
  const std::uint64_t request = requests_[static_cast<std::size_t>(route)]++;
  const bool can_fail = std::find(kFaultyRoutes.begin(), kFaultyRoutes.end(), route) != kFaultyRoutes.end();
  if (!can_fail) return std::nullopt;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto& [spec, used] = faults_[i];
    if (spec.route && *spec.route != route) continue;
    if (spec.count && used >= *spec.count) continue;
    Dice dice(seed_ + i, Series::Fault, request * kRouteCount + static_cast<std::uint64_t>(route));
    if (!dice.chance(spec.rate)) continue;
    ++used;
    return spec.kind;
  }
  return std::nullopt;
}

}  // namespace wxcc::simulator
