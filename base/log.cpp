// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "base/log_fields.h"
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

// sd-daemon(3): a line that begins with "<N>" gets that syslog priority in the journal.
class PriorityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    std::string_view prefix = "<6>";
    if (message.level <= spdlog::level::debug) prefix = "<7>";
    if (message.level == spdlog::level::warn) prefix = "<4>";
    if (message.level >= spdlog::level::err) prefix = "<3>";
    out.append(prefix.data(), prefix.data() + prefix.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PriorityFlag>();
  }
};

spdlog::sink_ptr standard_error() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  if (std::getenv("JOURNAL_STREAM") != nullptr && ::isatty(STDERR_FILENO) == 0) {
    formatter->add_flag<PriorityFlag>('*').set_pattern("%*%v");
  } else {
    formatter->set_pattern("%Y-%m-%d %H:%M:%S.%e%z %^%l%$ %v");
  }
  sink->set_formatter(std::move(formatter));
  return sink;
}

spdlog::sink_ptr rotating_file(const std::filesystem::path& path) {
  constexpr std::size_t kBytes = 10U << 20U;
  constexpr std::size_t kKept = 5;
  const mode_t before = ::umask(0027);
  auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(path.string(), kBytes, kKept);
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

Journal& journal() {
  static Journal instead_of_terminal;
  return instead_of_terminal;
}

std::function<void(Level, std::string_view, const Fields&)>& captured() {
  static std::function<void(Level, std::string_view, const Fields&)> sink;
  return sink;
}

}  // namespace

std::optional<Level> parse_level(std::string_view text) {
  const std::string name = to_lower(text);
  if (name == "trace") return Level::Trace;
  if (name == "debug") return Level::Debug;
  if (name == "info") return Level::Info;
  if (name == "warning" || name == "warn") return Level::Warning;
  if (name == "error" || name == "critical") return Level::Error;
  return std::nullopt;
}

std::string_view to_text(Level level) {
  switch (level) {
    case Level::Trace:
      return "trace";
    case Level::Debug:
      return "debug";
    case Level::Info:
      return "info";
    case Level::Warning:
      return "warning";
    case Level::Error:
      return "error";
  }
  return "";
}

void set_up(const Options& options) {
  current() = Outputs(options);
}

void set_level(Level level) {
  current().terminal.set_level(to_spdlog(level));
  if (current().file) current().file->set_level(to_spdlog(level));
}

void set_journal(Journal instead_of_terminal) {
  journal() = std::move(instead_of_terminal);
}

Capture::Capture(std::function<void(Level, std::string_view)> sink) {
  captured() = [sink = std::move(sink)](Level level, std::string_view line, const Fields&) { sink(level, line); };
}
Capture::~Capture() {
  captured() = nullptr;
}

FieldCapture::FieldCapture(std::function<void(Level, std::string_view, const Fields&)> sink) {
  captured() = std::move(sink);
}
FieldCapture::~FieldCapture() {
  captured() = nullptr;
}

bool enabled(Level level) {
  return captured() || current().terminal.should_log(to_spdlog(level));
}

void write(Level level, std::string_view line) {
  write(level, line, {});
}

void write(Level level, std::string_view line, const Fields& fields) {
  if (captured()) return captured()(level, line, fields);
  if (!enabled(level)) return;
  Outputs& outputs = current();
  if (outputs.file) outputs.file->log(to_spdlog(level), "{}", line);
  if (!journal() || !journal()(level, line, fields)) outputs.terminal.log(to_spdlog(level), "{}", line);
}

}  // namespace wxcc::base::log
