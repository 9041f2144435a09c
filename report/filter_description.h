// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/redaction.h"
#include "store/reader.h"

namespace wxcc::report {

// One condition of a filter, as the formats of extracts name it.
struct FilterCondition {
  std::string_view key;    // of JSON
  std::string_view label;  // of the workbook
  bool repeatable;         // false: one value at most
  std::vector<std::string> values;
};

// All conditions that a filter can have, also those without values. In a redacted extract the values that may identify
// a person are "[removed]". Pure.
[[nodiscard]] std::vector<FilterCondition> describe_filter(const store::ConversationFilter& filter,
                                                           const std::optional<model::RedactionProfile>& redact);

// "Queue: Parcels; Text: refund; Redacted: customers"; an empty string without conditions. Pure.
[[nodiscard]] std::string filter_sentence(const store::ConversationFilter& filter,
                                          const std::optional<model::RedactionProfile>& redact);

}  // namespace wxcc::report
