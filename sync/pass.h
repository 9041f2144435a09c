// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "sync/engine.h"

namespace wxcc::sync {

// One pass of the engine to completion, as the command `sync` makes it. The engine outlives it; nothing else uses the
// engine meanwhile.
class Pass {
 public:
  struct Result {
    model::ScanStats scanned;
    model::FetchStats fetched;
    std::optional<model::Failure> failure;  // why the pass ended early
  };
  using Done = std::function<void(const Result&)>;

  explicit Pass(Engine& engine) : engine_(engine) {}
  ~Pass() { engine_.fetcher().on_idle(nullptr); }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  // Poll, backfill, and a reconcile if it is due; or exactly the range. Then every transcript that is available. Once.
  void run(std::optional<base::TimeRange> range, Done done);

 private:
  // In this order, forwards only. A failure leads to Drain.
  enum class Stage {
    Scan,       // the poll, or the range
    Backfill,   // window by window, until nothing is uncovered
    Reconcile,  // left out unless it is due
    Drain,      // nothing is scanned any more; ends when the fetcher is idle
  };
  void on_scan_done(const model::Result<model::ScanStats>& stats);
  bool start_next_scan();
  void on_idle();

  Engine& engine_;
  const Engine::Done scan_done_ = [this](const model::Result<model::ScanStats>& stats) { on_scan_done(stats); };
  Done done_;
  Stage stage_ = Stage::Scan;
  bool is_range_ = false;
  Result result_;
};

}  // namespace wxcc::sync
