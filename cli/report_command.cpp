// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>

#include "base/error.h"
#include "base/log.h"
#include "base/name_suggestions.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/period.h"
#include "cli/printing.h"
#include "cli/version.h"
#include "cli/wiring.h"
#include "report/extract.h"

namespace wxcc::cli {
namespace {

// wxcc-2026-10-01_2026-10-31.xlsx: first and last day in the zone.
std::string default_output(const base::TimeRange& range, const base::Zone& zone, const report::Format& format) {
  const std::string first = base::format_date(zone.at(range.from).date);
  const std::string last = base::format_date(zone.at(range.to - base::Millis{1}).date);
  return fmt::format("wxcc-{}_{}{}", first, last, format.ending);
}

struct NamedFilter {
  const char* option;
  store::FilterField kind;
  const char* noun;
  const std::vector<std::string>& wanted;
};

// An unknown name would give an empty extract, which looks like a period without conversations.
void require_known(const store::Reader& reader, const NamedFilter& filter) {
  for (const std::string& name : filter.wanted) {
    if (reader.has_name(filter.kind, name)) continue;
    const std::vector<std::string> known = reader.names(filter.kind);
    const std::vector<std::string> similar = base::suggest_names(name, known);
    std::string hint = fmt::format("none of its {} has a similar name",
                                   base::count_of(static_cast<std::int64_t>(known.size()), filter.noun));
    if (known.empty()) hint = fmt::format("it has no {} yet", filter.noun);
    if (!similar.empty()) hint = fmt::format("similar: \"{}\"", fmt::join(similar, "\", \""));
    throw base::UsageError(
        fmt::format("{} \"{}\": no such {} in the archive; {}", filter.option, name, filter.noun, hint));
  }
}

void require_known(const store::Reader& reader, const store::ConversationFilter& filter) {
  using store::FilterField;
  for (const NamedFilter& named : {NamedFilter{"--queue", FilterField::Queue, "queue", filter.queues},
                                   NamedFilter{"--team", FilterField::Team, "team", filter.teams},
                                   NamedFilter{"--agent", FilterField::Agent, "agent", filter.agents},
                                   NamedFilter{"--channel", FilterField::Channel, "channel", filter.channels}})
    require_known(reader, named);
}

const report::Format* format_of(const ReportArguments& arguments) {
  if (arguments.format != nullptr) return arguments.format;
  const report::Format* by_ending = report::format_of_file(arguments.request.output);
  return by_ending != nullptr ? by_ending : &report::kFormats.front();
}

// The request of the command line, completed from the configuration.
report::ExtractRequest complete_request(const ReportArguments& arguments, const ReadOnlySetup& setup,
                                        const GlobalOptions& global, base::Instant now) {
  report::ExtractRequest request = arguments.request;
  request.zone = arguments.timezone.empty() ? setup.zone() : parse_zone(arguments.timezone);
  request.filter.range = parse_period(arguments.period, request.zone, now);
  if (!request.filter.range) throw base::UsageError("no period: give --from and --to, --last 7d, or --month 2026-10");
  if (request.filter.queues.empty() && setup.config && !setup.config->default_queue.empty())
    request.filter.queues = {setup.config->default_queue};
  request.format = format_of(arguments);
  if (request.output.empty()) request.output = default_output(*request.filter.range, request.zone, *request.format);
  request.program = kProgram;
  request.command_line = global.command_line;
  if (::isatty(STDERR_FILENO) != 0)
    request.progress = [](const auto& progress) { show_progress("rows", progress.rows, progress.of); };
  return request;
}

void print_result(const report::ExtractRequest& request, const report::ExtractResult& result, base::Instant now) {
  if (request.output == "-") return;
  fmt::print("{}: {}, {}\n", request.output.string(), base::count_of(result.conversations, "conversation"),
             base::count_of(result.messages, "message"));
  const auto& missing = result.transcripts;
  if (!result.has_gaps(now)) return;
  fmt::print(stderr, "gaps: {} pending, {} failed, {} unparsed transcripts; {}; see `wxcc-archive status`\n",
             missing[model::TranscriptState::Pending], missing[model::TranscriptState::Failed],
             missing[model::TranscriptState::Unparsed],
             base::count_of(static_cast<std::int64_t>(result.count_coverage_gaps(now)), "coverage gap"));
}

}  // namespace

int run_report(const GlobalOptions& global, const ReportArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  const base::Instant now = base::SystemClock().now();
  const report::ExtractRequest request = complete_request(arguments, setup, global, now);
  store::Reader reader = store::Reader::open(setup.archive);
  require_known(reader, arguments.request.filter);
  const report::ExtractResult result = report::write_extract(reader, request, now);
  print_result(request, result, now);
  return result.has_gaps(now) ? kIncomplete : kDone;
}

}  // namespace wxcc::cli
