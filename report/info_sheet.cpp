// SPDX-License-Identifier: Apache-2.0
#include "report/info_sheet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "report/filter_description.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kMaxListedGaps = 100;

using Lines = std::vector<InfoLine>;

std::string both_times(base::Instant instant, const base::Zone& zone) {
  return fmt::format("{} {}  =  {}", zone.format(instant), base::Zone::format_offset(zone.at(instant).utc_offset),
                     base::to_iso8601(instant));
}

std::string maybe_time(const std::optional<base::Instant>& instant, const base::Zone& zone) {
  return instant ? both_times(*instant, zone) : std::string("never");
}

void add_period(const ExtractRequest& request, Lines& lines) {
  const base::TimeRange range = request.filter.range.value();
  const bool by_end = request.filter.by == model::TimeField::Ended;
  const auto first_offset = request.zone.at(range.from).utc_offset;
  const auto last_offset = request.zone.at(std::max(range.from, range.to - base::Millis{1})).utc_offset;
  std::string zone = fmt::format("{} ({}", request.zone.name(), base::Zone::format_offset(first_offset));
  if (last_offset != first_offset) zone += fmt::format(", at its end {}", base::Zone::format_offset(last_offset));
  lines.push_back({"Period", {}});
  lines.push_back({"From, inclusive", both_times(range.from, request.zone)});
  lines.push_back({"To, exclusive", both_times(range.to, request.zone)});
  lines.push_back({"Time zone", zone + ")"});
  lines.push_back({"Selected by", by_end ? std::string("end of the conversation") : "start of the conversation"});
}

void add_filters(const ExtractRequest& request, Lines& lines) {
  lines.push_back({"Filters", {}});
  const std::size_t before = lines.size();
  for (const FilterCondition& condition : describe_filter(request.filter, request.redact))
    if (!condition.values.empty())
      lines.push_back({std::string(condition.label), fmt::format("{}", fmt::join(condition.values, ", "))});
  if (lines.size() == before) lines.push_back({"None", "every conversation of the period"});
  if (!request.redact) return;
  lines.push_back({"Redaction", {}});
  lines.push_back({"Profile", std::string(model::to_text(*request.redact))});
  lines.push_back(
      {"Effect", std::string("names are pseudonyms; e-mail addresses, telephone, card and account numbers in "
                             "texts are masked; other personal data in texts is not")});
}

void add_content(const ExtractResult& result, const WorkbookLimits& limits, Lines& lines) {
  lines.push_back({"Content", {}});
  if (result.conversations == 0) lines.push_back({"Result", "no conversations in this period"});
  lines.push_back({"Conversations", result.conversations});
  lines.push_back({"Messages", result.messages});
  if (!result.content_sha256.empty()) lines.push_back({"SHA-256 of the rows", result.content_sha256});
  if (limits.omitted_links > 0)
    lines.push_back({"Links omitted", fmt::format("{} (limit 65,530 per sheet); the cell contains the target as text",
                                                  limits.omitted_links)});
  if (limits.further_sheets > 0)
    lines.push_back({"Continued", fmt::format("rows beyond a sheet's limit are on {}",
                                              base::count_of(limits.further_sheets, "further sheet"))});
}

void add_transcripts(const ExtractRequest& request, const model::StateCounts& tally, Lines& lines) {
  const bool narrowed = narrows_content(request.filter);
  lines.push_back({narrowed ? "Transcripts of the period, without regard to text and state" : "Transcripts", {}});
  lines.push_back({"Ended conversations", tally.total()});
  for (const auto& state : kStateLabels) lines.push_back({std::string(state.text), tally[state.value]});
}

void add_coverage_gaps(const ExtractRequest& request, const ExtractResult& result, Lines& lines) {
  lines.push_back({"Coverage gaps (parts of the period not covered by any scan by end time)", {}});
  if (result.coverage_gaps.empty()) lines.push_back({"None", "the whole period was read from the Webex API"});
  const std::size_t shown = std::min(kMaxListedGaps, result.coverage_gaps.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& span = result.coverage_gaps[i];
    lines.push_back({fmt::format("Gap {}", i + 1), fmt::format("from {}\nto {}", both_times(span.from, request.zone),
                                                               both_times(span.to, request.zone))});
  }
  if (const auto rest = result.coverage_gaps.size() - shown; rest > 0)
    lines.push_back({"Further gaps", static_cast<std::int64_t>(rest)});
}

void add_truncated_cells(const WorkbookLimits& limits, Lines& lines) {
  lines.push_back({"Truncated cells (limit 32,767)", {}});
  if (limits.truncated_cells == 0) lines.push_back({"None", "every text is complete"});
  for (const TruncatedCell& cell : limits.first_truncated_cells)
    lines.push_back({fmt::format("{}!{}", cell.sheet, cell.cell), fmt::format("{} characters", cell.characters)});
  const auto listed = static_cast<std::int64_t>(limits.first_truncated_cells.size());
  if (limits.truncated_cells > listed) lines.push_back({"Further cells", limits.truncated_cells - listed});
}

}  // namespace

std::vector<InfoLine> info_lines(const ExtractContext& context, const ExtractResult& result,
                                 const WorkbookLimits& limits) {
  const ExtractRequest& request = context.request;
  const ArchiveInfo& archive = context.archive;
  Lines lines;
  lines.push_back({"Extract", {}});
  lines.push_back({"Program", request.program});
  lines.push_back({"Generated", both_times(context.now, request.zone)});
  if (!request.command_line.empty())
    lines.push_back({"Command", request.redact ? std::string(model::kRemoved) : request.command_line});
  add_period(request, lines);
  add_filters(request, lines);
  add_content(result, limits, lines);
  add_transcripts(request, result.transcripts, lines);
  add_coverage_gaps(request, result, lines);
  lines.push_back({"Archive", {}});
  lines.push_back({"Organisation", archive.org_id});
  lines.push_back({"Schema version", static_cast<std::int64_t>(archive.schema_version)});
  lines.push_back({"Read from the Webex API up to", maybe_time(archive.high_water_mark, request.zone)});
  lines.push_back({"Complete up to", both_times(result.complete_until, request.zone)});
  lines.push_back({"Last complete sync", maybe_time(archive.last_success, request.zone)});
  add_truncated_cells(limits, lines);
  return lines;
}

void write_info(Workbook& workbook, const std::vector<InfoLine>& lines) {
  Sheet& sheet = workbook.add_page("Info", {{"", 42}, {"", 78}});
  for (const InfoLine& line : lines) {
    const auto* text = std::get_if<std::string>(&line.value);
    const auto* number = std::get_if<std::int64_t>(&line.value);
    if (text == nullptr && number == nullptr) {
      if (line.label != lines.front().label) sheet.skip_rows(1);
      sheet.begin_row();
      sheet.write_text(0, Style::Heading, line.label);
      continue;
    }
    sheet.begin_row();
    sheet.write(0, CellKind::Text, std::string_view(line.label));
    if (text != nullptr)
      sheet.write(1, CellKind::LongText, std::string_view(*text));
    else
      sheet.write(1, CellKind::Number, *number);
  }
}

}  // namespace wxcc::report
