// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/erasure_verification.h"
#include "store/reader.h"

namespace wxcc::cli {

int run_retention(const GlobalOptions& global, const RetentionArguments& arguments) {
  constexpr int kTasksAtOnce = 500;
  const ReadOnlySetup setup = configure_read_only(global);
  const std::optional<int> days =
      arguments.days ? arguments.days : (setup.config ? setup.config->daemon.retention_days : std::nullopt);
  if (!days) throw base::UsageError("no age given; set retention_days or give --days");
  const base::SystemClock clock;
  const base::Instant before = clock.now() - std::chrono::days(*days);
  if (arguments.dry_run) {
    const store::RemovedRows rows = store::Reader::open(setup.archive).rows_ended_before(before);
    fmt::print("would remove {} that ended before {} UTC; nothing changed\n", to_text(rows),
               base::Zone::utc().format(before));
    return kDone;
  }
  store::Archive archive = open_archive_exclusive(setup, clock);
  const std::int64_t all = store::Reader::open(setup.archive).rows_ended_before(before).conversations;
  store::RemovedRows removed;
  for (;;) {
    const store::RemovedRows batch = archive.removal().remove_ended_before(before, kTasksAtOnce);
    if (batch.conversations == 0) break;
    removed += batch;
    show_progress("conversations", removed.conversations, all);
  }
  if (removed.conversations > 0) archive.removal().finish_retention(before, removed, clock.now());
  const store::ErasureVerification proof = store::verify_erasure(archive, {}, show_progress);
  clear_progress();
  fmt::print("removed {} that ended before {} UTC\n", to_text(removed), base::Zone::utc().format(before));
  if (!proof.blocked_by_reader) return kDone;
  fmt::print(
      stderr,
      "wxcc-archive: rows removed, but an open read transaction on {} blocks the WAL checkpoint; the next run, or the "
      "service, removes the old bytes\n",
      setup.archive.string());
  return kTemporaryFailure;
}

}  // namespace wxcc::cli
