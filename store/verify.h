// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/file.h"
#include "store/transcript_table.h"

namespace wxcc::store {

// Whether an archive is intact and complete; each check reads one snapshot, and nothing is changed.

struct Check {
  enum class Outcome {
    Ok,
    Incomplete,  // data is missing that the API has or may have
    Corrupt,     // the archive differs from what was written, or is inconsistent
  };
  std::string name;  // file, foreign-keys, full-text, checksums, derived-rows, audit, transcripts, coverage
  Outcome outcome = Outcome::Ok;
  std::string_view unit;  // of examined, in the singular: page, foreign key, message, ...
  std::int64_t examined = 0;
  std::vector<std::string> findings = {};  // the first ones, for display
  std::int64_t found = 0;                  // all of them
};
inline constexpr auto kOutcomeNames = base::enum_names<Check::Outcome>(
    {{Check::Outcome::Ok, "ok"}, {Check::Outcome::Incomplete, "incomplete"}, {Check::Outcome::Corrupt, "corrupt"}});
[[nodiscard]] constexpr std::string_view to_text(Check::Outcome outcome) {
  return kOutcomeNames.text_of(outcome);
}

struct VerifyOptions {
  Parser parser;  // derived rows are compared with its result for the bytes
  // Called at intervals with the number of transcripts read and of all; may be empty.
  std::function<void(std::int64_t done, std::int64_t of)> progress;
  // For coverage gaps, if the time to be archived begins at a lookback instead of a date.
  base::Instant now{};
};

// Throws the exceptions of Reader::open(), except for a file that is too damaged to be opened: then that is the only
// check. The full text index is compared word by word when no writer has the archive and the caller may write;
// otherwise its structure and its rows are checked.
std::vector<Check> verify(const base::Path& path, const VerifyOptions& options);

// The worst.
Check::Outcome outcome_of(const std::vector<Check>& checks);

// PRAGMA integrity_check, foreign keys and, word by word, the full text index, of a file that no other process uses.
// Throws StoreError of kind Corrupt.
void require_integrity(const base::Path& path);

}  // namespace wxcc::store
