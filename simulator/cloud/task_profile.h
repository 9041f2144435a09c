// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/cloud/task_generator.h"

namespace wxcc::simulator {

struct Named {
  std::string id;
  std::string_view name;
};

// The form of a missing agent, queue or team in responses. All three were recorded from the real API.
enum class NullStyle { NullMembers, EmptyTexts, NullObject };

// Everything about a task that does not change with time. A pure function of seed and number.
struct TaskProfile {
  int language = 0;  // index of the phrase books
  std::optional<Named> agent;
  std::optional<Named> queue;
  std::optional<Named> team;
  Named site;
  Named entry_point;
  NullStyle null_style = NullStyle::NullMembers;
  std::string customer_name;
  std::string customer_email;
  std::string customer_phone;
  std::string origin;
  std::string destination;
  std::string_view subtype;  // empty: null
  std::string_view direction = "inbound";
  std::optional<Named> wrapup;
  std::string_view termination_type;
  std::string_view termination_reason;
  std::string_view terminating_end;
  std::string_view contact_reason;  // empty: null
  std::string_view topic;
  std::optional<std::int64_t> csat;
  std::int64_t queue_ms = 0;
  std::int64_t ringing_ms = 0;
  std::int64_t wrapup_ms = 0;
  std::int64_t transfers = 0;
  std::int64_t holds = 0;
};

TaskProfile profile_of(std::uint64_t seed, TaskNumber number, const TaskRecord& record);

}  // namespace wxcc::simulator
