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

// Identifies a request by its route, its subject (the tasks of a captures query, the variables of a search, the path of
// a download, the body of any other) and the number of earlier requests with the same route and subject. All random
// properties of a response depend on this and the seed alone, not on the order of requests of different subjects.
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

// A kind of fault: it replaces the response, corrupts its body or changes its transmission.
struct FaultKind {
  std::string_view name;  // in a specification
  Response (*instead)(const FaultContext&) = nullptr;
  std::string (*corrupt)(const std::string& body, base::Random&) = nullptr;
  Transmission transmission = Transmission::Whole;
};

// nullptr for an unknown name.
const FaultKind* find_fault_kind(std::string_view name);

// ROUTE:KIND:RATE[:COUNT], as on the command line: "captures:429:0.1", "all:reset:1:3".
struct FaultSpec {
  std::optional<Route> route;  // std::nullopt: all of token, search, captures, download
  const FaultKind* kind = nullptr;
  double rate = 1;
  std::optional<std::uint64_t> count;  // maximum number of faults, for the first requests
};
// The error names the expected form.
base::Expected<FaultSpec, std::string> parse_fault(std::string_view text);

// Selects the requests with a fault: a function of the seed, the fault's index in the plan and the occasion alone,
// except for faults with a count.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed) : seed_(seed) {}

  void add(const FaultSpec& spec) { faults_.push_back({spec, 0}); }
  void clear() { faults_.clear(); }

  // nullptr: no fault. Counts the fault.
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
