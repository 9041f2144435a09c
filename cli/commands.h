// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/instant.h"
#include "cli/arguments.h"
#include "model/redaction.h"
#include "model/time_field.h"
#include "model/transcript_state.h"
#include "report/csv_options.h"
#include "report/formats.h"

namespace wxcc::cli {

// One function per command, with what its command line says: words are checked and converted, dates not yet, since they
// need the configuration's zone. Each returns the exit code of the process and throws base::Error.

enum class OutputFormat { Text, Json };
enum class Effect { Change, DryRun };

struct LoginArguments {
  bool no_browser = false;
  std::optional<base::Path> import;
  std::optional<base::Path> refresh_token_file;  // "-": standard input
  base::Millis timeout = std::chrono::minutes{10};
};
int run_login(const GlobalOptions& global, const LoginArguments& arguments);

int run_daemon(const GlobalOptions& global);

struct SyncArguments {
  std::string from;
  std::string to;
  OutputFormat format = OutputFormat::Text;
};
int run_sync(const GlobalOptions& global, const SyncArguments& arguments);

struct ReportArguments {
  std::string from;
  std::string to;
  std::string last;
  std::string month;
  model::TimeField by = model::TimeField::Ended;
  std::string output;
  const report::Format* format = nullptr;  // nullptr: by the output's ending, else the default
  std::string timezone;
  std::vector<std::string> queues;
  std::vector<std::string> agents;
  std::vector<std::string> channels;
  std::string text;
  bool force = false;
  std::string command_line;
  std::vector<std::string> teams;
  std::vector<std::string> customers;
  std::vector<model::TranscriptState> states;
  std::optional<model::RedactionProfile> redact;
  report::CsvOptions csv;
};
int run_report(const GlobalOptions& global, const ReportArguments& arguments);

struct StatusArguments {
  OutputFormat format = OutputFormat::Text;
  bool check = false;  // for a monitor of the Nagios family
};
int run_status(const GlobalOptions& global, const StatusArguments& arguments);

struct ShowArguments {
  std::string task_id;
  OutputFormat format = OutputFormat::Text;
  bool raw = false;
};
int run_show(const GlobalOptions& global, const ShowArguments& arguments);

struct SearchArguments {
  std::vector<std::string> words;
  std::string from;
  std::string to;
  std::string last;
  std::vector<std::string> queues;
  std::vector<std::string> agents;
  int limit = 20;
  OutputFormat format = OutputFormat::Text;
};
int run_search(const GlobalOptions& global, const SearchArguments& arguments);

int run_verify(const GlobalOptions& global, OutputFormat format);

struct BackupArguments {
  base::Path target;
  bool force = false;
};
int run_backup(const GlobalOptions& global, const BackupArguments& arguments);

int run_reparse(const GlobalOptions& global);

struct EraseArguments {
  std::vector<std::string> tasks;
  std::string customer;
  Effect effect = Effect::Change;
  bool yes = false;
  OutputFormat format = OutputFormat::Text;
};
int run_erase(const GlobalOptions& global, const EraseArguments& arguments);

struct RetentionArguments {
  std::optional<int> days;
  Effect effect = Effect::Change;
};
int run_retention(const GlobalOptions& global, const RetentionArguments& arguments);

int run_check(const GlobalOptions& global);
// The keys of the configuration file, as docs/configuration.md has them.
int print_keys();

// The whole program.
int main(int argc, const char* const* argv);

}  // namespace wxcc::cli
