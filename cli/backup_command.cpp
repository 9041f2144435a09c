// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"

namespace wxcc::cli {

int run_backup(const GlobalOptions& global, const BackupArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  store::BackupOptions options;
  if (arguments.force) options.overwrite = base::OverwritePolicy::Overwrite;
  options.progress = [](int done, int of) { show_progress("pages", done, of); };
  const auto result = store::back_up(setup.archive, arguments.target, options, base::SystemClock().now());
  fmt::print("{}: {}, {}, {:.1f} MiB, verified\n", arguments.target.string(),
             base::count_of(result.conversations, "conversation"), base::count_of(result.messages, "message"),
             static_cast<double>(result.bytes) / (1 << 20));
  return kDone;
}

}  // namespace wxcc::cli
