// SPDX-License-Identifier: Apache-2.0
#include "report/info.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wxcc::report {
namespace {

constexpr std::size_t kMostSpans = 100;

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

std::string joined_states(const std::vector<model::TranscriptState>& states) {
  std::vector<std::string_view> names;
  for (const model::TranscriptState state : states) names.push_back(model::to_text(state));
  return fmt::format("{}", fmt::join(names, ", "));
}

// What narrows the extract. A redacted extract does not tell for whom somebody looked.
Lines filter_lines(const ExtractRequest& request) {
  const store::ConversationFilter& filter = request.filter;
  Lines lines;
  const auto add = [&](const char* label, const std::vector<std::string>& values) {
    if (!values.empty()) lines.push_back({label, fmt::format("{}", fmt::join(values, ", "))});
  };
  const auto shown_if_not = [](bool hidden, const std::vector<std::string>& values) {
    return hidden && !values.empty() ? std::vector<std::string>{"[removed]"} : values;
  };
  const bool redacted = request.redact.has_value();
  add("Queue", filter.queues);
  add("Team", filter.teams);
  add("Agent", shown_if_not(redacted && *request.redact != RedactionProfile::Customers, filter.agents));
  add("Customer", shown_if_not(redacted, filter.customers));
  add("Channel", filter.channels);
  if (!filter.states.empty()) lines.push_back({"Transcript state", joined_states(filter.states)});
  if (!filter.text.empty()) lines.push_back({"Text", redacted ? std::string("[removed]") : filter.text});
  return lines;
}

void add_filters(const ExtractRequest& request, Lines& lines) {
  lines.push_back({"Filters", {}});
  const Lines filters = filter_lines(request);
  lines.insert(lines.end(), filters.begin(), filters.end());
  if (filters.empty()) lines.push_back({"None", "every conversation of the period"});
  if (!request.redact) return;
  lines.push_back({"Redaction", {}});
  lines.push_back({"Profile", std::string(to_text(*request.redact))});
  lines.push_back(
      {"Effect", std::string("names are pseudonyms; e-mail addresses, telephone, card and account numbers in "
                             "texts are masked; what people tell of themselves in other words is not")});
}

void add_content(const ExtractResult& result, Lines& lines) {
  lines.push_back({"Content", {}});
  if (result.conversations == 0) lines.push_back({"Result", "no conversations in this period"});
  lines.push_back({"Conversations", result.conversations});
  lines.push_back({"Messages", result.messages});
  if (!result.content_sha256.empty()) lines.push_back({"SHA-256 of the rows", result.content_sha256});
  if (result.links_left_out > 0)
    lines.push_back({"Plain places instead of links",
                     fmt::format("{}, because a sheet takes 65,530 links at most", result.links_left_out)});
  if (result.further_sheets > 0)
    lines.push_back({"Continued", fmt::format("rows beyond a sheet's limit stand on {} further sheet{}",
                                              result.further_sheets, result.further_sheets == 1 ? "" : "s")});
}

void add_transcripts(const ExtractRequest& request, const model::StateCounts& tally, Lines& lines) {
  const bool narrowed = !request.filter.text.empty() || !request.filter.states.empty();
  lines.push_back({narrowed ? "Transcripts of the period, without regard to text and state" : "Transcripts", {}});
  lines.push_back({"Ended conversations", tally.total()});
  lines.push_back({"Archived", tally[model::TranscriptState::Archived]});
  lines.push_back({"Pending (not there yet, still asked for)", tally[model::TranscriptState::Pending]});
  lines.push_back({"Unparsed (kept, but not readable)", tally[model::TranscriptState::Unparsed]});
  lines.push_back({"Absent (the cloud has none)", tally[model::TranscriptState::Absent]});
  lines.push_back({"Failed (given up after errors)", tally[model::TranscriptState::Failed]});
}

void add_never_scanned(const ExtractRequest& request, const ExtractResult& result, Lines& lines) {
  lines.push_back({"Spans of the period never scanned (by end time)", {}});
  if (result.never_scanned.empty()) lines.push_back({"None", "all of it was read from the cloud"});
  const std::size_t shown = std::min(kMostSpans, result.never_scanned.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& span = result.never_scanned[i];
    lines.push_back({fmt::format("Span {}", i + 1), fmt::format("from {}\nto {}", both_times(span.from, request.zone),
                                                                both_times(span.to, request.zone))});
  }
  if (const auto rest = result.never_scanned.size() - shown; rest > 0)
    lines.push_back({"Further spans", static_cast<std::int64_t>(rest)});
}

void add_cut_cells(const ExtractResult& result, Lines& lines) {
  lines.push_back({"Texts cut, because a cell holds 32,767 characters at most", {}});
  if (result.cut_cells == 0) lines.push_back({"None", "every text is complete"});
  for (const auto& cut : result.first_cut_cells)
    lines.push_back({fmt::format("{}!{}", cut.sheet, cut.cell), fmt::format("{} characters", cut.characters)});
  const auto listed = static_cast<std::int64_t>(result.first_cut_cells.size());
  if (result.cut_cells > listed) lines.push_back({"Further cells", result.cut_cells - listed});
}

}  // namespace

std::string filters_in_words(const ExtractRequest& request) {
  std::vector<std::string> parts;
  for (const InfoLine& line : filter_lines(request))
    parts.push_back(fmt::format("{}: {}", line.label, std::get<std::string>(line.value)));
  if (request.redact) parts.push_back(fmt::format("Redacted: {}", to_text(*request.redact)));
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::vector<InfoLine> info_lines(const ExtractRequest& request, const ExtractResult& result,
                                 const ArchiveFacts& archive, base::Instant now) {
  Lines lines;
  lines.push_back({"Extract", {}});
  lines.push_back({"Program", request.program});
  lines.push_back({"Generated", both_times(now, request.zone)});
  if (!request.command_line.empty())
    lines.push_back({"Command", request.redact ? std::string("[removed]") : request.command_line});
  add_period(request, lines);
  add_filters(request, lines);
  add_content(result, lines);
  add_transcripts(request, result.transcripts, lines);
  add_never_scanned(request, result, lines);
  lines.push_back({"Archive", {}});
  lines.push_back({"Organisation", archive.org_id});
  lines.push_back({"Schema version", static_cast<std::int64_t>(archive.schema_version)});
  lines.push_back({"Read from the cloud up to", maybe_time(archive.high_water_mark, request.zone)});
  lines.push_back({"Nothing is missing up to", both_times(result.complete_until, request.zone)});
  lines.push_back({"Last complete pass", maybe_time(archive.last_success, request.zone)});
  add_cut_cells(result, lines);
  return lines;
}

}  // namespace wxcc::report
