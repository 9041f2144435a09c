// SPDX-License-Identifier: Apache-2.0
#include "monitor/status_snapshot.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/file.h"
#include "store/archive.h"
#include "tests/temporary_directory.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");
constexpr ch::minutes kPollInterval{1};

class StatusSnapshotTest : public testing::Test {
 protected:
  StatusSnapshotTest() {
    for (const int hours : {3, 2}) {
      model::Task task;
      task.id = "t" + std::to_string(hours);
      task.ended = kNow - ch::hours(hours);
      tasks_.push_back(task);
    }
    const store::Scan scan{model::TimeField::Ended, {kNow - ch::hours(4), kNow - ch::minutes(1)}, kNow};
    archive_.commit_page(tasks_, scan, scan.range.to, kNow);
    archive_.service().record_backfill_start({std::nullopt, ch::hours(6)});
    archive_.service().record_success(kNow);
  }
  [[nodiscard]] StatusSnapshot collected(Detail detail) const {
    return collect(archive_.reader(), path_, kNow, kPollInterval, detail);
  }
  void login_needed(base::Instant since) {
    archive_.service().record_login("expired", std::nullopt, std::nullopt, since);
  }
  void write_token_file(base::Instant granted) const {
    base::write_file_durably(token_file_,
                             R"({"access_token": "A", "refresh_token": "R", "granted_at": ")" +
                                 base::to_iso8601_seconds(granted) + R"(", "expires_at": ")" +
                                 base::to_iso8601_seconds(granted + ch::hours(1)) + "\"}",
                             0600);
  }

  tests::TemporaryDirectory directory_;
  base::Path path_ = directory_.path() / "archive.db";
  base::Path token_file_ = directory_.path() / "access_token.json";
  std::vector<model::Task> tasks_;
  store::Archive archive_ = store::Archive::open({path_, "org-1", "test"}, kNow);
};

TEST_F(StatusSnapshotTest, LineHasStateMarkAndBacklog) {
  const StatusSnapshot found = collected(Detail::Line);
  EXPECT_EQ(found.state, State::Ok);
  EXPECT_EQ(found.high_water_mark, kNow - ch::minutes(1));
  EXPECT_EQ(found.counts[model::TranscriptState::Pending], 2);
  EXPECT_EQ(found.stale_after, ch::minutes(15));
}

TEST_F(StatusSnapshotTest, FiguresHaveCoverageGapsSinceBackfillStart) {
  const StatusSnapshot found = collected(Detail::Figures);
  EXPECT_THAT(found.coverage_gaps, ElementsAre(base::TimeRange{kNow - ch::hours(6), kNow - ch::hours(4)}));
  EXPECT_EQ(found.oldest_pending, kNow - ch::hours(3));
  EXPECT_GT(found.archive_bytes, 0U);
  EXPECT_GT(found.wal_bytes, 0U);
}

TEST_F(StatusSnapshotTest, ReaderCollectsSameAsWriter) {
  const store::Reader reader = store::Reader::open(path_);
  const StatusSnapshot read = collect(reader, path_, kNow, kPollInterval, Detail::Listing);
  const StatusSnapshot written = collected(Detail::Listing);
  EXPECT_EQ(read.coverage_gaps, written.coverage_gaps);
  EXPECT_EQ(read.counts, written.counts);
  EXPECT_EQ(read.state, written.state);
  EXPECT_EQ(read.oldest_pending, written.oldest_pending);
  EXPECT_GT(read.schema_version, 0);
}

TEST_F(StatusSnapshotTest, ListingHasFailedTasks) {
  const auto failure = store::FetchResult::failed(
      "t2", {store::FetchFailure::Phase::Captures, {.kind = model::Failure::Kind::Permanent, .message = "HTTP 400"}},
      std::nullopt);
  archive_.commit_fetched({&failure, 1}, kNow);
  EXPECT_TRUE(collected(Detail::Figures).failures.empty());
  const StatusSnapshot found = collected(Detail::Listing);
  ASSERT_EQ(found.failures.size(), 1U);
  EXPECT_EQ(found.failures[0].task_id, "t2");
  EXPECT_EQ(found.counts[model::TranscriptState::Failed], 1);
}

