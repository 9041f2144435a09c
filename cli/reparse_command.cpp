// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/archive.h"

namespace wxcc::cli {

int run_reparse(const GlobalOptions& global) {
  constexpr int kTasksAtOnce = 200;
  const ReadOnlySetup setup = configure_read_only(global);
  const base::SystemClock clock;
  store::Archive archive = open_archive_exclusive(setup, clock);
  const store::Parser parser = transcript_parser();
  const std::int64_t all = archive.reader().counts().tasks();
  store::ReparseStats total;
  for (;;) {
    const store::ReparseStats batch = archive.reparse_next(parser, kTasksAtOnce, clock.now());
    if (batch.transcripts == 0) break;
    total += batch;
    show_progress("transcripts", std::min(total.transcripts, all), all);
  }
  archive.finish_reparse(total, clock.now());
  archive.checkpoint();
  fmt::print(
      "parsed {} again: {} changed, {} of them unparsed before; {} not parsable any more, their messages are "
      "retained\n",
      base::count_of(total.transcripts, "transcript"), total.changed, total.newly_parsable, total.now_unparsable);
  return kDone;
}

}  // namespace wxcc::cli
