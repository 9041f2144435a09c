// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"

namespace wxcc::base::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Trace:
      return spdlog::level::trace;
    case Level::Debug:
      return spdlog::level::debug;
    case Level::Info:
      return spdlog::level::info;
    case Level::Warning:
      return spdlog::level::warn;
    case Level::Error:
      return spdlog::level::err;
  }
  return spdlog::level::off;
}

spdlog::sink_ptr standard_error() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e%z %^%l%$ %v");
  return sink;
}

spdlog::sink_ptr rotating_file(const std::filesystem::path& path) {
  constexpr std::size_t kMaxFileBytes = 10U << 20U;
  constexpr std::size_t kMaxRotatedFiles = 5;
  const mode_t before = ::umask(0027);
  auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(path.string(), kMaxFileBytes, kMaxRotatedFiles);
  ::umask(before);
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e%z %l %v");
  return sink;
}

spdlog::logger logger_to(spdlog::sink_ptr sink, Level level) {
  spdlog::logger logger("wxcc", std::move(sink));
  logger.set_level(to_spdlog(level));
  logger.flush_on(spdlog::level::trace);
  return logger;
}

struct Outputs {
  explicit Outputs(const Options& options) : terminal(logger_to(standard_error(), options.level)) {
    if (options.file) file = logger_to(rotating_file(*options.file), options.level);
  }
  spdlog::logger terminal;
  std::optional<spdlog::logger> file;
};

Outputs& current() {
  static Outputs outputs{Options{}};
  return outputs;
}

JournalSink& journal_sink() {
  static JournalSink sink;
  return sink;
}

std::function<void(Level, std::string_view)>& capture_sink() {
  static std::function<void(Level, std::string_view)> sink;
  return sink;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  const std::string name = to_lower(text);
  if (name == "warn") return Level::Warning;
  if (name == "critical") return Level::Error;
  return kLevelNames.parse(name);
}

void configure(const Options& options) {
  current() = Outputs(options);
}

void set_level(Level level) {
  current().terminal.set_level(to_spdlog(level));
  if (current().file) current().file->set_level(to_spdlog(level));
}

void set_journal_sink(JournalSink sink) {
  journal_sink() = std::move(sink);
}

Capture::Capture(std::function<void(Level, std::string_view)> sink) {
  capture_sink() = std::move(sink);
}
Capture::~Capture() {
  capture_sink() = nullptr;
}

bool enabled(Level level) {
  return capture_sink() || current().terminal.should_log(to_spdlog(level));
}

void write(Level level, std::string_view line, const Fields& fields) {
  if (capture_sink()) return capture_sink()(level, line);
  if (!enabled(level)) return;
  Outputs& outputs = current();
  if (outputs.file) outputs.file->log(to_spdlog(level), "{}", line);
  if (!journal_sink() || !journal_sink()(level, line, fields)) outputs.terminal.log(to_spdlog(level), "{}", line);
}

}  // namespace wxcc::base::log
