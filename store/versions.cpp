// SPDX-License-Identifier: Apache-2.0
#include "store/versions.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace wxcc::store {
namespace {

bool older(const StoredTranscript& a, const StoredTranscript& b) {
  // The digest only makes the choice the same every time.
  return std::tie(a.created, a.fetched, a.message_count, a.sha256) <
         std::tie(b.created, b.fetched, b.message_count, b.sha256);
}

bool starts_before(const StoredTranscript* a, const StoredTranscript* b) {
  const auto start = [](const StoredTranscript& transcript) {
    return transcript.started ? transcript.started : transcript.created;
  };
  const auto start_a = start(*a);
  const auto start_b = start(*b);
  // Those whose time is unknown come last.
  if (start_a.has_value() != start_b.has_value()) return start_a.has_value();
  return std::tie(start_a, a->identity) < std::tie(start_b, b->identity);
}

}  // namespace

std::vector<CurrentVersion> current_versions(const std::vector<StoredTranscript>& transcripts) {
  std::map<std::string, const StoredTranscript*> newest;
  for (const StoredTranscript& transcript : transcripts) {
    if (!transcript.parsed) continue;
    const StoredTranscript*& best = newest[transcript.identity];
    if (best == nullptr || older(*best, transcript)) best = &transcript;
  }
  std::vector<const StoredTranscript*> current;
  for (const auto& [identity, transcript] : newest) current.push_back(transcript);
  std::sort(current.begin(), current.end(), starts_before);

  std::vector<CurrentVersion> result;
  std::int64_t next_seq = 1;
  for (const StoredTranscript* transcript : current) {
    result.push_back({transcript->key, next_seq});
    next_seq += transcript->message_count;
  }
  return result;
}

}  // namespace wxcc::store
