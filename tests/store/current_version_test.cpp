// SPDX-License-Identifier: Apache-2.0
#include "store/task_transcripts.h"

#include <algorithm>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

StoredTranscript stored(std::int64_t key, const std::string& identity, std::int64_t messages,
                        std::optional<Instant> created = kStart) {
  StoredTranscript transcript;
  transcript.key = key;
  transcript.identity = identity;
  transcript.created = created;
  transcript.fetched = kNow;
  transcript.parsed = true;
  transcript.message_count = messages;
  transcript.sha256[0] = static_cast<unsigned char>(key);
  return transcript;
}

std::vector<CurrentVersion> versions(const std::vector<StoredTranscript>& transcripts) {
  const std::vector<CurrentVersion> result = current_versions(transcripts);
  std::vector<StoredTranscript> reversed(transcripts.rbegin(), transcripts.rend());
  EXPECT_EQ(current_versions(reversed), result) << "the order of the transcripts matters";
  return result;
}

TEST(CurrentVersions, AreEmptyForEmptyInput) {
  EXPECT_TRUE(versions({}).empty());
}

TEST(CurrentVersions, SelectLatestCreation) {
  EXPECT_EQ(versions({stored(1, "a", 5, kStart + hours(1)), stored(2, "a", 9, kStart)}),
            (std::vector<CurrentVersion>{{1, 1}}));
}

TEST(CurrentVersions, PreferKnownCreation) {
  EXPECT_EQ(versions({stored(1, "a", 9, std::nullopt), stored(2, "a", 5)}), (std::vector<CurrentVersion>{{2, 1}}));
}

TEST(CurrentVersions, SelectLatestFetchForEqualCreation) {
  StoredTranscript later = stored(1, "a", 5);
  later.fetched += hours(1);
  EXPECT_EQ(versions({later, stored(2, "a", 9)}), (std::vector<CurrentVersion>{{1, 1}}));
}

TEST(CurrentVersions, SelectMoreMessagesForEqualTimes) {
  EXPECT_EQ(versions({stored(1, "a", 5), stored(2, "a", 9)}), (std::vector<CurrentVersion>{{2, 1}}));
}

TEST(CurrentVersions, ExcludeUnparsedVersions) {
  StoredTranscript broken = stored(2, "a", 0, kStart + hours(9));
  broken.parsed = false;
  EXPECT_EQ(versions({stored(1, "a", 5), broken}), (std::vector<CurrentVersion>{{1, 1}}));
  EXPECT_TRUE(versions({broken}).empty());
}

TEST(CurrentVersions, NumberConversationsConsecutively) {
  EXPECT_EQ(
      versions({stored(1, "b", 3, kStart + hours(1)), stored(2, "a", 4, kStart + hours(2)), stored(3, "c", 2, kStart)}),
      (std::vector<CurrentVersion>{{3, 1}, {1, 3}, {2, 6}}));
}

TEST(CurrentVersions, OrderByStartBeforeCreation) {
  StoredTranscript first = stored(1, "z", 3, kStart + hours(5));
  first.started = kStart;
  EXPECT_EQ(versions({stored(2, "a", 4, kStart + hours(1)), first}), (std::vector<CurrentVersion>{{1, 1}, {2, 4}}));
}

TEST(CurrentVersions, PutUnknownTimesLast) {
  EXPECT_EQ(versions({stored(1, "a", 3, std::nullopt), stored(2, "b", 4)}),
            (std::vector<CurrentVersion>{{2, 1}, {1, 5}}));
}

}  // namespace
}  // namespace wxcc::store
