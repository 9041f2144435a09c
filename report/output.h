// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/instant.h"
#include "base/time_range.h"
#include "report/rows.h"

namespace wxcc::report {

class Coverage;
class Statistics;
struct ExtractRequest;
struct ExtractResult;

// The archive at the moment of the extract.
struct ArchiveInfo {
  std::string org_id;
  int schema_version = 0;
  std::optional<base::Instant> high_water_mark;
  std::optional<base::Instant> last_success;
};

// The facts of an extract before its first conversation. Outlives its outputs.
struct ExtractContext {
  const ExtractRequest& request;
  base::Instant now;
  ArchiveInfo archive;
};

// The facts of an extract after its last conversation.
struct ExtractSummary {
  const ExtractResult& result;
  base::TimeRange past;  // the request's period, as far as it is past
  const Coverage& coverage;
  Statistics& statistics;
  Rows& missing;  // the conversations without a transcript
  const store::Reader& reader;
};

// The open file, or standard output, that an output writes to. The caller owns and commits it.
struct OutputTarget {
  int fd;
  base::Path name;               // for messages
  base::Path path;               // by which this process can open it; empty for standard output
  base::Path scratch_directory;  // likewise
};

// A consumer of an extract's conversations: a file of some format, or a count. Every call may throw
// base::Error, base::FileError or store::StoreError; the extract has then failed.
class Output {
 public:
  Output() = default;
  virtual ~Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Called for each conversation, in order.
  virtual void add(const ConversationRecord& record) = 0;
  // Called once after the last of them. Afterwards the target has everything.
  virtual void finish(const ExtractSummary&) {}
};

using OpenOutput = std::unique_ptr<Output> (*)(const ExtractContext& context, const OutputTarget& target);

}  // namespace wxcc::report
