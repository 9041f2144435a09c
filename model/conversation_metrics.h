// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "model/archived_message.h"

namespace wxcc::model {

// The roles of people who answer for the organisation. The SQL view first_response lists the same.
inline constexpr std::array<std::string_view, 2> kHumanAgentRoles = {"agent", "supervisor"};

enum class Side { Customer, Agent, Other };

// Who wrote it: by the participant's role, without regard to case; where the transcript gives none, an agent has a user
// id, and inbound messages come from the customer. Bots, flows and everything unknown are Other.
[[nodiscard]] Side side_of(const ArchivedMessage& message);

// What follows from the messages of one conversation.
struct ConversationMetrics {
  std::int64_t customer_messages = 0;
  std::int64_t agent_messages = 0;
  std::int64_t other_messages = 0;
  // From the customer's earliest message to the earliest message of a human agent that was not sent before it. Bots do
  // not count. std::nullopt when either is missing. The SQL view first_response defines first_response_ms likewise.
  std::optional<base::Millis> first_response;
  std::string preview;  // the beginning of the customer's first message, on one line
};

// Of the messages in their order.
[[nodiscard]] ConversationMetrics compute_metrics(std::span<const ArchivedMessage> messages);

}  // namespace wxcc::model
