// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"

namespace wxcc::base::log {

enum class Level { Trace, Debug, Info, Warning, Error };
inline constexpr auto kLevelNames = base::enum_names<Level>({{Level::Trace, "trace"},
                                                             {Level::Debug, "debug"},
                                                             {Level::Info, "info"},
                                                             {Level::Warning, "warning"},
                                                             {Level::Error, "error"}});
// The words of kLevelNames in any case, also "warn", and Python's "critical" as error.
std::optional<Level> parse_level(std::string_view text);

// The structured fields of a line, for programs that read the journal: names like WXCC_TASK_ID, listed in
// docs/operation.md. No secrets, as in the text.
using Fields = std::vector<std::pair<std::string_view, std::string>>;

// Where log lines go besides standard error, which gets lines with local times, coloured on a terminal.
struct Options {
  Level level = Level::Info;
  std::optional<std::filesystem::path> file;  // rotated at 10 MiB, five retained; created 0640
};
// May be called again, on a reload.
void configure(const Options& options);
void set_level(Level level);

// Receives each line in place of standard error. Returns false to write that line to standard error instead.
using JournalSink = std::function<bool(Level level, std::string_view line, const Fields& fields)>;
// configure() does not change it; an empty function removes it.
void set_journal_sink(JournalSink sink);

// For tests: every line that would be logged, instead of the outputs, until the object is destroyed.
class Capture {
 public:
  explicit Capture(std::function<void(Level, std::string_view)> sink);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
};

bool enabled(Level level);
// Outputs that take only text get the line without its fields.
void write(Level level, std::string_view line, const Fields& fields = {});

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Debug)) write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Info)) write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Warning)) write(Level::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Error)) write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace wxcc::base::log
