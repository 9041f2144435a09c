// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "store/removal.h"

namespace wxcc::cli {

// Foreign text on a terminal: no control characters, so that no message can drive it; lines after the first are
// indented.
std::string printable(std::string_view text, std::string_view indent);

// "12 conversations, 14 transcripts, 180 messages, 0.1 MiB"
std::string in_words(const store::RemovedRows& rows);
// As members of the object that is being written.
void write_rows(base::JsonWriter& out, const store::RemovedRows& rows);

// On standard error, when it is a terminal: "\r 42 % of 1000 transcripts".
void show_share(std::int64_t done, std::int64_t of, std::string_view what);
// The same; where nobody knows of how much (of is 0): "\r 1000 transcripts".
void show_progress(std::string_view what, std::int64_t done, std::int64_t of);
// Once the work is done, for what follows on the terminal.
void clear_progress();

}  // namespace wxcc::cli
