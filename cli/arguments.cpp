// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "cli/arguments_options.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/version.h"

namespace wxcc::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 success; 1 failure; 2 usage error; 4 success with gaps; 75 temporary failure; 77 login required; "
    "78 configuration error.";
constexpr const char* kFromHelp = "First day, or timestamp (2026-10-01, 2026-10-01T08:00:00Z)";
constexpr const char* kToHelp = "Last day (inclusive), or timestamp; default now";
constexpr const char* kLastHelp = "Last calendar days including today (7d, 2w), or last hours (12h)";
constexpr const char* kForceHelp = "Overwrite an existing file";
constexpr const char* kJsonHelp = "Print JSON";
constexpr const char* kDryRunHelp = "Show what would be removed without changing anything";

void add_global(CLI::App& app, GlobalOptions& global) {
  add_path(app, "--config", global.config,
           "Configuration file; default ./config.json, ~/.config/wxcc-archive/config.json or "
           "/etc/wxcc-archive/config.json");
  add_path(app, "--archive", global.archive, "Archive file, instead of the configured one");
  const auto set_level = [&global](const std::string& word) {
    global.log_level = base::log::parse_level(word);
    if (!global.log_level)
      throw CLI::ValidationError("--log-level", "expected trace, debug, info, warning or error, found " + word);
  };
  app.add_option_function<std::string>("--log-level", set_level, "Minimum level of log messages")
      ->type_name(fmt::format("{}", fmt::join(words_of(base::log::kLevelNames), "|")));
}

void add_login_options(CLI::App& command, LoginArguments& login) {
  command.add_flag("--no-browser", login.no_browser, "Print the address instead of opening a browser");
  add_path(command, "--import", login.import, "Import the access_token.json of the original Python script");
  add_path(command, "--refresh-token-file", login.refresh_token_file,
           "Import the refresh token of a service app; - for standard input");
  const auto set_timeout = [&login](const std::string& text) {
    const auto timeout = base::parse_duration(text);
    if (!timeout || timeout->count() <= 0)
      throw CLI::ValidationError("--timeout", "expected a duration such as 90s or 15m");
    login.timeout = *timeout;
  };
  command.add_option_function<std::string>("--timeout", set_timeout, "Time limit for the login; default 10m")
      ->type_name("DURATION");
}

void add_sync_options(CLI::App& command, SyncArguments& sync) {
  add_text(command, "--from", sync.period.from, "DATE", kFromHelp);
  add_text(command, "--to", sync.period.to, "DATE", kToHelp);
  command.add_flag("--json", sync.json, kJsonHelp);
}

void add_filter(CLI::App& command, store::ConversationFilter& filter) {
  add_list(command, "--queue", filter.queues, "NAME", "Only this queue, by name or id");
  add_list(command, "--agent", filter.agents, "NAME", "Only this agent, by name or id");
}

void add_further_filters(CLI::App& command, store::ConversationFilter& filter) {
  add_list(command, "--team", filter.teams, "NAME", "Only this team, by name or id");
  add_list(command, "--channel", filter.channels, "CHANNEL", "Only this channel");
  add_list(command, "--customer", filter.customers, "NAME",
           "Only this customer, by full name, e-mail address or phone number");
  const auto add_states = [&filter](const std::vector<std::string>& words) {
    for (const std::string& word : words) filter.states.push_back(*model::kTranscriptStateNames.parse(word));
  };
  const auto states = command.add_option_function<std::vector<std::string>>(
      "--state", add_states, "Only transcripts in this state; repeatable");
  restrict_to(states->allow_extra_args(false), words_of(model::kTranscriptStateNames));
  add_text(command, "--text", filter.text, "QUERY", "Only conversations with a message that matches (full text)");
  add_word(command, "--by", model::kTimeFieldNames, filter.by, "Timestamp that is in the period; default ended");
}

