// SPDX-License-Identifier: Apache-2.0
#include "report/summary_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/coverage.h"
#include "report/excel_time.h"
#include "report/filter_description.h"
#include "report/statistics.h"

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

constexpr std::uint32_t kChartRows = 15;
constexpr int kChartWidth = 790;  // pixels; all columns of the sheet
constexpr int kRowHeight = 20;
constexpr std::size_t kListedGroups = 200;
constexpr std::size_t kGroupsInChart = 15;
constexpr std::array kWeekdays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

// Writes one part of the sheet after the other, downwards.
class SummaryPage {
 public:
  SummaryPage(Workbook& workbook, Sheet& sheet, const ExtractContext& context, const ExtractSummary& summary)
      : workbook_(workbook), sheet_(sheet), request_(context.request), now_(context.now), summary_(summary) {}

  void write_head() {
    const base::TimeRange range = request_.filter.range.value();
    const std::string first = base::format_date(request_.zone.at(range.from).date);
    const std::string last = base::format_date(request_.zone.at(range.to - base::Millis{1}).date);
    sheet_.begin_row();
    sheet_.reserve_lines(2);
    sheet_.write_text(
        0, Style::Title,
        first == last ? fmt::format("Conversations of {}", first) : fmt::format("Conversations {} to {}", first, last));
    const auto first_offset = base::Zone::format_offset(request_.zone.at(range.from).utc_offset);
    const auto last_offset = base::Zone::format_offset(request_.zone.at(range.to - base::Millis{1}).utc_offset);
    line(Style::Note,
         fmt::format("Times in {} ({}{}); conversations that {} in the period; generated {}", request_.zone.name(),
                     first_offset, first_offset == last_offset ? "" : ", later " + last_offset,
                     request_.filter.by == model::TimeField::Ended ? "ended" : "started", request_.zone.format(now_)));
    const std::string filters = filter_sentence(request_.filter, request_.redact);
    line(Style::Note, filters.empty() ? "All conversations of the period" : filters);
    line(summary_.result.has_gaps(now_) ? Style::Warning : Style::Note, completeness());
    if (summary_.result.conversations == 0) line(Style::Warning, "This extract contains no conversations.");
  }

  void write_figures() {
    GroupStats& total = summary_.statistics.total;
    sheet_.skip_rows(1);
    sheet_.begin_row();
    constexpr std::array kNames = {"Conversations",
                                   "Messages",
                                   "With transcript",
                                   "Median duration",
                                   "90 % of durations within",
                                   "Median first response",
                                   "90 % of responses within",
                                   "Mean CSAT"};
    for (std::size_t i = 0; i < kNames.size(); ++i) sheet_.write_text(i, Style::FigureName, kNames.at(i));
    sheet_.reserve_lines(2);
    sheet_.begin_row();
    sheet_.write_number(0, Style::FigureCount, static_cast<double>(total.conversations));
    sheet_.write_number(1, Style::FigureCount, static_cast<double>(total.messages));
    write_stats(total, Style::FigureShare, Style::FigureSpan, Style::FigureDecimal);
  }

  void reserve_day_chart() {
    sheet_.skip_rows(1);
    day_chart_row_ = sheet_.next_row();
    sheet_.skip_rows(kChartRows);
  }

  void write_hours() {
    heading("Conversations by hour and weekday of their start");
    header({"Hour", kWeekdays[0], kWeekdays[1], kWeekdays[2], kWeekdays[3], kWeekdays[4], kWeekdays[5], kWeekdays[6]});
    const std::uint32_t first = sheet_.next_row();
    for (std::size_t hour = 0; hour < summary_.statistics.by_hour.size(); ++hour) {
      line(Style::Label, fmt::format("{:02}:00 to {:02}:00", hour, hour + 1));
      for (std::size_t day = 0; day < kWeekdays.size(); ++day)
        sheet_.write_number(day + 1, Style::Heat, static_cast<double>(summary_.statistics.by_hour[hour][day]));
    }
    sheet_.add_color_scale(first, sheet_.next_row() - 1, 1, kWeekdays.size());
  }

  void write_groups(std::string_view what, std::map<std::string, GroupStats>& groups) {
    heading(fmt::format("By {}", what));
    header({what == "queue" ? "Queue" : "Agent", "Conversations", "With transcript", "Median duration", "90 % within",
            "Median first response", "90 % within", "Mean CSAT"});
    sheet_.reserve_lines(2);
    const std::vector<std::string> names = largest_groups(groups, kListedGroups);
    if (what == "queue") {
      first_queue_row_ = sheet_.next_row();
      queue_rows_ = static_cast<std::uint32_t>(std::min(names.size(), kGroupsInChart));
    }
    for (const std::string& name : names) {
      GroupStats& group = groups.at(name);
      line(Style::Label, name.empty() ? "(none)" : name);
      sheet_.write_number(1, Style::Count, static_cast<double>(group.conversations));
      write_stats(group, Style::Share, Style::Span, Style::Decimal);
    }
    const std::size_t rest = groups.size() - names.size();
    if (rest > 0)
      line(Style::Note, fmt::format("and {}", base::count_of(static_cast<std::int64_t>(rest), "smaller group")));
  }

  void write_queue_chart() {
    if (queue_rows_ < 2) return;
    sheet_.skip_rows(1);
    const std::uint32_t rows = 5 + queue_rows_;
    add_chart(Chart::Kind::Bars, "Conversations by queue", first_queue_row_, first_queue_row_ + queue_rows_ - 1,
              sheet_.next_row(), rows);
    sheet_.skip_rows(rows);
  }

