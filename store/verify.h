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

// Whether an archive is whole and complete, each check reading one state of it; nothing is changed.

struct Check {
  enum class Outcome {
    Good,
    Gap,     // something is missing that the cloud has or may have
    Damage,  // the archive is not what was written, or contradicts itself
  };
  std::string name;  // file, references, full-text, bytes, messages, audit, transcripts, time
  Outcome outcome = Outcome::Good;
  std::int64_t examined = 0;
  std::vector<std::string> findings;  // the first ones, for people
  std::int64_t found = 0;             // all of them
};
inline constexpr auto kOutcomeNames = base::enum_names<Check::Outcome>(
    {{Check::Outcome::Good, "good"}, {Check::Outcome::Gap, "gap"}, {Check::Outcome::Damage, "damage"}});
[[nodiscard]] constexpr std::string_view to_text(Check::Outcome outcome) {
  return kOutcomeNames.text_of(outcome);
}

struct VerifyOptions {
  Parser parser;  // derived rows are compared with what it makes of the bytes
  // Called now and then with the transcripts read so far and their number; may be empty.
  std::function<void(std::int64_t done, std::int64_t of)> progress;
  // For the coverage gaps, where the time to be archived begins so long ago and not at a date.
  base::Instant now{};
};

// Throws what Reader::open() throws, but for a file that is too damaged to be opened: that is the one check then. The
// full text index is compared word by word when nobody writes and the caller may write; else its structure and its rows
// are inspected.
std::vector<Check> verify(const base::Path& path, const VerifyOptions& options);

// The worst.
Check::Outcome outcome_of(const std::vector<Check>& checks);

// PRAGMA integrity_check, foreign keys and, word by word, the full text index, of a file that is the caller's alone.
// Throws StoreError of kind Corrupt.
void require_integrity(const base::Path& path);

}  // namespace wxcc::store
