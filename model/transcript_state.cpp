// SPDX-License-Identifier: Apache-2.0
#include "model/transcript_state.h"

#include <fmt/format.h>

#include "base/json.h"

namespace wxcc::model {

std::string describe(const StateCounts& counts) {
  std::string text;
  for (const auto& row : kTranscriptStateNames)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[row.value], row.text);
  return text;
}

void write_json(base::JsonWriter& out, const StateCounts& counts) {
  for (const auto& row : kTranscriptStateNames) out.member(row.text, counts[row.value]);
}

}  // namespace wxcc::model