void add_report_options(CLI::App& command, ReportArguments& report) {
  report::ExtractRequest& request = report.request;
  add_text(command, "--from", report.period.from, "DATE", kFromHelp);
  add_text(command, "--to", report.period.to, "DATE", kToHelp);
  add_text(command, "--last", report.period.last, "DURATION", kLastHelp);
  add_text(command, "--month", report.period.month, "MONTH", "Calendar month (2026-10)");
  add_text(command, "--timezone", report.timezone, "ZONE", "Time zone of days and times (Europe/Amsterdam)");
  add_filter(command, request.filter);
  add_further_filters(command, request.filter);
  add_path(command, "--output", request.output,
           "Output file; default wxcc-FROM_TO.xlsx; - for standard output (csv, jsonl)");
  command.add_flag_callback(
      "--force", [&] { request.overwrite = base::OverwritePolicy::Overwrite; }, kForceHelp);
  std::vector<std::string> formats;
  for (const report::Format& format : report::kFormats) formats.emplace_back(format.name);
  const auto set_format = [&report](const std::string& name) { report.format = report::find_format(name); };
  restrict_to(command.add_option_function<std::string>(
                  "--format", set_format, "Output format; default by the output file's ending, else " + formats[0]),
              formats);
  add_word(command, "--rows", report::kCsvRowsNames, request.csv.rows, "Row type of the CSV; default messages");
  command.add_flag_callback(
      "--csv-plain", [&request] { request.csv.style = report::CsvOptions::Style::Plain; },
      "Omit the byte order mark and the apostrophe that disarms formulas in CSV");
  add_word(command, "--redact", model::kRedactionProfileNames, request.redact,
           "Replace the names of these people by pseudonyms and mask contact data");
}

void add_status_options(CLI::App& command, StatusArguments& status) {
  command.add_flag("--json", status.json, kJsonHelp);
  command.add_flag("--check", status.check,
                   "Print one line for Nagios; exit codes: 0 ok, 1 warning, 2 critical, 3 unknown");
}

void add_show_options(CLI::App& command, ShowArguments& show) {
  command.add_option("TASK-ID", show.task_id, "Id of the task")->required()->type_name("");
  CLI::Option* const json = command.add_flag("--json", show.json, kJsonHelp);
  command.add_flag("--raw", show.raw, "Print the transcript as it was downloaded")->excludes(json);
}

