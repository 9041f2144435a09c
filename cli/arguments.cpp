// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/duration.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/version.h"

namespace wxcc::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done; 1 failed; 2 usage; 4 done with gaps; 75 try again later; 77 login needed; 78 configuration.";

// A command, and what runs it once the line is parsed.
struct Command {
  const CLI::App* app;
  Run run;
};

using Global = std::shared_ptr<GlobalOptions>;

template <typename Names>
std::vector<std::string> words_of(const Names& names) {
  std::vector<std::string> words;
  for (const auto& row : names) words.emplace_back(row.text);
  return words;
}

// An option that takes one of the words of an enumeration; the member is set to their values.
template <typename Names, typename T>
CLI::Option* add_word(CLI::App& command, const std::string& name, const Names& names, T& member,
                      const std::string& help) {
  return command
      .add_option_function<std::string>(
          name, [&names, &member](const std::string& word) { member = *names.parse(word); }, help)
      ->check(CLI::IsMember(words_of(names)));
}

template <typename Names, typename T>
CLI::Option* add_words(CLI::App& command, const std::string& name, const Names& names, std::vector<T>& member,
                       const std::string& help) {
  return command
      .add_option_function<std::vector<std::string>>(
          name,
          [&names, &member](const std::vector<std::string>& words) {
            for (const std::string& word : words) member.push_back(*names.parse(word));
          },
          help)
      ->check(CLI::IsMember(words_of(names)))
      ->allow_extra_args(false);
}

// An option that may be repeated, with one value each.
void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& list, const char* type,
              const std::string& help) {
  command.add_option(name, list, help)->type_name(type)->allow_extra_args(false);
}

template <typename Path>
CLI::Option* add_path(CLI::App& command, const std::string& name, Path& path, const std::string& help) {
  return command
      .add_option_function<std::string>(
          name, [&path](const std::string& file) { path = file; }, help)
      ->type_name("FILE");
}

void add_json(CLI::App& command, OutputFormat& format) {
  command.add_flag_callback(
      "--json", [&format] { format = OutputFormat::Json; }, "For programs: JSON on standard output");
}

void add_dry_run(CLI::App& command, Effect& effect) {
  command.add_flag_callback(
      "--dry-run", [&effect] { effect = Effect::DryRun; }, "Show what would be removed without changing anything");
}

void add_global(CLI::App& app, GlobalOptions& global) {
  add_path(app, "--config", global.config,
           "Configuration file; default ./config.json, the user's directory, /etc/wxcc-archive/config.json");
  add_path(app, "--archive", global.archive, "Archive, instead of the configured one");
  app.add_option_function<std::string>(
         "--log-level",
         [&global](const std::string& word) {
           global.log_level = base::log::parse_level(word);
           if (!global.log_level)
             throw CLI::ValidationError("--log-level", "expected trace, debug, info, warning or error, found " + word);
         },
         "trace, debug, info, warning or error")
      ->type_name("LEVEL");
}

Command add_login(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("login", "Log in, or import a token, and store it for the service");
  auto login = std::make_shared<LoginArguments>();
  command->add_flag("--no-browser", login->no_browser, "Print the address to open, and take the pasted redirect");
  add_path(*command, "--import", login->import, "Import an access_token.json of the original Python script");
  add_path(*command, "--refresh-token-file", login->refresh_token_file,
           "Import a refresh token, as a service app has one; - reads standard input");
  command
      ->add_option_function<std::string>(
          "--timeout",
          [login = login.get()](const std::string& text) {
            const auto timeout = base::parse_duration(text);
            if (!timeout || timeout->count() <= 0)
              throw CLI::ValidationError("--timeout", "expected a duration such as 90s or 15m");
            login->timeout = *timeout;
          },
          "How long to wait for the person; default 10m")
      ->type_name("DURATION");
  return {command, [=] { return run_login(*global, *login); }};
}

Command add_daemon(CLI::App& app, const Global& global) {
  return {app.add_subcommand("daemon", "The service, in the foreground"), [=] { return run_daemon(*global); }};
}

