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
#include "store/store_error.h"
#include "systemd/journal.h"

namespace wxcc::cli {
namespace {

// What to do about an error of the archive, as far as it concerns the commands of this program.
std::string_view advice_for(store::StoreError::Kind kind) {
  using Kind = store::StoreError::Kind;
  if (kind == Kind::Missing) return "; `wxcc-archive daemon` or `wxcc-archive sync` makes one";
  if (kind == Kind::Exists) return "; --force replaces it";
  if (kind == Kind::Corrupt) return " (`wxcc-archive verify` tells)";
  return "";
}

int exit_code_for(store::StoreError::Kind kind) {
  using Kind = store::StoreError::Kind;
  if (kind == Kind::BadQuery) return kUsage;
  if (kind == Kind::Missing) return kConfiguration;
  return kind == Kind::Full || kind == Kind::Busy ? kTemporaryFailure : kFailed;
}

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
  } catch (const base::LoginRequired& error) {
    return complain(error, kLoginRequired);
  } catch (const base::TemporaryFailure& error) {
    return complain(error, kTemporaryFailure);
  } catch (const store::StoreError& error) {
    return complain(base::Error(error.what() + std::string(advice_for(error.kind()))), exit_code_for(error.kind()));
  } catch (const std::exception& error) {
    return complain(error, kFailed);
  }
}

}  // namespace wxcc::cli
