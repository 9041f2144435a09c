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

// The remedy for an error of the archive.
std::string_view hint_for(store::StoreError::Kind kind) {
  using Kind = store::StoreError::Kind;
  if (kind == Kind::Missing) return "; create one with `wxcc-archive sync` or `wxcc-archive daemon`";
  if (kind == Kind::Exists) return "; overwrite it with --force";
  if (kind == Kind::Corrupt) return "; run `wxcc-archive verify`";
  return "";
}

int exit_code_for(store::StoreError::Kind kind) {
  using Kind = store::StoreError::Kind;
  if (kind == Kind::BadQuery) return kUsage;
  if (kind == Kind::Missing) return kConfiguration;
  return kind == Kind::Full || kind == Kind::Busy ? kTemporaryFailure : kFailed;
}

int report_error(const std::exception& error, int code) {
  std::fprintf(stderr, "wxcc-archive: %s\n", error.what());
  return code;
}

}  // namespace

int main(int argc, const char* const* argv) {
  // Memory holds tokens and transcripts: no core dump, no debugger of the same user.
  ::prctl(PR_SET_DUMPABLE, 0);
  // A closed pipe (head) is an error of write(), not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on file sizes is an error of write(), as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  if (systemd::stderr_is_journal()) base::log::set_journal_sink(systemd::write_to_journal);
  try {
    const auto run = parse_arguments(argc, argv);
    return run ? (*run)() : run.error();
  } catch (const base::UsageError& error) {
    return report_error(error, kUsage);
  } catch (const base::ConfigurationError& error) {
    return report_error(error, kConfiguration);
  } catch (const base::LoginRequired& error) {
    return report_error(error, kLoginRequired);
  } catch (const base::TemporaryFailure& error) {
    return report_error(error, kTemporaryFailure);
  } catch (const store::StoreError& error) {
    return report_error(base::Error(error.what() + std::string(hint_for(error.kind()))), exit_code_for(error.kind()));
  } catch (const std::exception& error) {
    return report_error(error, kFailed);
  }
}

}  // namespace wxcc::cli
