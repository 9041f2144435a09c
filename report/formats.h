// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/conversation_metrics.h"
#include "report/columns.h"
#include "report/content_hash.h"
#include "report/extract.h"
#include "report/info.h"
#include "report/output_file.h"
#include "report/redaction.h"
#include "report/statistics.h"
#include "report/workbook.h"

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
  const Redactor* redactor;  // may be none
  Statistics statistics;
  ContentHash hash;
  ExtractResult result;
  ProgressCounter progress;
};

// Every conversation of the extract with its messages, redacted as asked for, in order. Counts them in the job's
// result, statistics, hash and progress.
using VisitConversation = std::function<void(const store::StoredTask&, const std::vector<model::ArchivedMessage>&,
                                             const model::ConversationMetrics&)>;
void for_each_conversation(ExtractJob& job, const VisitConversation& visit);

// The filter without what a missing transcript cannot match, or is selected by.
store::ConversationFilter without_content(store::ConversationFilter filter);

void write_summary(ExtractJob& job, Workbook& workbook, Sheet& sheet);
void write_gaps(ExtractJob& job, Workbook& workbook);
void write_xlsx(ExtractJob& job, OutputFile& output);
void write_csv(ExtractJob& job, TextSink& sink);
void write_jsonl(ExtractJob& job, TextSink& sink);

}  // namespace wxcc::report
