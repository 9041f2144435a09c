// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "report/columns.h"
#include "report/extract.h"
#include "report/info.h"
#include "report/output_file.h"

namespace wxcc::report {

// Tells the request's progress callback every thousand rows.
class ProgressCounter {
 public:
  ProgressCounter(const ExtractRequest& request, const store::Reader::Size& size)
      : request_(request), of_(size.conversations + size.messages) {}

  void add(std::int64_t rows) {
    rows_ += rows;
    if (request_.progress && rows_ >= next_) report();
  }
  void finish() {
    if (request_.progress) request_.progress({of_, of_});
  }

 private:
  void report() {
    request_.progress({rows_, of_});
    next_ = rows_ + 1000;
  }

  const ExtractRequest& request_;
  std::int64_t of_;
  std::int64_t rows_ = 0;
  std::int64_t next_ = 1000;
};

// What the writers of all formats work with. Of the result, what does not depend on the format is filled in already.
struct ExtractJob {
  store::Reader& reader;
  const ExtractRequest& request;
  base::Instant now;
  ArchiveFacts archive;
  base::TimeRange past;  // the request's period, as far as it is past
  const Coverage& coverage;
  ExtractResult result;
  ProgressCounter progress;
};

void write_xlsx(ExtractJob& job, OutputFile& output);
void write_csv(ExtractJob& job, TextSink& sink);
void write_jsonl(ExtractJob& job, TextSink& sink);

}  // namespace wxcc::report