Command add_sync(CLI::App& app, const Global& global) {
  CLI::App* command =
      app.add_subcommand("sync", "One pass: catch up with the Webex API and backfill, or exactly the given range");
  auto sync = std::make_shared<SyncArguments>();
  command->add_option("--from", sync->from, "First day or instant (2026-10-01, 2026-10-01T08:00:00Z)")
      ->type_name("DATE");
  command->add_option("--to", sync->to, "Last day (included) or instant; default now")->type_name("DATE");
  add_json(*command, sync->format);
  return {command, [=] { return run_sync(*global, *sync); }};
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const report::Format& format : report::kFormats) names.emplace_back(format.name);
  return names;
}

Command add_report(CLI::App& app, const Global& global, const std::string& command_line) {
  CLI::App* command = app.add_subcommand("report", "An extract of the archive: Excel, CSV or JSON Lines");
  auto report = std::make_shared<ReportArguments>();
  report->command_line = command_line;
  command->add_option("--from", report->from, "First day or instant")->type_name("DATE");
  command->add_option("--to", report->to, "Last day (included) or instant")->type_name("DATE");
  command->add_option("--last", report->last, "The last days up to today (7d, 2w) or hours up to now (12h)")
      ->type_name("DURATION");
  command->add_option("--month", report->month, "A calendar month (2026-10)")->type_name("MONTH");
  add_word(*command, "--by", model::kTimeFieldNames, report->by, "Timestamp that counts: ended or created");
  command->add_option("--output", report->output, "Output file; - for standard output, except workbooks")
      ->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--format", [report = report.get()](const std::string& word) { report->format = report::find_format(word); },
          "Format; default by the output's ending, else " + format_names().front())
      ->check(CLI::IsMember(format_names()));
  command->add_option("--timezone", report->timezone, "Zone of days and times (Europe/Amsterdam)")->type_name("ZONE");
  add_list(*command, "--queue", report->queues, "NAME", "Only this queue, by name or id; repeatable");
  add_list(*command, "--agent", report->agents, "NAME", "Only this agent, by name or id; repeatable");
  add_list(*command, "--channel", report->channels, "CHANNEL", "Only this channel; repeatable");
  command->add_option("--text", report->text, "Only conversations with a message that matches (full text)")
      ->type_name("QUERY");
  command->add_flag("--force", report->force, "Replace an existing file");
  add_list(*command, "--team", report->teams, "NAME", "Only this team, by name or id; repeatable");
  add_list(*command, "--customer", report->customers, "TEXT",
           "Only this customer: whole name, e-mail or phone; repeatable");
  add_words(*command, "--state", model::kTranscriptStateNames, report->states,
            "Only transcripts in this state; repeatable");
  add_word(*command, "--redact", model::kRedactionProfileNames, report->redact,
           "Pseudonyms and masks for: customers, agents or everyone");
  add_word(*command, "--rows", report::kCsvRowsNames, report->csv.rows,
           "Row type of the CSV: messages or conversations");
  command->add_flag_callback(
      "--csv-plain", [report = report.get()] { report->csv.style = report::CsvOptions::Style::Plain; },
      "CSV for programs: no byte order mark, no apostrophe before what looks like a formula");
  return {command, [=] { return run_report(*global, *report); }};
}

Command add_status(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("status", "How the archive and the service are doing");
  auto status = std::make_shared<StatusArguments>();
  add_json(*command, status->format);
  command->add_flag(
      "--check", status->check,
      "For Nagios and its like: one line with performance data; exits with 0 ok, 1 warning, 2 critical, 3 unknown");
  return {command, [=] { return run_status(*global, *status); }};
}

Command add_show(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("show", "One conversation");
  auto show = std::make_shared<ShowArguments>();
  command->add_option("TASK-ID", show->task_id, "The task's id")->required();
  add_json(*command, show->format);
  command->add_flag("--raw", show->raw, "The transcript's bytes as they were downloaded");
  return {command, [=] { return run_show(*global, *show); }};
}

Command add_search(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("search", "Full-text search in messages, the best matches first");
  auto search = std::make_shared<SearchArguments>();
  command
      ->add_option("QUERY", search->words,
                   "Words, begin*, or in one argument \"a phrase\", this OR that, this NOT that, NEAR(one two)")
      ->required();
  command->add_option("--from", search->from, "First day or instant on which the conversation ended")
      ->type_name("DATE");
  command->add_option("--to", search->to, "Last day (included) or instant")->type_name("DATE");
  command->add_option("--last", search->last, "The last days (7d, 2w) or hours (12h)")->type_name("DURATION");
  add_list(*command, "--queue", search->queues, "NAME", "Only this queue, by name or id; repeatable");
  add_list(*command, "--agent", search->agents, "NAME", "Only this agent, by name or id; repeatable");
  command->add_option("--limit", search->limit, "Maximum number of results")->check(CLI::Range(1, 100000));
  add_json(*command, search->format);
  return {command, [=] { return run_search(*global, *search); }};
}

