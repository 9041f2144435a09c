// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/transcript_state.h"
#include "store/fetch_queue.h"
#include "store/removal.h"

namespace wxcc::cli {

// Foreign text on a terminal: no control characters, so that no message can control it; lines after the first are
// indented.
std::string escape_for_terminal(std::string_view text, std::string_view indent);

// As a shell would read it.
std::string quote_command_line(int argc, const char* const* argv);

// "12 conversations, 14 transcripts, 180 messages, 0.1 MiB"
std::string to_text(const store::RemovedRows& rows);

// "tasks", each state and "messages", as members of the object that is being written.
void write_counts(base::JsonWriter& out, const model::StateCounts& states, std::int64_t messages);

// The failure's members, without the task's id, of the object that is being written.
void write_failure(base::JsonWriter& out, const store::TaskFailure& failure);

// On standard error, when it is a terminal: "\r 42 % of 1000 transcripts"; with `of` 0, which means unknown,
// "\r 1000 transcripts".
void show_progress(std::string_view what, std::int64_t done, std::int64_t of);
// Clears the line of show_progress().
void clear_progress();

}  // namespace wxcc::cli
