// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::model {

// Something the cloud names by an id whose name may change: a queue, a team, a site, an entry point, an agent.
struct NamedEntity {
  std::string id;    // empty: none assigned (the cloud says so with null, "" and {"id":null})
  std::string name;  // empty: unknown
  friend bool operator==(const NamedEntity&, const NamedEntity&) = default;
};

struct Customer {
  std::string name;
  std::string email;
  std::string phone;
  friend bool operator==(const Customer&, const Customer&) = default;
};

// A contact (interaction) as the Search API describes it (taskDetails). An empty text means that the cloud gave none.
struct Task {
  std::string id;
  std::string channel;          // channelType: chat, email, telephony, ...
  std::string channel_subtype;  // channelSubType
  std::string status;
  bool is_active = false;
  std::string direction;
  std::string origin;       // customer's address; for chat the page or the customer's e-mail
  std::string destination;  // contacted address
  std::optional<base::Instant> created;
  std::optional<base::Instant> ended;          // nothing while the cloud says null or <= 0
  std::optional<base::Instant> last_activity;  // lastActivityTime
  std::optional<base::Millis> duration;        // totalDuration
  std::optional<base::Millis> connected_duration;
  std::optional<base::Millis> queue_duration;
  std::optional<base::Millis> wrapup_duration;
  NamedEntity queue;        // lastQueue
  NamedEntity team;         // lastTeam
  NamedEntity site;         // lastSite
  NamedEntity entry_point;  // lastEntryPoint
  NamedEntity agent;        // lastAgent, else owner
  Customer customer;
  std::string wrapup_code_id;
  std::string wrapup_code;  // lastWrapupCodeName
  std::string termination_type;
  std::string termination_reason;
  std::string terminating_end;
  std::string contact_reason;
  std::optional<std::int64_t> csat_score;
  std::string other_members;  // JSON object of every member that has no place above; empty when there is none
  friend bool operator==(const Task&, const Task&) = default;
};

}  // namespace wxcc::model
