// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/expected.h"
#include "base/instant.h"
#include "simulator/cloud/message.h"
#include "simulator/cloud/series.h"

namespace wxcc::simulator {

enum class Route { Authorize, Token, Search, Captures, Download, Other };

inline constexpr auto kRouteNames = base::enum_names<Route>({{Route::Authorize, "authorize"},
                                                             {Route::Token, "token"},
                                                             {Route::Search, "search"},
                                                             {Route::Captures, "captures"},
                                                             {Route::Download, "download"},
                                                             {Route::Other, "other"}});

// One request among all: its route, its subject (the tasks of a captures query, the variables of a search, the path of
// a download, the body of any other), and how many requests with the same route and subject came before it. All that is
// random about a response depends on this and the seed alone, not on the order in which requests of different subjects
// arrive.
struct Occasion {
  Route route = Route::Other;
  std::uint64_t index = 0;  // of the route, the subject and the attempt, for series_of()
};

struct FaultContext {
  const Request& request;
  Route route;
  base::Instant now;
  base::Random& rng;
};

// One row of the table of faults. Either a response takes the place of the good one, or the good one is corrupted, or
// its transmission fails.
struct FaultKind {
  std::string_view name;  // in a specification
  Response (*instead)(const FaultContext&) = nullptr;
  std::string (*corrupt)(const std::string& body, base::Random&) = nullptr;
  Transmission transmission = Transmission::Whole;
};

// nullptr for a name that is none of them.
const FaultKind* find_fault_kind(std::string_view name);

// ROUTE:KIND:RATE[:COUNT], as on the command line: "captures:429:0.1", "all:reset:1:3".
struct FaultSpec {
  std::optional<Route> route;  // std::nullopt: all of token, search, captures, download
  const FaultKind* kind = nullptr;
  double rate = 1;
  std::optional<std::uint64_t> count;  // that many times at most, the first ones to arrive
};
// The error is a message that names what was expected.
base::Expected<FaultSpec, std::string> parse_fault(std::string_view text);

// Decides which requests go wrong: a function of the seed, the fault's place in the plan and the occasion alone, but
// for faults with a count.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed) : seed_(seed) {}

  void add(const FaultSpec& spec) { faults_.push_back({spec, 0}); }
  void clear() { faults_.clear(); }

  // nullptr: nothing goes wrong. Counts a fault that has a count.
  const FaultKind* next(const Occasion& occasion);

 private:
  struct Fault {
    FaultSpec spec;
    std::uint64_t used;
  };
  std::uint64_t seed_;
  std::vector<Fault> faults_;
};

}  // namespace wxcc::simulator
