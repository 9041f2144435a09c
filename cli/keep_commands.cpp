// SPDX-License-Identifier: Apache-2.0
// verify, backup and reparse: keeping the archive sound.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/setup.h"
#include "store/backup.h"
#include "store/reader.h"
#include "store/verify.h"

namespace wxcc::cli {
namespace {

using Outcome = store::Check::Outcome;

void print_people(const std::vector<store::Check>& checks) {
  for (const store::Check& check : checks) {
    fmt::print("{:<7}{:<13}{} examined\n", store::to_text(check.outcome), check.name, check.examined);
    for (const std::string& finding : check.findings) fmt::print("         {}\n", printable(finding, "         "));
    const auto more = check.found - static_cast<std::int64_t>(check.findings.size());
    if (more > 0) fmt::print("         and {} more\n", more);
  }
}

void print_json(const std::vector<store::Check>& checks) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object().member("outcome", store::to_text(store::outcome_of(checks))).key("checks").begin_array();
  for (const store::Check& check : checks) {
    out.begin_object().member("name", std::string_view(check.name)).member("outcome", store::to_text(check.outcome));
    out.member("examined", check.examined).member("found", check.found).key("findings").begin_array();
    for (const std::string& finding : check.findings) out.value(std::string_view(finding));
    out.end_array().end_object();
  }
  std::puts(out.end_array().end_object().text().c_str());
}

}  // namespace

int run(const GlobalOptions& global, const VerifyArguments& arguments) {
  const ReadOnlySetup setup = configure_reading(global);
  store::VerifyOptions options;
  options.parser = transcript_parser();
  options.progress = [](std::int64_t done, std::int64_t of) { show_share(done, of, "transcripts"); };
  const std::vector<store::Check> checks = store::verify(setup.archive, options);
  if (arguments.style == OutputStyle::Json)
    print_json(checks);
  else
    print_people(checks);
  switch (store::outcome_of(checks)) {
    case Outcome::Good:
      return kDone;
    case Outcome::Gap:
      return kGaps;
    case Outcome::Damage:
      return kFailed;
  }
  return kFailed;
}

int run(const GlobalOptions& global, const BackupArguments& arguments) {
  const ReadOnlySetup setup = configure_reading(global);
  store::BackupOptions options;
  if (arguments.force) options.existing = store::BackupOptions::Existing::Replace;
  options.progress = [](int done, int of) { show_share(done, of, "pages"); };
  const auto result = store::back_up(setup.archive, arguments.target, options, base::SystemClock().now());
  fmt::print("{}: {} conversations, {} messages, {:.1f} MiB, verified\n", arguments.target.string(),
             result.conversations, result.messages, static_cast<double>(result.bytes) / (1 << 20));
  return kDone;
}

int run(const GlobalOptions& global, const ReparseArguments&) {
  constexpr int kTasksAtOnce = 200;
  const ReadOnlySetup setup = configure_reading(global);
  const base::SystemClock clock;
  store::Archive archive = open_archive_alone(setup, clock);
  const store::Parser parser = transcript_parser();
  const std::int64_t all = archive.reader().counts().tasks();
  store::Reparsed total;
  for (;;) {
    const store::Reparsed batch = archive.reparse_next(parser, kTasksAtOnce, clock.now());
    if (batch.transcripts == 0) break;
    total += batch;
    show_share(std::min(total.transcripts, all), all, "transcripts");
  }
  archive.finish_reparse(total, clock.now());
  archive.checkpoint();
  fmt::print(
      "{} transcripts read again: {} changed, {} of them unreadable before; {} can no longer be read and keep "
      "their messages\n",
      total.transcripts, total.changed, total.newly_readable, total.no_longer_readable);
  return kDone;
}

}  // namespace wxcc::cli