Command add_verify(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("verify", "Whether the archive is whole and complete; 1 damage, 4 gaps");
  auto format = std::make_shared<OutputFormat>(OutputFormat::Text);
  add_json(*command, *format);
  return {command, [=] { return run_verify(*global, *format); }};
}

Command add_backup(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("backup", "A verified copy, while the service runs");
  auto backup = std::make_shared<BackupArguments>();
  command
      ->add_option_function<std::string>("FILE",
                                         [backup = backup.get()](const std::string& file) { backup->target = file; })
      ->required();
  command->add_flag("--force", backup->force, "Replace an existing file");
  return {command, [=] { return run_backup(*global, *backup); }};
}

Command add_reparse(CLI::App& app, const Global& global) {
  return {app.add_subcommand("reparse", "Derive the messages again from the transcripts' bytes"),
          [=] { return run_reparse(*global); }};
}

Command add_erase(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("erase", "Remove conversations for good, with proof");
  auto erase = std::make_shared<EraseArguments>();
  CLI::Option_group* what = command->add_option_group("what");
  what->add_option("--task", erase->tasks, "This task; repeatable")->type_name("ID")->allow_extra_args(false);
  what->add_option("--customer", erase->customer, "Every conversation of this name, e-mail address or phone number")
      ->type_name("TEXT");
  what->require_option(1);
  add_dry_run(*command, erase->effect);
  command->add_flag("--yes", erase->yes, "Skip the confirmation required above 100 conversations");
  add_json(*command, erase->format);
  return {command, [=] { return run_erase(*global, *erase); }};
}

Command add_retention(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("retention", "Remove what is older than retention_days");
  auto retention = std::make_shared<RetentionArguments>();
  command->add_option("--days", retention->days, "Instead of the configuration's retention_days")
      ->check(CLI::Range(1, 36500));
  add_dry_run(*command, retention->effect);
  return {command, [=] { return run_retention(*global, *retention); }};
}

Command add_check(CLI::App& app, const Global& global) {
  CLI::App* command = app.add_subcommand("check", "Try everything the service needs and report what fails");
  auto keys = std::make_shared<bool>(false);
  command->add_flag("--keys", *keys, "Print the keys of the configuration file with their defaults instead");
  return {command, [=] { return *keys ? print_keys() : run_check(*global); }};
}

std::string joined(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    const std::string word = i == 0 ? base::Path(argv[0]).filename().string() : argv[i];
    const bool plain = !word.empty() && word.find_first_of(" \t\n\"'\\$*?&|;<>()") == std::string::npos;
    line += (i == 0 ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return line;
}

int print_usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = app.remaining();
  if (app.get_subcommands().empty() && !unknown.empty()) {
    std::fprintf(stderr, "wxcc-archive: there is no %s %s; --help lists them\n",
                 unknown.front().starts_with('-') ? "option" : "command", unknown.front().c_str());
    return kUsage;
  }
  return app.exit(error) == 0 ? kDone : kUsage;
}

}  // namespace

base::Expected<Run, int> parse_arguments(int argc, const char* const* argv) {
  CLI::App app("Keeps a complete, queryable local archive of Webex Contact Center chat transcripts.", "wxcc-archive");
  app.set_version_flag("--version", std::string(kProgram));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  const auto global = std::make_shared<GlobalOptions>();
  add_global(app, *global);
  // In the order of --help.
  const std::vector<Command> commands = {add_login(app, global),  add_daemon(app, global),
                                         add_sync(app, global),   add_report(app, global, joined(argc, argv)),
                                         add_status(app, global), add_show(app, global),
                                         add_search(app, global), add_verify(app, global),
                                         add_backup(app, global), add_reparse(app, global),
                                         add_erase(app, global),  add_retention(app, global),
                                         add_check(app, global)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return base::make_unexpected(print_usage_error(app, error));
  }
  const CLI::App* const parsed = app.get_subcommands().front();
  return std::find_if(commands.begin(), commands.end(), [=](const Command& command) { return command.app == parsed; })
      ->run;
}

}  // namespace wxcc::cli