  // The chart at the top draws these.
  void write_days() {
    const bool narrowed = narrows_content(request_.filter);
    heading(narrowed ? "By day; transcripts without regard to text and state" : "By day");
    header({"Day", "Conversations", "Archived", "Pending", "Unparsed", "Absent", "Failed", "Coverage gap"});
    sheet_.reserve_lines(2);
    const std::uint32_t first = sheet_.next_row();
    for (const DayCoverage& day : summary_.coverage.days(summary_.past, summary_.result.coverage_gaps)) {
      sheet_.begin_row();
      if (const auto serial = excel_serial({day.day, {}, {}}))
        sheet_.write_number(0, Style::Day, *serial);
      else
        sheet_.write_text(0, Style::Label, base::format_date(day.day));
      const auto found = summary_.statistics.by_day.find(ch::sys_days{day.day});
      const std::int64_t conversations = found == summary_.statistics.by_day.end() ? 0 : found->second;
      std::size_t column = 1;
      sheet_.write_number(column++, Style::Count, static_cast<double>(conversations));
      for (const auto& state : model::kTranscriptStateNames)
        sheet_.write_number(column++, Style::Count, static_cast<double>(day.transcripts[state.value]));
      if (day.uncovered > base::Millis{0}) write_span(column, Style::Span, day.uncovered);
    }
    if (sheet_.next_row() == first || summary_.result.conversations == 0) return;
    add_chart(Chart::Kind::Columns, "Conversations per day", first, sheet_.next_row() - 1, day_chart_row_, kChartRows);
  }

 private:
  void line(Style style, std::string_view text) {
    sheet_.begin_row();
    sheet_.write_text(0, style, text);
  }
  void heading(std::string_view text) {
    sheet_.skip_rows(1);
    line(Style::Heading, text);
  }

  void header(const std::vector<std::string>& names) {
    sheet_.begin_row();
    for (std::size_t i = 0; i < names.size(); ++i)
      sheet_.write_text(i, i == 0 ? Style::Header : Style::RightHeader, names[i]);
  }

  void write_span(std::size_t column, Style style, const std::optional<base::Millis>& length) {
    if (length)
      sheet_.write_number(column, style, excel_days(*length));
    else
      sheet_.write_text(column, style, "–");
  }

  void write_ratio(std::size_t column, Style style, std::int64_t part, std::int64_t whole) {
    if (whole == 0)
      sheet_.write_text(column, style, "–");
    else
      sheet_.write_number(column, style, static_cast<double>(part) / static_cast<double>(whole));
  }

  // From the third column on.
  void write_stats(GroupStats& stats, Style share, Style span, Style rating) {
    write_ratio(2, share, stats.with_transcript, stats.conversations);
    write_span(3, span, stats.durations.quantile(0.5));
    write_span(4, span, stats.durations.quantile(0.9));
    write_span(5, span, stats.first_responses.quantile(0.5));
    write_span(6, span, stats.first_responses.quantile(0.9));
    write_ratio(7, rating, stats.ratings, stats.rated);
  }

  std::string completeness() const {
    const model::StateCounts& tally = summary_.result.transcripts;
    if (!summary_.result.has_gaps(now_))
      return fmt::format(
          "Complete: the whole period was read from the Webex API, and all available transcripts are included.{}",
          tally[model::TranscriptState::Absent] == 0
              ? ""
              : fmt::format(" Without transcript: {}.",
                            base::count_of(tally[model::TranscriptState::Absent], "conversation")));
    return fmt::format(
        "Incomplete: {} pending, {} failed, {} unparsed transcripts; {}. See sheet Gaps.",
        tally[model::TranscriptState::Pending], tally[model::TranscriptState::Failed],
        tally[model::TranscriptState::Unparsed],
        base::count_of(static_cast<std::int64_t>(summary_.result.count_coverage_gaps(now_)), "coverage gap"));
  }

  // Of the first two columns in these rows.
  void add_chart(Chart::Kind kind, const char* title, std::uint32_t first_row, std::uint32_t last_row,
                 std::uint32_t at_row, std::uint32_t rows) {
    workbook_.add_chart(sheet_, {.kind = kind,
                                 .title = title,
                                 .number_format = kind == Chart::Kind::Columns ? "d mmm" : "",
                                 .first_row = first_row,
                                 .last_row = last_row,
                                 .at_row = at_row,
                                 .width = kChartWidth,
                                 .height = static_cast<int>(rows) * kRowHeight});
  }

  Workbook& workbook_;
  Sheet& sheet_;
  const ExtractRequest& request_;
  base::Instant now_;
  const ExtractSummary& summary_;
  std::uint32_t day_chart_row_ = 0;
  std::uint32_t first_queue_row_ = 0;
  std::uint32_t queue_rows_ = 0;
};

}  // namespace

Sheet& add_summary_page(Workbook& workbook) {
  return workbook.add_page("Summary", {{"", 26}, {"", 15}, {"", 12}, {"", 12}, {"", 12}, {"", 12}, {"", 12}, {"", 12}});
}

void write_summary(Workbook& workbook, Sheet& sheet, const ExtractContext& context, const ExtractSummary& summary) {
  SummaryPage page(workbook, sheet, context, summary);
  page.write_head();
  page.write_figures();
  if (summary.result.conversations > 0) {
    page.reserve_day_chart();
    page.write_hours();
    page.write_groups("queue", summary.statistics.by_queue);
    page.write_queue_chart();
    page.write_groups("agent", summary.statistics.by_agent);
  }
  page.write_days();
}

}  // namespace wxcc::report
