// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::model {

// Something with an id and a name that may change: a queue, a team, a site, an entry point, an agent.
struct NamedEntity {
  std::string id;    // empty: not assigned, or the API gave the name alone
  std::string name;  // empty: unknown
  friend bool operator==(const NamedEntity&, const NamedEntity&) = default;
};

struct Customer {
  std::string name;
  std::string email;
  std::string phone;
  friend bool operator==(const Customer&, const Customer&) = default;
};

// A contact (interaction) as the Search API describes it; task_fields.h has the names there. Empty texts: no value.
struct Task {
  std::string id;
  std::string channel;  // chat, email, telephony, ...
  std::string channel_subtype;
  std::string status;
  bool is_active = false;
  std::string direction;
  std::string origin;       // customer's address; for chat the page or the customer's e-mail
  std::string destination;  // contacted address
  std::optional<base::Instant> created;
  std::optional<base::Instant> ended;  // std::nullopt while the API gives null or <= 0
  std::optional<base::Instant> last_activity;
  std::optional<base::Millis> duration;
  std::optional<base::Millis> connected_duration;
  std::optional<base::Millis> queue_duration;
  std::optional<base::Millis> wrapup_duration;
  NamedEntity queue;  // the last one, as are those below
  NamedEntity team;
  NamedEntity site;
  NamedEntity entry_point;
  NamedEntity agent;
  Customer customer;
  std::string wrapup_code_id;
  std::string wrapup_code;  // its name
  std::string termination_type;
  std::string termination_reason;
  std::string terminating_end;
  std::string contact_reason;
  std::optional<std::int64_t> csat_score;
  std::string other_members;  // JSON object of all that has no member above; empty if there is none
  friend bool operator==(const Task&, const Task&) = default;
};

}  // namespace wxcc::model
