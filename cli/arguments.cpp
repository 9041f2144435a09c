// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <vector>

#include "base/duration.h"
#include "cli/exit_code.h"
#include "cli/version.h"
#include "report/formats.h"

namespace wxcc::cli {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done; 1 failed; 2 usage; 4 done with gaps; 75 try again later; 77 login needed; 78 configuration.";

void add_style(CLI::App& command, OutputStyle& style) {
  command.add_flag_callback(
      "--json", [&style] { style = OutputStyle::Json; }, "For programs: JSON on standard output");
}

void add_global(CLI::App& app, GlobalOptions& global, std::string& level) {
  app.add_option_function<std::string>(
         "--config", [&](const std::string& file) { global.config = file; },
         "Configuration file; default ./config.json, the user's folder, /etc/wxcc-archive/config.json")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--archive", [&](const std::string& file) { global.archive = file; }, "Archive, instead of the configured one")
      ->type_name("FILE");
  app.add_option("--log-level", level, "trace, debug, info, warning or error")->type_name("LEVEL");
}

void add_login(CLI::App& app, LoginArguments& login) {
  CLI::App* command = app.add_subcommand("login", "Log in, or take over a token, and store it for the service");
  command->add_flag("--no-browser", login.no_browser, "Print the address to open, and take the pasted redirect");
  command
      ->add_option_function<std::string>(
          "--import", [&](const std::string& file) { login.import = file; },
          "Take over an access_token.json of the Python script")
      ->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--refresh-token-file", [&](const std::string& file) { login.refresh_token_file = file; },
          "Take over a refresh token, as a service app has one; - reads standard input")
      ->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--timeout",
          [&](const std::string& text) {
            const auto patience = base::parse_duration(text);
            if (!patience || patience->count() <= 0)
              throw CLI::ValidationError("--timeout", "expected a duration such as 90s or 15m");
            login.patience = *patience;
          },
          "How long to wait for the person; default 10m")
      ->type_name("DURATION");
}

void add_sync(CLI::App& app, SyncArguments& sync) {
  CLI::App* command =
      app.add_subcommand("sync", "One pass: catch up with the cloud and backfill, or exactly the given range");
  command->add_option("--from", sync.from, "First day or instant (2026-10-01, 2026-10-01T08:00:00Z)")->type_name("D");
  command->add_option("--to", sync.to, "Last day (included) or instant; default now")->type_name("D");
  add_style(*command, sync.style);
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const report::Format& format : report::kFormats) names.emplace_back(format.name);
  return names;
}

void add_report(CLI::App& app, ReportArguments& report) {
  CLI::App* command = app.add_subcommand("report", "An extract of the archive: Excel, CSV or JSON Lines");
  command->add_option("--from", report.from, "First day or instant")->type_name("D");
  command->add_option("--to", report.to, "Last day (included) or instant")->type_name("D");
  command->add_option("--last", report.last, "The last days up to today (7d, 2w) or hours up to now (12h)")
      ->type_name("REACH");
  command->add_option("--month", report.month, "A calendar month (2026-10)")->type_name("MONTH");
  command->add_option("--by", report.by, "Which stamp counts: ended or created")
      ->check(CLI::IsMember({"ended", "created"}));
  command->add_option("--output", report.output, "Where to; - is standard output (csv, jsonl)")->type_name("FILE");
  command->add_option("--format", report.format, "xlsx, csv or jsonl; default by the output's ending, else xlsx")
      ->check(CLI::IsMember(format_names()));
  command->add_option("--timezone", report.timezone, "Zone of days and times (Europe/Amsterdam)")->type_name("ZONE");
  command->add_option("--queue", report.queues, "Only this queue, by name or id; repeatable")
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--agent", report.agents, "Only this agent, by name or id; repeatable")
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--channel", report.channels, "Only this channel; repeatable")
      ->type_name("C")
      ->allow_extra_args(false);
  command->add_option("--text", report.text, "Only conversations in which this is said (full text)")->type_name("Q");
  command->add_flag("--force", report.force, "Replace an existing file");
  command->add_option("--team", report.teams, "Only this team, by name or id; repeatable")
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--customer", report.customers, "Only this customer: whole name, e-mail or phone; repeatable")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command->add_option("--state", report.states, "Only transcripts in this state; repeatable")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"pending", "archived", "unparsed", "absent", "failed"}));
  command->add_option("--redact", report.redact, "Pseudonyms and masks for: customers, agents or everyone")
      ->check(CLI::IsMember({"customers", "agents", "everyone"}));
  command->add_option("--rows", report.rows, "What a line of CSV is: messages or conversations")
      ->check(CLI::IsMember({"messages", "conversations"}));
  command->add_flag("--csv-plain", report.csv_plain,
                    "CSV for programs: no byte order mark, no apostrophe before what looks like a formula");
}

void add_readers(CLI::App& app, StatusArguments& status, ShowArguments& show) {
  CLI::App* command = app.add_subcommand("status", "How the archive and the service are doing");
  add_style(*command, status.style);
  command->add_flag(
      "--check", status.check,
      "For Nagios and its like: one line with performance data; exits with 0 ok, 1 warning, 2 critical, 3 unknown");
  command = app.add_subcommand("show", "One conversation");
  command->add_option("TASK-ID", show.task_id, "The task's id")->required();
  add_style(*command, show.style);
  command->add_flag("--raw", show.raw, "The transcript's bytes as they were downloaded");
}

