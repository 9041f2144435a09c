// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "store/reader.h"

namespace wxcc::report {

enum class Side { Customer, Agent, Other };

// Who said it: by the participant's role; where the transcript gives none, an agent has a user id, and what is inbound
// comes from the customer. Bots, flows and everything unknown are others.
Side side_of(const store::MessageRow& message);

// What the messages of one conversation tell.
struct ConversationFacts {
  std::int64_t customer_messages = 0;
  std::int64_t agent_messages = 0;
  std::int64_t other_messages = 0;
  // From the customer's first message to the first message of an agent that follows it. Bots do not count. Nothing when
  // either is missing.
  std::optional<base::Millis> first_response;
  std::string preview;  // how the customer's first message begins, on one line
};

// The messages in the order in which they were said.
ConversationFacts facts_of(const std::vector<store::MessageRow>& messages);

}  // namespace wxcc::report