void add_search_options(CLI::App& command, SearchArguments& search) {
  command
      .add_option("QUERY", search.words,
                  "Words, prefix*, or in one argument \"a phrase\", this OR that, this NOT that, NEAR(one two)")
      ->required()
      ->type_name("");
  add_text(command, "--from", search.period.from, "DATE", std::string(kFromHelp) + "; of the conversation's end");
  add_text(command, "--to", search.period.to, "DATE", kToHelp);
  add_text(command, "--last", search.period.last, "DURATION", kLastHelp);
  add_filter(command, search.filter);
  add_number(command, "--limit", search.limit, 100'000, "Maximum number of results; default 20");
  command.add_flag("--json", search.json, kJsonHelp);
}

void add_verify_options(CLI::App& command, VerifyArguments& verify) {
  command.add_flag("--json", verify.json, kJsonHelp);
}

void add_backup_options(CLI::App& command, BackupArguments& backup) {
  add_path(command, "FILE", backup.target, "File of the copy")->required()->type_name("");
  command.add_flag("--force", backup.force, kForceHelp);
}

void add_erase_options(CLI::App& command, EraseArguments& erase) {
  add_list(command, "--task", erase.tasks, "ID", "Erase this task; give either --task or --customer");
  add_text(command, "--customer", erase.customer, "NAME",
           "Erase every conversation of this customer, by full name, e-mail address or phone number");
  command.add_flag("--dry-run", erase.dry_run, kDryRunHelp);
  command.add_flag("--yes", erase.yes, "Skip the confirmation required above 100 conversations");
  command.add_flag("--json", erase.json, kJsonHelp);
}

void add_retention_options(CLI::App& command, RetentionArguments& retention) {
  add_number(command, "--days", retention.days, 36'500, "Age in days, instead of the configured retention_days");
  command.add_flag("--dry-run", retention.dry_run, kDryRunHelp);
}

void add_check_options(CLI::App& command, CheckArguments& check) {
  command.add_flag("--keys", check.keys, "Print the keys of the configuration file with their defaults instead");
}

// The commands, and the one that the command line names.
class CommandLine {
 public:
  explicit CommandLine(std::string text);

  base::Expected<Run, int> parse(int argc, const char* const* argv);

 private:
  // CLI11's text in the form of the other errors.
  [[nodiscard]] std::string describe(const CLI::ParseError& error) const;

  template <typename Arguments>
  void add(const char* name, const char* help, int (*run)(const GlobalOptions&, const Arguments&),
           void (*add_options)(CLI::App&, Arguments&)) {
    CLI::App* const command = app_.add_subcommand(name, help);
    const auto arguments = std::make_shared<Arguments>();
    add_options(*command, *arguments);
    command->callback([=, this] { run_ = [=, global = global_] { return run(*global, *arguments); }; });
  }
  void add(const char* name, const char* help, int (*run)(const GlobalOptions&)) {
    app_.add_subcommand(name, help)->callback([=, this] { run_ = [=, global = global_] { return run(*global); }; });
  }

  CLI::App app_{"Archives the chat transcripts of Webex Contact Center in a local SQLite database.", "wxcc-archive"};
  std::shared_ptr<GlobalOptions> global_ = std::make_shared<GlobalOptions>();
  Run run_;
};

CommandLine::CommandLine(std::string text) {
  app_.set_version_flag("--version", std::string(kProgram));
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(kFooter);
  global_->command_line = std::move(text);
  add_global(app_, *global_);
  // In the order of --help.
  add("login", "Log in, or import a token, for the service", run_login, add_login_options);
  add("daemon", "Run the service in the foreground", run_daemon);
  add("sync", "Synchronise once: poll and backfill, or scan the given range", run_sync, add_sync_options);
  add("report", "Write an extract of the archive as Excel, CSV or JSON Lines", run_report, add_report_options);
  add("status", "Print the state of the archive and of the service", run_status, add_status_options);
  add("show", "Print one conversation", run_show, add_show_options);
  add("search", "Search messages (full text) and print the best matches first", run_search, add_search_options);
  add("verify", "Verify integrity and completeness; exit code 1: corrupt, 4: incomplete", run_verify,
      add_verify_options);
  add("backup", "Write a verified copy of the archive, while the service runs", run_backup, add_backup_options);
  add("reparse", "Parse the stored transcripts again", run_reparse);
  add("erase", "Erase conversations permanently and verify the erasure", run_erase, add_erase_options);
  add("retention", "Remove conversations older than retention_days", run_retention, add_retention_options);
  add("check", "Check configuration, files, network, login and Webex API", run_check, add_check_options);
}

base::Expected<Run, int> CommandLine::parse(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
    return run_;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return base::make_unexpected(app_.exit(error));  // --help, --version
    fmt::print(stderr, "wxcc-archive: {}\n", describe(error));
    return base::make_unexpected(kUsage);
  }
}

std::string CommandLine::describe(const CLI::ParseError& error) const {
  const std::vector<CLI::App*> commands = app_.get_subcommands();
  const std::vector<std::string> unknown = app_.remaining();
  std::string text = error.what();
  if (commands.empty() && !unknown.empty())
    text = fmt::format("unknown {} {}", unknown.front().starts_with('-') ? "option" : "command", unknown.front());
  else if (text.size() > 1 && std::isupper(static_cast<unsigned char>(text[1])) == 0)
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return fmt::format("{}; see wxcc-archive {}--help", text, commands.empty() ? "" : commands.front()->get_name() + " ");
}

}  // namespace

base::Expected<Run, int> parse_arguments(int argc, const char* const* argv) {
  return CommandLine(quote_command_line(argc, argv)).parse(argc, argv);
}

}  // namespace wxcc::cli
