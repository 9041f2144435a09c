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

std::shared_ptr<spdlog::logger> make_logger(const Options& options) {
  auto logger = std::make_shared<spdlog::logger>("wxcc", standard_error());
  if (options.file) logger->sinks().push_back(rotating_file(*options.file));
  logger->set_level(to_spdlog(options.level));
  logger->flush_on(spdlog::level::info);
  return logger;
}

std::shared_ptr<spdlog::logger>& current() {
  static std::shared_ptr<spdlog::logger> logger = make_logger({});
  return logger;
}

std::function<void(Level, std::string_view)>& captured() {
  static std::function<void(Level, std::string_view)> sink;
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

void set_up(const Options& options) {
  current() = make_logger(options);
}

void set_level(Level level) {
  current()->set_level(to_spdlog(level));
}

Capture::Capture(std::function<void(Level, std::string_view)> sink) {
  captured() = std::move(sink);
}
Capture::~Capture() {
  captured() = nullptr;
}

bool enabled(Level level) {
  return captured() || current()->should_log(to_spdlog(level));
}

void write(Level level, std::string_view line) {
  if (captured())
    captured()(level, line);
  else
    current()->log(to_spdlog(level), "{}", line);
}

}  // namespace wxcc::base::log
