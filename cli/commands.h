// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/instant.h"
#include "cli/arguments.h"
#include "cli/period.h"
#include "report/extract.h"
#include "store/conversation_query.h"

namespace wxcc::cli {

// One function per command, with its arguments: words are checked and converted, dates not yet, since they need the
// configuration's zone. Each returns the exit code of the process and throws base::Error.

struct LoginArguments {
  bool no_browser = false;
  std::optional<base::Path> import;
  std::optional<base::Path> refresh_token_file;  // "-": standard input
  base::Millis timeout = std::chrono::minutes{10};
};
int run_login(const GlobalOptions& global, const LoginArguments& arguments);

int run_daemon(const GlobalOptions& global);

struct SyncArguments {
  PeriodOptions period;
  bool json = false;
};
int run_sync(const GlobalOptions& global, const SyncArguments& arguments);

struct ReportArguments {
  PeriodOptions period;
  std::string timezone;
  report::ExtractRequest request;          // an empty output: named after the period
  const report::Format* format = nullptr;  // nullptr: by the output's ending, else the default
};
int run_report(const GlobalOptions& global, const ReportArguments& arguments);

struct StatusArguments {
  bool json = false;
  bool check = false;  // for a monitor of the Nagios family
};
int run_status(const GlobalOptions& global, const StatusArguments& arguments);

struct ShowArguments {
  std::string task_id;
  bool json = false;
  bool raw = false;
};
int run_show(const GlobalOptions& global, const ShowArguments& arguments);

struct SearchArguments {
  std::vector<std::string> words;
  PeriodOptions period;
  store::ConversationFilter filter;
  int limit = 20;
  bool json = false;
};
int run_search(const GlobalOptions& global, const SearchArguments& arguments);

struct VerifyArguments {
  bool json = false;
};
int run_verify(const GlobalOptions& global, const VerifyArguments& arguments);

struct BackupArguments {
  base::Path target;
  bool force = false;
};
int run_backup(const GlobalOptions& global, const BackupArguments& arguments);

int run_reparse(const GlobalOptions& global);

struct EraseArguments {
  std::vector<std::string> tasks;
  std::string customer;
  bool dry_run = false;
  bool yes = false;
  bool json = false;
};
int run_erase(const GlobalOptions& global, const EraseArguments& arguments);

struct RetentionArguments {
  std::optional<int> days;
  bool dry_run = false;
};
int run_retention(const GlobalOptions& global, const RetentionArguments& arguments);

struct CheckArguments {
  bool keys = false;  // only print the keys of the configuration file, as docs/configuration.md has them
};
int run_check(const GlobalOptions& global, const CheckArguments& arguments);

// Parses the command line, runs the command and returns its exit code.
int main(int argc, const char* const* argv);

}  // namespace wxcc::cli
