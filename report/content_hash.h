// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/digest.h"
#include "report/output.h"

namespace wxcc::report {

// The SHA-256 of an extract's rows: the same for all formats, zones and limits of sheets, and different as soon as one
// value differs. Each value as JSON Lines spells it without quotes (empty for null), well-formed UTF-8, followed by
// U+001F; each row followed by U+001E. docs/extracts.md has the code to compute it again.
class ContentHash : public Output {
 public:
  void add(const ConversationRecord& record) override;
  void add_value(std::string_view text);
  void end_row();
  // In hexadecimal digits. Call once, after the last row.
  std::string digest();

 private:
  base::Sha256Stream digest_;
  std::string pending_;
};

}  // namespace wxcc::report
