// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>

#include "sync/discovery.h"
#include "sync/engine_deps.h"
#include "sync/fetcher.h"
#include "sync/silence.h"
#include "sync/windows.h"

namespace wxcc::sync {

// Brings the archive up to what the cloud has: which spans to read next, one after the other, and their transcripts
// meanwhile.
class Engine {
 public:
  explicit Engine(EngineDeps deps);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  using Done = std::function<void(model::Result<model::ScanStats>)>;
  // From the mark to now. Done at once, with an empty report, when that is no time.
  void poll(Done done);
  // The next window before the mark that was never read, newest first. False when there is nothing under way
  // afterwards: everything was read (then without a call back), or the archive could not say.
  bool backfill(const Done& done);
  // The last days once more, by both stamps, for what became visible late or changed; and what is missing is asked for
  // again: in these days each time, before them ever less often.
  void reconcile(const Done& done);
  // How long until that is due, by whoever did it last: the service or a pass.
  [[nodiscard]] model::Result<base::Millis> until_reconcile();
  // Exactly this range, by end time, as far as the cloud can be asked for it (readable_part). Windows that nobody has
  // read stay open before and after it, and the last part within the overlap stays open too. What is missing of the
  // range is asked for now, whenever it would have been due.
  void read(base::TimeRange range, Done done);

  [[nodiscard]] bool scanning() const { return scanning_; }
  [[nodiscard]] Fetcher& fetcher() { return fetcher_; }

  struct Pass {
    model::ScanStats scanned;
    model::FetchStats fetched;
    std::optional<model::Failure> failure;  // why the pass ended early
  };
  using PassDone = std::function<void(const Pass&)>;
  // One pass to completion: poll and backfill, and a reconcile if it is due, or exactly the range; then every
  // transcript that is there.
  void complete_pass(std::optional<base::TimeRange> range, PassDone done);

 private:
  void run(std::deque<Window> windows, webex::Priority priority, Done done);
  void run_next();
  void read_newest_of(base::TimeRange rest, base::Millis width, const model::ScanStats& before, const Done& done);
  [[nodiscard]] std::optional<base::TimeRange> next_unread() const;
  void ask_again_for_missing();
  [[nodiscard]] std::optional<base::Instant> reconciled_at() const;
  void pass_scanned(const model::Result<model::ScanStats>& report);
  bool pass_goes_on();
  void finish_pass();

  EngineDeps deps_;
  Discovery discovery_;
  Fetcher fetcher_;
  SilenceWatch silence_;
  struct Waiting {
    std::deque<Window> windows;
    Done done;
  };
  std::array<std::deque<Waiting>, 2> waiting_;  // by priority: live work goes before the rest
  bool scanning_ = false;                       // also while what came of a scan is being told
  Pass pass_;
  PassDone pass_done_;
  bool pass_backfills_ = false;
  bool pass_reconciles_ = false;
  base::Millis backfill_width_ = kWindow;
};

}  // namespace wxcc::sync
