// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/period.h"
#include "cli/setup.h"
#include "cli/version.h"
#include "report/extract.h"

namespace wxcc::cli {
namespace {

report::Format format_of(const ReportArguments& arguments) {
  std::string name = arguments.format;
  if (name.empty()) {
    const std::string ending = base::to_lower(base::Path(arguments.output).extension().string());
    name = ending == ".csv" || ending == ".jsonl" ? ending.substr(1) : "xlsx";
  }
  if (name == "csv") return report::Format::Csv;
  if (name == "jsonl") return report::Format::Jsonl;
  return report::Format::Xlsx;
}

std::string_view ending_of(report::Format format) {
  switch (format) {
    case report::Format::Xlsx:
      return "xlsx";
    case report::Format::Csv:
      return "csv";
    case report::Format::Jsonl:
      return "jsonl";
  }
  return "";
}

// wxcc-2026-10-01_2026-10-31.xlsx: first and last day in the zone.
std::string default_output(const base::TimeRange& range, const base::Zone& zone, report::Format format) {
  const std::string first = base::format_date(zone.at(range.from).date);
  const std::string last = base::format_date(zone.at(range.to - base::Millis{1}).date);
  return fmt::format("wxcc-{}_{}.{}", first, last, ending_of(format));
}

void show_progress(const report::ExtractRequest::Progress& progress) {
  if (progress.of == 0) return;
  fmt::print(stderr, "\r{:3} % of {} rows", progress.rows * 100 / progress.of, progress.of);
  if (progress.rows >= progress.of) fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
}

void tell(const report::ExtractRequest& request, const report::ExtractResult& result, base::Instant now) {
  if (request.output == "-") return;
  fmt::print("{}: {} conversations, {} messages\n", request.output.string(), result.conversations, result.messages);
  const auto& missing = result.transcripts;
  if (result.has_gaps(now))
    fmt::print(stderr,
               "gaps: {} transcripts pending, {} failed, {} unreadable; {} spans of time never scanned (the extract "
               "lists them)\n",
               missing.pending, missing.failed, missing.unparsed, result.never_scanned.size());
}

}  // namespace

int run(const GlobalOptions& global, const ReportArguments& arguments) {
  const ReadOnlySetup setup = configure_reading(global);
  const base::SystemClock clock;
  const base::Instant now = clock.now();
  report::ExtractRequest request;
  request.zone = arguments.timezone.empty() ? setup.zone() : zone_named(arguments.timezone);
  request.filter.range = period_of({arguments.from, arguments.to, arguments.last, arguments.month}, request.zone, now);
  if (!request.filter.range)
    throw base::UsageError("which period? Give --from and --to, --last 7d, or --month 2026-10");
  request.filter.by = arguments.by == "created" ? store::TimeField::Created : store::TimeField::Ended;
  request.filter.queues = arguments.queues;
  if (request.filter.queues.empty() && setup.config && !setup.config->default_queue.empty())
    request.filter.queues = {setup.config->default_queue};
  request.filter.agents = arguments.agents;
  request.filter.channels = arguments.channels;
  request.filter.text = arguments.text;
  request.format = format_of(arguments);
  request.output =
      arguments.output.empty() ? default_output(*request.filter.range, request.zone, request.format) : arguments.output;
  request.existing = arguments.force ? report::Existing::Replace : report::Existing::Refuse;
  request.program = kProgram;
  request.command_line = arguments.command_line;
  if (::isatty(STDERR_FILENO) != 0) request.progress = show_progress;
  store::Reader reader = store::Reader::open(setup.archive);
  const report::ExtractResult result = report::write_extract(reader, request, now);
  tell(request, result, now);
  return result.has_gaps(now) ? kGaps : kDone;
}

}  // namespace wxcc::cli
