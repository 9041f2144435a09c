// SPDX-License-Identifier: Apache-2.0
#include "report/conversation_facts.h"

#include "base/text.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kPreviewBytes = 240;

}  // namespace

Side side_of(const store::MessageRow& message) {
  const std::string& role = message.participant_role;
  if (base::equals_ignoring_case(role, "customer")) return Side::Customer;
  if (base::equals_ignoring_case(role, "agent") || base::equals_ignoring_case(role, "supervisor")) return Side::Agent;
  if (!role.empty()) return Side::Other;
  if (!message.participant_user_id.empty()) return Side::Agent;
  return base::equals_ignoring_case(message.direction, "inbound") ? Side::Customer : Side::Other;
}

ConversationFacts facts_of(const std::vector<store::MessageRow>& messages) {
  ConversationFacts facts;
  std::optional<base::Instant> asked;
  for (const store::MessageRow& message : messages) {
    switch (side_of(message)) {
      case Side::Customer:
        ++facts.customer_messages;
        if (!asked) asked = message.sent;
        if (facts.preview.empty()) facts.preview = base::excerpt(message.text, kPreviewBytes);
        break;
      case Side::Agent:
        ++facts.agent_messages;
        if (asked && !facts.first_response && message.sent >= asked) facts.first_response = *message.sent - *asked;
        break;
      case Side::Other:
        ++facts.other_messages;
        break;
    }
  }
  return facts;
}

}  // namespace wxcc::report
