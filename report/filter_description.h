// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/redaction.h"
#include "store/reader.h"

namespace wxcc::report {

// One condition of a filter, in all the forms in which extracts name it.
struct FilterCondition {
  std::string_view key;    // of JSON
  std::string_view label;  // for people
  bool repeatable;         // otherwise there is one value at most
  std::vector<std::string> values;
};

// All conditions that a filter can have, also those without values. Of a redacted extract the values that may name
// somebody are "[removed]". Pure.
[[nodiscard]] std::vector<FilterCondition> describe_filter(const store::ConversationFilter& filter,
                                                           const std::optional<model::RedactionProfile>& redact);

// "Queue: Parcels; Text: refund; Redacted: customers"; empty when nothing narrows the extract. Pure.
[[nodiscard]] std::string filter_sentence(const store::ConversationFilter& filter,
                                          const std::optional<model::RedactionProfile>& redact);

}  // namespace wxcc::report
