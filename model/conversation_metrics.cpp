// SPDX-License-Identifier: Apache-2.0
#include "model/conversation_metrics.h"

#include <algorithm>

#include "base/text.h"

namespace wxcc::model {
namespace {

constexpr std::size_t kPreviewBytes = 240;

bool is_human_agent(std::string_view role) {
  return std::any_of(kHumanAgentRoles.begin(), kHumanAgentRoles.end(),
                     [&](std::string_view known) { return base::equals_ignoring_case(role, known); });
}

// The earliest message of an agent that was not sent before.
std::optional<base::Instant> first_of_agent(std::span<const ArchivedMessage> messages, base::Instant not_before) {
  std::optional<base::Instant> first;
  for (const ArchivedMessage& message : messages)
    if (message.sent >= not_before && side_of(message) == Side::Agent)
      first = std::min(first.value_or(*message.sent), *message.sent);
  return first;
}

}  // namespace

Side side_of(const ArchivedMessage& message) {
  const std::string& role = message.participant_role;
  if (base::equals_ignoring_case(role, "customer")) return Side::Customer;
  if (is_human_agent(role)) return Side::Agent;
  if (!role.empty()) return Side::Other;
  if (!message.participant_user_id.empty()) return Side::Agent;
  return base::equals_ignoring_case(message.direction, "inbound") ? Side::Customer : Side::Other;
}

ConversationMetrics compute_metrics(std::span<const ArchivedMessage> messages) {
  ConversationMetrics metrics;
  std::optional<base::Instant> first_customer;  // the order of a transcript is not always that of its clocks
  for (const ArchivedMessage& message : messages) {
    switch (side_of(message)) {
      case Side::Customer:
        ++metrics.customer_messages;
        if (message.sent) first_customer = std::min(first_customer.value_or(*message.sent), *message.sent);
        if (metrics.preview.empty()) metrics.preview = base::excerpt(message.text, kPreviewBytes);
        break;
      case Side::Agent:
        ++metrics.agent_messages;
        break;
      case Side::Other:
        ++metrics.other_messages;
        break;
    }
  }
  if (!first_customer) return metrics;
  if (const auto first_agent = first_of_agent(messages, *first_customer))
    metrics.first_response = *first_agent - *first_customer;
  return metrics;
}

}  // namespace wxcc::model
