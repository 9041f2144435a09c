// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace wxcc::simulator {

// What clients have done so far.
struct Statistics {
  std::map<std::string, std::int64_t> requests;                  // by route, rejected ones too
  std::map<std::string, std::map<int, std::int64_t>> responses;  // by route and status
  std::int64_t rate_limited = 0;                                 // 429 of the limiter, not of faults
  std::int64_t faults = 0;
  std::int64_t logins = 0;
  std::int64_t refreshes = 0;
  std::map<std::string, std::int64_t> violations;  // against the documentation, by what it was
};

std::string to_json(const Statistics& statistics);

}  // namespace wxcc::simulator