TEST_F(StatusSnapshotTest, ReportsUnreadableArchiveAsState) {
  archive_.checkpoint();
  const store::Reader reader = store::Reader::open(path_);
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(std::filesystem::file_size(path_) - 4096, 'x');
  }
  const StatusSnapshot found = collect(reader, path_, kNow, kPollInterval, Detail::Figures);
  EXPECT_EQ(found.state, State::Unreadable);
  ASSERT_TRUE(found.read_error);
  EXPECT_THAT(summary(found), StartsWith("unreadable: "));
}

TEST_F(StatusSnapshotTest, LaterTokenFileClearsLoginRequired) {
  login_needed(kNow - ch::hours(1));
  StatusSnapshot found = collected(Detail::Line);
  EXPECT_EQ(found.state, State::NeedsLogin);
  overlay_token_file(token_file_, found);
  EXPECT_EQ(found.state, State::NeedsLogin) << "there is no file";
  write_token_file(kNow - ch::hours(2));
  overlay_token_file(token_file_, found);
  EXPECT_EQ(found.state, State::NeedsLogin) << "an older login";
  write_token_file(kNow - ch::minutes(1));
  overlay_token_file(token_file_, found);
  EXPECT_EQ(found.state, State::Ok);
  EXPECT_EQ(found.record.access_expires_at, kNow + ch::minutes(59));

  archive_.service().record_login("", std::nullopt, std::nullopt, kNow);
  login_needed(kNow - ch::hours(1) + ch::milliseconds(500));
  found = collected(Detail::Line);
  ASSERT_EQ(found.state, State::NeedsLogin);
  write_token_file(kNow - ch::hours(1));
  overlay_token_file(token_file_, found);
  EXPECT_EQ(found.state, State::Ok) << "the file has whole seconds";
}

TEST_F(StatusSnapshotTest, UnrecordedFailureDegradesState) {
  StatusSnapshot found = collected(Detail::Line);
  overlay_error("", found);
  EXPECT_EQ(found.state, State::Ok);
  overlay_error("disk full", found);
  EXPECT_EQ(found.state, State::Degraded);
  EXPECT_THAT(summary(found), HasSubstr("; last error: disk full"));
  found.state = State::NeedsLogin;
  overlay_error("disk full", found);
  EXPECT_EQ(found.state, State::NeedsLogin);
}

TEST(Summary, IsOneLine) {
  StatusSnapshot found;
  found.now = kNow;
  found.state = State::Ok;
  found.high_water_mark = kNow;
  found.counts[model::TranscriptState::Pending] = 12;
  EXPECT_EQ(summary(found), "ok: archived until 2026-11-22 12:00:00 UTC; 12 transcripts pending");
  found.counts[model::TranscriptState::Pending] = 1;
  found.counts[model::TranscriptState::Failed] = 2;
  EXPECT_EQ(summary(found), "ok: archived until 2026-11-22 12:00:00 UTC; 1 transcript pending; 2 failed");
  found.counts = {};
  found.record.last_error = "search: status 503: (empty body)";
  found.state = State::Degraded;
  found.high_water_mark.reset();
  EXPECT_EQ(summary(found), "degraded: nothing archived yet; last error: search: status 503: (empty body)");
  found.record.needs_login = "no usable token: log in";
  found.state = State::NeedsLogin;
  EXPECT_EQ(summary(found), "needs-login: nothing archived yet; no usable token: log in");
  found.read_error = store::StoreError(store::StoreError::Kind::Other, "reading: disk I/O error");
  found.state = State::Unreadable;
  EXPECT_EQ(summary(found), "unreadable: reading: disk I/O error");
}

TEST(Warnings, CoverLoginExpiryAndWalSize) {
  StatusSnapshot found;
  found.now = kNow;
  EXPECT_TRUE(warnings(found).empty());
  found.record.refresh_expires_at = kNow + ch::days(6);
  found.wal_bytes = 300U << 20U;
  EXPECT_THAT(warnings(found), ElementsAre(StartsWith("the login expires in 6d"), StartsWith("WAL is 300 MiB")));
  found.state = State::NeedsLogin;
  EXPECT_THAT(warnings(found), ElementsAre(StartsWith("WAL")));
}

}  // namespace
}  // namespace wxcc::monitor
