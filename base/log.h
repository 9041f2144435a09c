// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace wxcc::base::log {

enum class Level { Trace, Debug, Info, Warning, Error };

// "trace", "debug", "info", "warning" (or "warn"), "error" in any case, also the script's "critical" (as error).
std::optional<Level> parse_level(std::string_view text);

// Where log lines go besides standard error; set_up may be called again, on a reload. Standard error gets coloured
// lines with local times on a terminal, and lines with a syslog priority prefix under the journal (sd-daemon(3)).
struct Options {
  Level level = Level::Info;
  std::optional<std::filesystem::path> file;  // rotated at 10 MiB, five kept; created 0640
};
void set_up(const Options& options);
void set_level(Level level);

// For tests: every line that would be logged, instead of the outputs, until the returned object goes.
class Capture {
 public:
  explicit Capture(std::function<void(Level, std::string_view)> sink);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
};

bool enabled(Level level);
void write(Level level, std::string_view line);

template <typename... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::Trace)) write(Level::Trace, fmt::format(format, std::forward<Args>(args)...));
}
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
