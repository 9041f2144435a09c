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

bool said_before(const StoredTranscript* a, const StoredTranscript* b) {
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

std::vector<Placement> placements(const std::vector<StoredTranscript>& transcripts) {
  std::map<std::string, const StoredTranscript*> newest;
  for (const StoredTranscript& transcript : transcripts) {
    if (!transcript.parsed) continue;
    const StoredTranscript*& best = newest[transcript.identity];
    if (best == nullptr || older(*best, transcript)) best = &transcript;
  }
  std::vector<const StoredTranscript*> shown;
  for (const auto& [identity, transcript] : newest) shown.push_back(transcript);
  std::sort(shown.begin(), shown.end(), said_before);

  std::vector<Placement> result;
  std::int64_t next_seq = 1;
  for (const StoredTranscript* transcript : shown) {
    result.push_back({transcript->key, next_seq});
    next_seq += transcript->message_count;
  }
  return result;
}

}  // namespace wxcc::store
