// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/enum_names.h"
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

}  // namespace wxcc::simulator
