// SPDX-License-Identifier: Apache-2.0
#include "model/transcript_state.h"

#include <fmt/format.h>

namespace wxcc::model {

std::string describe(const StateCounts& counts) {
  std::string text;
  for (const auto& row : kTranscriptStateNames)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[row.value], row.text);
  return text;
}

}  // namespace wxcc::model
