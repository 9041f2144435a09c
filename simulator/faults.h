// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace wxcc::simulator {

enum class Route { Authorize, Token, Search, Captures, Download, Other };
inline constexpr std::size_t kRouteCount = 6;
std::string_view name_of(Route route);

enum class FaultKind {
  TooManyRequests,   // "429": Retry-After in seconds
  TooManyWithDate,   // "429-date"
  TooManyBare,       // "429-bare": no header, no body
  ServerError,       // "500"
  BadGatewayHtml,    // "502-html"
  UnavailableEmpty,  // "503-empty"
  Reset,             // "reset": the request is carried out, its answer lost
  Stall,             // "stall"
  Truncated,         // "truncated"
  Slow,              // "slow"
  Garbage,           // "garbage"
  InvalidUtf8,       // "invalid-utf8"
  DeepNesting,       // "deep-nesting"
  HtmlOk,            // "html-200"
  GraphqlErrorsOk,   // "graphql-errors-200"
  Unauthorized,      // "401"
  Forbidden,         // "403"
  NotFound,          // "404"
  NoCursor,          // "no-cursor": hasNextPage without an endCursor
  WrongTypes,        // "wrong-types"
  MissingMembers,    // "missing-members"
  HugeBody,          // "huge-body"
};

// ROUTE:KIND:RATE[:COUNT], as on the command line: "captures:429:0.1", "all:reset:1:3".
struct FaultSpec {
  std::optional<Route> route;  // nothing: all of token, search, captures, download
  FaultKind kind = FaultKind::ServerError;
  double rate = 1;
  std::optional<std::uint64_t> count;  // that many times at most
};
// The error is a message that says what was expected.
base::Expected<FaultSpec, std::string> parse_fault(std::string_view text);

// Decides which requests go wrong: a pure function of the seed, the fault and how many requests its route has had.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed) : seed_(seed) {}

  void add(const FaultSpec& spec) { faults_.push_back({spec, 0}); }
  void clear() { faults_.clear(); }

  // Counts a request, and says what happens to it.
  std::optional<FaultKind> next(Route route);

 private:
  struct Fault {
    FaultSpec spec;
    std::uint64_t used;
  };
  std::uint64_t seed_;
  std::vector<Fault> faults_;
  std::array<std::uint64_t, kRouteCount> requests_{};
};

}  // namespace wxcc::simulator
