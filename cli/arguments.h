// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/expected.h"
#include "base/file.h"
#include "base/instant.h"
#include "base/log.h"

namespace wxcc::cli {

// What the command line says, not yet interpreted where that needs the configuration (dates need its zone).

struct GlobalOptions {
  std::optional<base::Path> config;
  std::optional<base::Path> archive;
  std::optional<base::log::Level> log_level;
};

enum class OutputStyle { People, Json };

struct LoginArguments {
  bool no_browser = false;
  std::optional<base::Path> import;
  std::optional<base::Path> refresh_token_file;  // "-": standard input
  base::Millis patience = std::chrono::minutes{10};
};

struct DaemonArguments {};

struct SyncArguments {
  std::string from;
  std::string to;
  OutputStyle style = OutputStyle::People;
};

struct ReportArguments {
  std::string from;
  std::string to;
  std::string last;
  std::string month;
  std::string by = "ended";
  std::string output;
  std::string format;  // empty: by the output's ending, else xlsx
  std::string timezone;
  std::vector<std::string> queues;
  std::vector<std::string> agents;
  std::vector<std::string> channels;
  std::string text;
  bool force = false;
  std::string command_line;
  std::vector<std::string> teams;
  std::vector<std::string> customers;
  std::vector<std::string> states;
  std::string redact;             // empty: not at all
  std::string rows = "messages";  // of CSV
  bool csv_plain = false;
};

struct StatusArguments {
  OutputStyle style = OutputStyle::People;
  bool check = false;  // for a monitor of the Nagios family
};

struct ShowArguments {
  std::string task_id;
  OutputStyle style = OutputStyle::People;
  bool raw = false;
};

struct CheckArguments {};

struct SearchArguments {
  std::vector<std::string> words;
  std::string from;
  std::string to;
  std::string last;
  std::vector<std::string> queues;
  std::vector<std::string> agents;
  int limit = 20;
  OutputStyle style = OutputStyle::People;
};

struct VerifyArguments {
  OutputStyle style = OutputStyle::People;
};

struct BackupArguments {
  base::Path target;
  bool force = false;
};

struct ReparseArguments {};

struct EraseArguments {
  std::vector<std::string> tasks;
  std::string customer;
  bool dry_run = false;
  bool yes = false;
  OutputStyle style = OutputStyle::People;
};

struct RetentionArguments {
  std::optional<int> days;
  bool dry_run = false;
};

using CommandArguments = std::variant<LoginArguments, DaemonArguments, SyncArguments, ReportArguments, StatusArguments,
                                      ShowArguments, CheckArguments, SearchArguments, VerifyArguments, BackupArguments,
                                      ReparseArguments, EraseArguments, RetentionArguments>;

struct Arguments {
  GlobalOptions global;
  CommandArguments command;
};

// The arguments, or the exit code after help, the version or a usage error was printed.
base::Expected<Arguments, int> parse_arguments(int argc, const char* const* argv);

}  // namespace wxcc::cli
