// SPDX-License-Identifier: Apache-2.0
#include "report/extract.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "report/content_hash.h"
#include "report/coverage.h"
#include "report/rows.h"
#include "report/sheet.h"
#include "report/statistics.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;

// A current archive lags behind the Webex API by its poll interval and settle time; more counts as a gap.
constexpr base::Millis kGapGracePeriod = 30min;
constexpr mode_t kExtractMode = 0640;

class Snapshot {
 public:
  explicit Snapshot(store::Reader& reader) : reader_(reader) { reader_.begin_snapshot(); }
  ~Snapshot() {
    try {
      reader_.end_snapshot();
    } catch (const std::exception&) {  // a read transaction has nothing to lose
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  store::Reader& reader_;
};

void validate(const ExtractRequest& request) {
  if (!request.filter.range) throw base::UsageError("extract: no period");
  if (request.filter.range->from >= request.filter.range->to)
    throw base::UsageError("extract: the period ends before it begins");
  if (request.links_per_sheet > kLinksPerSheet) throw base::UsageError("extract: a sheet has 65530 links at most");
  if (request.rows_per_sheet < 1 || request.rows_per_sheet > kRowsPerSheet)
    throw base::UsageError("extract: a sheet has between 1 and 1048575 rows");
  if (request.output.empty()) throw base::UsageError("extract: no output file");
  if (request.output == "-" && request.format->destinations == Format::Destinations::FileOnly)
    throw base::UsageError(fmt::format("extract: {} cannot be written to standard output; name a file with --output",
                                       request.format->name));
}

// Reports every thousand rows to the request's progress callback.
class ProgressCounter : public Output {
 public:
  ProgressCounter(const ExtractRequest& request, const store::Reader& reader) : request_(request) {
    if (!request.progress) return;
    const store::Reader::Size size = reader.size_of(request.filter);
    of_ = size.conversations + size.messages;
  }

  void add(const ConversationRecord& record) override {
    rows_ += 1 + static_cast<std::int64_t>(record.messages.size());
    if (!request_.progress || rows_ < next_) return;
    request_.progress({rows_, of_});
    next_ = rows_ + kInterval;
  }
  void finish(const ExtractSummary&) override {
    if (request_.progress) request_.progress({of_, of_});
  }

 private:
  static constexpr std::int64_t kInterval = 1000;

  const ExtractRequest& request_;
  std::int64_t of_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t next_ = kInterval;
};

// The output file, or standard output.
class Destination {
 public:
  explicit Destination(const ExtractRequest& request) : standard_output_(request.standard_output) {
    if (request.output != "-") file_.emplace(request.output, request.overwrite, kExtractMode);
  }

  [[nodiscard]] OutputTarget target() const {
    if (!file_) return {standard_output_, "standard output", {}, {}};
    return {file_->fd(), file_->target(), file_->path(), base::directory_of(file_->target())};
  }
  void commit() {
    if (file_) file_->commit();
  }

 private:
  int standard_output_;
  std::optional<base::AtomicFile> file_;
};

// The end of the complete part of the past period.
base::Instant complete_until(const base::TimeRange& past, const Coverage& coverage,
                             const std::vector<base::TimeRange>& coverage_gaps) {
  base::Instant until = past.to;
  if (!coverage_gaps.empty()) until = std::min(until, coverage_gaps.front().from);
  if (coverage.first_missing()) until = std::min(until, *coverage.first_missing());
  return until;
}

void add_all(const store::Reader& reader, const store::ConversationFilter& filter, Coverage& coverage) {
  store::ConversationCursor cursor = reader.conversations(filter);
  while (const auto row = cursor.next()) coverage.add(*row);
}

}  // namespace

bool ExtractResult::has_gaps(base::Instant now) const {
  return transcripts.unsettled() > 0 || count_coverage_gaps(now) > 0;
}

std::size_t ExtractResult::count_coverage_gaps(base::Instant now) const {
  return static_cast<std::size_t>(
      std::count_if(coverage_gaps.begin(), coverage_gaps.end(),
                    [&](const base::TimeRange& span) { return span.from < now - kGapGracePeriod; }));
}

ExtractResult write_extract(store::Reader& reader, const ExtractRequest& request, base::Instant now) {
  validate(request);
  const Snapshot snapshot(reader);
  std::optional<model::Redactor> redactor;
  if (request.redact) redactor.emplace(*request.redact, reader.pseudonym_key());
  const model::Redactor* const redact = redactor ? &*redactor : nullptr;
  const ExtractContext context{
      request,
      now,
      {reader.org_id(), reader.schema_version(), reader.high_water_mark(), reader.service_record().last_success}};

  Rows rows(reader, request.filter, redact);
  Destination destination(request);
  ContentHash hash;
  Statistics statistics(request.zone, request.filter.by);
  Coverage coverage(request.zone, request.filter.by);
  ProgressCounter progress(request, reader);
  const std::unique_ptr<Output> file = request.format->open(context, destination.target());
  std::vector<Output*> outputs = {&hash, &statistics, file.get(), &progress};
  if (narrows_content(request.filter))
    add_all(reader, coverage_filter(request.filter), coverage);
  else
    outputs.push_back(&coverage);
  while (const ConversationRecord* record = rows.next())
    for (Output* output : outputs) output->add(*record);

  const base::TimeRange past{std::min(request.filter.range->from, now), std::min(request.filter.range->to, now)};
  ExtractResult result;
  result.conversations = statistics.total.conversations;
  result.messages = statistics.total.messages;
  result.transcripts = coverage.total();
  if (past.from < past.to) result.coverage_gaps = reader.uncovered(model::TimeField::Ended, past);
  result.complete_until = complete_until(past, coverage, result.coverage_gaps);
  result.content_sha256 = hash.digest();
  Rows missing(reader, missing_filter(request.filter), redact);
  const ExtractSummary summary{result, past, coverage, statistics, missing, reader};
  for (Output* output : outputs) output->finish(summary);
  destination.commit();
  return result;
}

}  // namespace wxcc::report
