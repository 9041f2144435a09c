// SPDX-License-Identifier: Apache-2.0
#include "report/extract.h"

#include <algorithm>

#include "base/error.h"
#include "report/formats.h"
#include "report/redaction.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;

// How far behind the cloud an archive in good order may be: its poll interval and settling time, with room to spare.
constexpr base::Millis kInStep = 30min;

class Snapshot {
 public:
  explicit Snapshot(store::Reader& reader) : reader_(reader) { reader_.begin_snapshot(); }
  ~Snapshot() {
    try {
      reader_.end_snapshot();
    } catch (const std::exception&) {  // it only read; there is nothing to lose
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  store::Reader& reader_;
};

void require_sense(const ExtractRequest& request) {
  if (!request.filter.range) throw base::UsageError("an extract needs a period");
  if (request.filter.range->from >= request.filter.range->to)
    throw base::UsageError("the extract's period ends before it begins");
  if (request.links_per_sheet > kLinksPerSheet) throw base::UsageError("a sheet has 65530 links at most");
  if (request.rows_per_sheet < 1 || request.rows_per_sheet > kRowsPerSheet)
    throw base::UsageError("a sheet has between 1 and 1048575 rows");
  if (request.output.empty()) throw base::UsageError("an extract needs an output file");
  if (request.output == "-" && request.format == Format::Xlsx)
    throw base::UsageError("a workbook cannot go to standard output; name a file with --output");
}

Coverage coverage_of(const store::Reader& reader, const ExtractRequest& request) {
  const store::ConversationFilter filter = without_content(request.filter);
  Coverage coverage(request.zone, filter.by);
  reader.for_each_conversation(filter, [&](const store::StoredTask& row) { coverage.add(row); });
  return coverage;
}

void write_text(ExtractJob& job, int fd, const base::Path& name) {
  TextSink sink(fd, name);
  if (job.request.format == Format::Csv)
    write_csv(job, sink);
  else
    write_jsonl(job, sink);
  sink.flush();
}

void write_output(ExtractJob& job) {
  const ExtractRequest& request = job.request;
  if (request.output == "-") {
    write_text(job, request.standard_output, "standard output");
    return;
  }
  OutputFile output(request.output, request.existing);
  if (request.format == Format::Xlsx)
    write_xlsx(job, output);
  else
    write_text(job, output.fd(), request.output);
  output.commit();
}

// Up to where nothing is missing of the past part of the period.
base::Instant complete_until(const base::TimeRange& past, const Coverage& coverage,
                             const std::vector<base::TimeRange>& never_scanned) {
  base::Instant until = past.to;
  if (!never_scanned.empty()) until = std::min(until, never_scanned.front().from);
  if (coverage.first_missing()) until = std::min(until, *coverage.first_missing());
  return until;
}

}  // namespace

bool ExtractResult::has_gaps(base::Instant now) const {
  return transcripts.unsettled() > 0 || gap_spans(now) > 0;
}

std::size_t ExtractResult::gap_spans(base::Instant now) const {
  return static_cast<std::size_t>(
      std::count_if(never_scanned.begin(), never_scanned.end(),
                    [&](const base::TimeRange& span) { return span.from < now - kInStep; }));
}

ExtractResult write_extract(store::Reader& reader, const ExtractRequest& request, base::Instant now) {
  require_sense(request);
  const Snapshot snapshot(reader);
  const Coverage coverage = coverage_of(reader, request);
  const base::TimeRange past{std::min(request.filter.range->from, now), std::min(request.filter.range->to, now)};
  const auto size = request.progress ? reader.size_of(request.filter) : store::Reader::Size{};
  std::optional<Redactor> redactor;
  if (request.redact) redactor.emplace(*request.redact, reader.pseudonym_key());
  ExtractJob job{
      reader,
      request,
      now,
      {reader.org_id(), reader.schema_version(), reader.high_water_mark(), reader.service_record().last_success},
      past,
      coverage,
      redactor ? &*redactor : nullptr,
      Statistics(request.zone, request.filter.by),
      {},
      {},
      ProgressCounter(request, size)};
  job.result.transcripts = coverage.total();
  if (past.from < past.to) job.result.never_scanned = reader.uncovered(model::TimeField::Ended, past);
  job.result.complete_until = complete_until(past, coverage, job.result.never_scanned);
  write_output(job);
  job.progress.finish();
  return job.result;
}

}  // namespace wxcc::report
