// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/timers.h"

namespace wxcc::monitor {

// Writes the metrics for the node exporter's textfile collector, at once and then in each interval: never half a file,
// readable by everyone. A failure is logged when it begins and when it ends.
class MetricsFile {
 public:
  using Text = std::function<std::string()>;
  // The timers must outlive this.
  MetricsFile(base::Path path, base::Millis interval, base::Timers& timers, Text text);

  void write();

 private:
  base::Path path_;
  base::Millis interval_;
  Text text_;
  bool failing_ = false;
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace wxcc::monitor
