// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace wxcc::base::log {

// "trace" ... "error", as parse_level() reads them.
std::string_view to_text(Level level);

// What a line is about, besides its words, for programs that read the journal: names like WXCC_TASK_ID, of which
// docs/operation.md has the list. No secrets, as in the words.
using Fields = std::vector<std::pair<std::string_view, std::string>>;

// Logs a line with fields. Outputs that know only text get the line alone.
void write(Level level, std::string_view line, const Fields& fields);

// Where lines go in place of standard error; a false answer sends that line to standard error after all. An empty
// function ends it. Kept by set_up().
using Journal = std::function<bool(Level level, std::string_view line, const Fields& fields)>;
void set_journal(Journal journal);

// For tests: the fields too, like Capture.
class FieldCapture {
 public:
  explicit FieldCapture(std::function<void(Level, std::string_view, const Fields&)> sink);
  ~FieldCapture();
  FieldCapture(const FieldCapture&) = delete;
  FieldCapture& operator=(const FieldCapture&) = delete;
};

}  // namespace wxcc::base::log
