// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/instant.h"

namespace wxcc::store {

// What decides whether a stored transcript is current, and where it stands.
struct StoredTranscript {
  std::int64_t key = 0;
  std::string identity;  // model::TranscriptItem::identity()
  std::optional<base::Instant> started;
  std::optional<base::Instant> created;
  base::Instant fetched;
  base::Sha256 sha256{};
  bool parsed = false;
  std::int64_t message_count = 0;
  std::optional<std::int64_t> first_seq;  // as stored; std::nullopt: not current
};

// A transcript that is to be current, and the number in the conversation that its first message gets.
struct CurrentVersion {
  std::int64_t key = 0;
  std::int64_t first_seq = 1;
  friend bool operator==(const CurrentVersion&, const CurrentVersion&) = default;
};

// Of one task's transcripts: of each identity the newest version that could be parsed (by creation, then by fetching,
// then the one with more messages), one after the other by start. The same for any order of the argument.
std::vector<CurrentVersion> current_versions(const std::vector<StoredTranscript>& transcripts);

}  // namespace wxcc::store