void add_search(CLI::App& app, SearchArguments& search) {
  CLI::App* command = app.add_subcommand("search", "Messages in which something is said, the best matches first");
  command
      ->add_option("QUERY", search.words,
                   "Words, begin*, or in one argument \"a phrase\", this OR that, this NOT that, NEAR(one two)")
      ->required();
  command->add_option("--from", search.from, "First day or instant on which the conversation ended")->type_name("D");
  command->add_option("--to", search.to, "Last day (included) or instant")->type_name("D");
  command->add_option("--last", search.last, "The last days (7d, 2w) or hours (12h)")->type_name("REACH");
  command->add_option("--queue", search.queues, "Only this queue, by name or id; repeatable")
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--agent", search.agents, "Only this agent, by name or id; repeatable")
      ->type_name("N")
      ->allow_extra_args(false);
  command->add_option("--limit", search.limit, "At most so many messages")->check(CLI::Range(1, 100000));
  add_style(*command, search.style);
}

void add_keeping(CLI::App& app, VerifyArguments& verify, BackupArguments& backup) {
  CLI::App* command = app.add_subcommand("verify", "Whether the archive is whole and complete; 1 damage, 4 gaps");
  add_style(*command, verify.style);
  command = app.add_subcommand("backup", "A verified copy, while the service runs");
  command->add_option_function<std::string>("FILE", [&](const std::string& file) { backup.target = file; })->required();
  command->add_flag("--force", backup.force, "Replace an existing file");
  app.add_subcommand("reparse", "Derive the messages again from the transcripts' bytes");
}

void add_removal(CLI::App& app, EraseArguments& erase, RetentionArguments& retention) {
  CLI::App* command = app.add_subcommand("erase", "Remove conversations for good, with proof");
  CLI::Option_group* what = command->add_option_group("what");
  what->add_option("--task", erase.tasks, "This task; repeatable")->type_name("ID")->allow_extra_args(false);
  what->add_option("--customer", erase.customer, "Every conversation of this name, e-mail address or phone number")
      ->type_name("TEXT");
  what->require_option(1);
  command->add_flag("--dry-run", erase.dry_run, "Tell what would go, and change nothing");
  command->add_flag("--yes", erase.yes, "Also when these are many");
  add_style(*command, erase.style);
  command = app.add_subcommand("retention", "Remove what is older than retention_days");
  command->add_option("--days", retention.days, "Instead of the configuration's retention_days")
      ->check(CLI::Range(1, 36500));
  command->add_flag("--dry-run", retention.dry_run, "Tell what would go, and change nothing");
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

}  // namespace

base::Expected<Arguments, int> parse_arguments(int argc, const char* const* argv) {
  CLI::App app("Keeps a complete, queryable local archive of Webex Contact Center chat transcripts.", "wxcc-archive");
  app.set_version_flag("--version", std::string(kProgram));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  Arguments arguments;
  std::string level;
  LoginArguments login;
  SyncArguments sync;
  ReportArguments report;
  StatusArguments status;
  ShowArguments show;
  SearchArguments search;
  VerifyArguments verify;
  BackupArguments backup;
  EraseArguments erase;
  RetentionArguments retention;
  add_global(app, arguments.global, level);
  add_login(app, login);
  app.add_subcommand("daemon", "The service, in the foreground");
  add_sync(app, sync);
  add_report(app, report);
  add_readers(app, status, show);
  add_search(app, search);
  add_keeping(app, verify, backup);
  add_removal(app, erase, retention);
  app.add_subcommand("check", "Try everything the service needs and say what is wrong");
  try {
    app.parse(argc, argv);
    if (!level.empty()) {
      arguments.global.log_level = base::log::parse_level(level);
      if (!arguments.global.log_level)
        throw CLI::ValidationError("--log-level", "expected trace, debug, info, warning or error, found " + level);
    }
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty()) {
      std::fprintf(stderr, "wxcc-archive: there is no %s %s; --help lists them\n",
                   unknown.front().starts_with('-') ? "option" : "command", unknown.front().c_str());
      return base::make_unexpected(kUsage);
    }
    const int code = app.exit(error);
    return base::make_unexpected(code == 0 ? kDone : kUsage);
  }
  report.command_line = joined(argc, argv);
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "login") arguments.command = login;
  if (name == "daemon") arguments.command = DaemonArguments{};
  if (name == "sync") arguments.command = sync;
  if (name == "report") arguments.command = report;
  if (name == "status") arguments.command = status;
  if (name == "show") arguments.command = show;
  if (name == "check") arguments.command = CheckArguments{};
  if (name == "search") arguments.command = search;
  if (name == "verify") arguments.command = verify;
  if (name == "backup") arguments.command = backup;
  if (name == "reparse") arguments.command = ReparseArguments{};
  if (name == "erase") arguments.command = erase;
  if (name == "retention") arguments.command = retention;
  return arguments;
}

}  // namespace wxcc::cli
