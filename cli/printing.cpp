// SPDX-License-Identifier: Apache-2.0
#include "cli/printing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/text.h"

namespace wxcc::cli {

std::string escape_for_terminal(std::string_view text, std::string_view indent) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    // U+0080 to U+009F are control characters too.
    if (c == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) {
      ++at;
    } else if (c == '\n') {
      result += '\n';
      result += indent;
    } else if (c == '\t') {
      result += ' ';
    } else if (c >= 0x20 && c != 0x7F) {
      result += text[at];
    }
  }
  return result;
}

std::string quote_command_line(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = i == 0 ? base::Path(argv[0]).filename().string() : argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n\"'\\$*?&|;<>()") == std::string::npos;
    line += (i == 0 ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return line;
}

std::string to_text(const store::RemovedRows& rows) {
  return fmt::format("{}, {}, {}, {:.1f} MiB", base::count_of(rows.conversations, "conversation"),
                     base::count_of(rows.transcripts, "transcript"), base::count_of(rows.messages, "message"),
                     static_cast<double>(rows.raw_bytes) / (1 << 20));
}

void write_counts(base::JsonWriter& out, const model::StateCounts& states, std::int64_t messages) {
  out.member("tasks", states.total());
  write_json(out, states);
  out.member("messages", messages);
}

void write_failure(base::JsonWriter& out, const store::TaskFailure& failure) {
  out.member("phase", failure.phase).member("kind", failure.kind).member("message", failure.message);
  out.member("first", failure.first).member("last", failure.last).member("attempts", failure.attempts);
}

void show_progress(std::string_view what, std::int64_t done, std::int64_t of) {
  if (::isatty(STDERR_FILENO) == 0) return;
  if (of == 0)
    fmt::print(stderr, "\r\033[K{} {}", done, what);
  else
    fmt::print(stderr, "\r\033[K{:3} % of {} {}", done * 100 / of, of, what);
  if (of == 0 ? done == 0 : done >= of) clear_progress();
  std::fflush(stderr);
}

void clear_progress() {
  if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K");
}

}  // namespace wxcc::cli
