// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/statistics.h"

#include "base/json.h"

namespace wxcc::simulator {

std::string to_json(const Statistics& statistics) {
  base::JsonWriter json;
  json.begin_object().key("requests").begin_object();
  for (const auto& [route, count] : statistics.requests) json.member(route, count);
  json.end_object().key("responses").begin_object();
  for (const auto& [route, by_status] : statistics.responses) {
    json.key(route).begin_object();
    for (const auto& [status, count] : by_status) json.member(std::to_string(status), count);
    json.end_object();
  }
  json.end_object().member("rate_limited", statistics.rate_limited).member("faults", statistics.faults);
  json.member("logins", statistics.logins).member("token_refreshes", statistics.refreshes);
  json.key("violations").begin_object();
  for (const auto& [what, count] : statistics.violations) json.member(what, count);
  json.end_object().end_object();
  return json.text();
}

}  // namespace wxcc::simulator
