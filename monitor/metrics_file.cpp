// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics_file.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace wxcc::monitor {

MetricsFile::MetricsFile(base::Path path, base::Millis interval, base::Timers& timers, Text text)
    : path_(std::move(path)),
      interval_(interval),
      text_(std::move(text)),
      timer_(timers.add_timer([this] { write(); })) {
  // Left by a process that was killed while it wrote; the collector ignores them, and nothing else removes them.
  std::error_code ignored;
  for (const base::Path& stale : base::find_stale_temp_files(path_)) std::filesystem::remove(stale, ignored);
  write();
}

void MetricsFile::write() {
  timer_->start(interval_);
  try {
    base::write_file_durably(path_, text_(), 0644);
    if (std::exchange(failing_, false)) base::log::info("metrics_file: recovered");
  } catch (const base::Error& error) {
    if (!std::exchange(failing_, true)) base::log::warning("metrics_file: {}", error.what());
  }
}

}  // namespace wxcc::monitor
