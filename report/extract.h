// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/instant.h"
#include "base/zone.h"
#include "report/coverage.h"
#include "report/csv_options.h"
#include "report/output_file.h"
#include "report/redaction.h"
#include "store/reader.h"

namespace wxcc::report {

enum class Format { Xlsx, Csv, Jsonl };

// Excel's sheets have 1,048,576 rows; the first is the header.
inline constexpr std::int64_t kRowsPerSheet = 1'048'575;

struct ExtractRequest {
  store::ConversationFilter filter;  // its range must be given
  base::Zone zone = base::Zone::utc();
  Format format = Format::Xlsx;
  base::Path output;  // "-" writes to `standard_output`; not for workbooks
  Existing existing = Existing::Refuse;
  std::string program;       // "wxcc-archive 0.1.0"
  std::string command_line;  // told in the extract
  int standard_output = 1;
  std::int64_t rows_per_sheet = kRowsPerSheet;  // 1 to kRowsPerSheet
  std::size_t links_per_sheet = 65'530;         // Excel's limit
  CsvOptions csv;
  std::optional<RedactionProfile> redact;

  struct Progress {
    std::int64_t rows = 0;
    std::int64_t of = 0;
  };
  std::function<void(const Progress&)> progress;  // called now and then, and at the end; may be empty
};

// A text that was too long for a cell of a workbook.
struct CutCell {
  std::string sheet;
  std::string cell;            // "E17"
  std::size_t characters = 0;  // of the whole text
};

struct ExtractResult {
  std::int64_t conversations = 0;
  std::int64_t messages = 0;
  // Of the conversations of the period that the filter selects, without regard to its text and states: a transcript
  // that is missing matches no text.
  model::StateCounts transcripts;
  // Parts of the period, as far as it is past, that no scan by end time has covered.
  std::vector<base::TimeRange> never_scanned;
  // Up to here nothing is missing: neither a span never scanned nor a transcript that may still come. The end of the
  // past part of the period when nothing at all is.
  base::Instant complete_until{};
  std::string content_sha256;  // of the rows, whatever the format: see ContentHash
  std::int64_t links_left_out = 0;
  std::int64_t cut_cells = 0;
  std::vector<CutCell> first_cut_cells;  // a hundred at most
  int further_sheets = 0;                // because one had no more room

  // Whether something that may exist is not in the extract: transcripts pending, failed or unreadable, or time never
  // scanned.
  [[nodiscard]] bool has_gaps(base::Instant now) const;
  // How many spans of never_scanned count as gaps: not one within the last half hour before `now`, since an archive in
  // step with the cloud is always a little behind it.
  [[nodiscard]] std::size_t gap_spans(base::Instant now) const;
};

// Writes the extract from one snapshot of the archive, in constant memory. Afterwards the output file is complete, or
// it threw and nothing is left of it: base::UsageError for a request that makes no sense, base::FileError and
// base::Error for the output, store::StoreError for the archive.
ExtractResult write_extract(store::Reader& reader, const ExtractRequest& request, base::Instant now);

}  // namespace wxcc::report
