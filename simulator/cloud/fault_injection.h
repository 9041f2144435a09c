// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "simulator/faults.h"
#include "simulator/message.h"

namespace wxcc::simulator {

// For the kinds that take the place of an answer without looking at the request; nothing for the others.
std::optional<Answer> answer_instead(FaultKind kind, Route route, const Request& request, base::Instant now);

// For the other kinds: spoils a good answer.
void spoil(Answer& answer, FaultKind kind, std::uint64_t seed);

}  // namespace wxcc::simulator
