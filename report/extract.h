// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/file.h"
#include "base/instant.h"
#include "base/time_range.h"
#include "base/zone.h"
#include "model/redaction.h"
#include "report/csv_options.h"
#include "report/formats.h"
#include "store/reader.h"

namespace wxcc::report {

// Excel's sheets have 1,048,576 rows; the first is the header.
inline constexpr std::int64_t kRowsPerSheet = 1'048'575;

struct ExtractRequest {
  store::ConversationFilter filter;  // its range must be given
  base::Zone zone = base::Zone::utc();
  const Format* format = &kFormats.front();
  base::Path output;  // "-" writes to `standard_output`; for formats that may go there
  base::OverwritePolicy overwrite = base::OverwritePolicy::Fail;
  std::string program;       // "wxcc-archive 0.1.0"
  std::string command_line;  // recorded in the extract
  int standard_output = 1;
  std::int64_t rows_per_sheet = kRowsPerSheet;  // 1 to kRowsPerSheet
  std::size_t links_per_sheet = 65'530;         // Excel's limit
  CsvOptions csv;
  std::optional<model::RedactionProfile> redact;

  struct Progress {
    std::int64_t rows = 0;
    std::int64_t of = 0;
  };
  std::function<void(const Progress&)> progress;  // called every thousand rows and at the end; may be empty
};

struct ExtractResult {
  std::int64_t conversations = 0;
  std::int64_t messages = 0;
  // Of the conversations of the period that the filter selects, without regard to its text and states: a transcript
  // that is missing matches no text.
  model::StateCounts transcripts;
  // Parts of the past period that no scan by end time has covered.
  std::vector<base::TimeRange> coverage_gaps;
  // The start of the first coverage gap or missing transcript; the end of the past part of the period if there is none.
  base::Instant complete_until{};
  std::string content_sha256;  // of the rows, whatever the format: see ContentHash

  // Whether conversations or transcripts may be missing from the extract: transcripts pending, failed or unparsed, or
  // coverage gaps.
  [[nodiscard]] bool has_gaps(base::Instant now) const;
  // The number of coverage gaps, without those in the half hour before `now`: an archive always lags a little behind
  // the Webex API.
  [[nodiscard]] std::size_t count_coverage_gaps(base::Instant now) const;
};

// Writes the extract from one snapshot of the archive, in constant memory. Afterwards the output file is complete. If
// it throws, no output file is left: base::UsageError for an invalid request, base::FileError and base::Error for the
// output, store::StoreError for the archive.
ExtractResult write_extract(store::Reader& reader, const ExtractRequest& request, base::Instant now);

}  // namespace wxcc::report
