// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::model {

// A message of an archived conversation with the participant who wrote it: one row of the view `messages`.
struct ArchivedMessage {
  std::int64_t seq = 0;  // from 1, in the order of the conversation
  std::optional<base::Instant> sent;
  std::string direction;
  std::string participant_name;
  std::string participant_role;
  std::string participant_user_id;
  std::string alias_id;
  std::string text;
  std::optional<bool> redacted;
  friend bool operator==(const ArchivedMessage&, const ArchivedMessage&) = default;
};

}  // namespace wxcc::model
