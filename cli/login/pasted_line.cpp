// SPDX-License-Identifier: Apache-2.0
#include "cli/login/pasted_line.h"

#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace wxcc::cli {

std::string_view strip_pasted(std::string_view line) {
  std::string_view text = base::trim(line);
  while (!text.empty() && std::string_view("'\"<").find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && std::string_view("'\">").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

PastedLine::PastedLine(systemd::EventLoop& loop, std::function<void(const std::string&)> on_line,
                       std::function<void()> on_end)
    : on_line_(std::move(on_line)), on_end_(std::move(on_end)) {
  struct stat info {};
  const bool open = ::fstat(STDIN_FILENO, &info) == 0;
  if (open && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode) || ::isatty(STDIN_FILENO) != 0)) {
    source_ = loop.watch_descriptor(STDIN_FILENO, EPOLLIN, [this](std::uint32_t) { read_some(); });
    return;
  }
  const bool file = open && S_ISREG(info.st_mode);
  start_ = loop.add_timer([this, file] {
    if (file) return read_some();
    const auto on_end_now = on_end_;
    on_end_now();
  });
  start_->start(base::Millis{0});
}

PastedLine::~PastedLine() {
  base::wipe(unread_);
}

void PastedLine::read_some() {
  char buffer[4096];
  const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
  if (got > 0) unread_.append(buffer, static_cast<std::size_t>(got));
  const bool ended = got <= 0;
  if (!ended && start_) start_->start(base::Millis{0});
  const auto line_end = unread_.find('\n');
  // Text from a pipe may lack its line end.
  if (line_end == std::string::npos && !ended) return;
  std::string line(strip_pasted(std::string_view(unread_).substr(0, line_end)));
  unread_.erase(0, line_end == std::string::npos ? line_end : line_end + 1);
  // Copies, because this object may be gone after the first call.
  const auto on_line = on_line_;
  const auto on_end = ended ? on_end_ : nullptr;
  if (ended) source_.reset();
  if (!line.empty()) on_line(line);
  base::wipe(line);
  if (on_end) on_end();
}

}  // namespace wxcc::cli
