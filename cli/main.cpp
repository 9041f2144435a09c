// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "store/types.h"
#include "systemd/journal.h"

namespace wxcc::cli {
namespace {

int complain(const std::exception& error, int code) {
  std::fprintf(stderr, "wxcc-archive: %s\n", error.what());
  return code;
}

}  // namespace

int main(int argc, const char* const* argv) {
  // Tokens and transcripts are in this memory: no core dump, no debugger of the same user.
  ::prctl(PR_SET_DUMPABLE, 0);
  // A reader that goes away (head) is a write error, not a death.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on the size of files is a full disk like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  if (systemd::stderr_is_journal()) base::log::set_journal_sink(systemd::write_to_journal);
  try {
    const auto run = parse_arguments(argc, argv);
    return run ? (*run)() : run.error();
  } catch (const base::UsageError& error) {
    return complain(error, kUsage);
  } catch (const base::ConfigurationError& error) {
    return complain(error, kConfiguration);
  } catch (const base::LoginNeeded& error) {
    return complain(error, kLoginNeeded);
  } catch (const base::TryAgainLater& error) {
    return complain(error, kTryAgainLater);
  } catch (const store::StoreError& error) {
    using Kind = store::StoreError::Kind;
    return complain(error, error.kind() == Kind::Full || error.kind() == Kind::Busy ? kTryAgainLater : kFailed);
  } catch (const std::exception& error) {
    return complain(error, kFailed);
  }
}

}  // namespace wxcc::cli
