// SPDX-License-Identifier: Apache-2.0
#include "archive_fixture.h"

namespace wxcc::store {
namespace {

class FetchQueueTest : public ArchiveFixture {
 protected:
  std::vector<std::string> due(Instant now, int limit = 100) {
    std::vector<std::string> ids;
    for (const DueTask& task : archive_.queue().due_tasks(now, limit)) ids.push_back(task.task_id);
    return ids;
  }
  std::string state(const std::string& id) const {
    return row("SELECT transcript_state FROM conversations WHERE task_id = '" + id + "'");
  }
  void archive_task(const std::string& id, std::optional<Instant> recheck = std::nullopt) {
    store(archive_, id, {transcript("c-" + id, {"hello"})}, recheck, kNow);
  }
  using Ids = std::vector<std::string>;

  Archive archive_ = open();
};

TEST_F(FetchQueueTest, IsEmptyInitially) {
  EXPECT_TRUE(due(kNow).empty());
  EXPECT_FALSE(archive_.queue().next_due());
}

TEST_F(FetchQueueTest, ReturnsLatestEndedTaskFirst) {
  commit(archive_,
         {ended_task("middle", kStart + hours(5)), ended_task("old", kStart), ended_task("new", kStart + hours(9))});
  EXPECT_EQ(due(kNow), (Ids{"new", "middle", "old"}));
  EXPECT_EQ(due(kNow, 2), (Ids{"new", "middle"}));
  EXPECT_TRUE(due(kNow - minutes(1)).empty());
  EXPECT_EQ(archive_.queue().next_due(), kNow);
}

TEST_F(FetchQueueTest, CountsAttemptsSinceFirstSeen) {
  commit(archive_, {ended_task("t1")});
  store(archive_, FetchResult::not_available("t1", kNow + minutes(1)), kNow);
  store(archive_, FetchResult::not_available("t1", kNow + minutes(3)), kNow + minutes(1));
  EXPECT_TRUE(due(kNow + minutes(2)).empty());
  const DueTask task = archive_.queue().due_tasks(kNow + minutes(3), 1).at(0);
  EXPECT_EQ(task.attempts, 2);
  EXPECT_EQ(task.first_seen, kNow);
  EXPECT_EQ(task.ended, kStart + hours(1));
  EXPECT_FALSE(task.recheck);
  EXPECT_EQ(state("t1"), "pending");
}

TEST_F(FetchQueueTest, RemovesArchivedTask) {
  commit(archive_, {ended_task("t1")});
  archive_task("t1");
  EXPECT_FALSE(archive_.queue().next_due());
}

TEST_F(FetchQueueTest, SchedulesRecheckOfArchivedTask) {
  commit(archive_, {ended_task("t1")});
  store(archive_, FetchResult::not_available("t1", kNow), kNow);
  archive_task("t1", kNow + hours(6));
  EXPECT_TRUE(due(kNow + hours(5)).empty());
  const DueTask task = archive_.queue().due_tasks(kNow + hours(6), 1).at(0);
  EXPECT_TRUE(task.recheck);
  EXPECT_EQ(task.attempts, 0);
  store(archive_, FetchResult::not_available("t1", kNow + hours(7)), kNow + hours(6));
  EXPECT_EQ(state("t1"), "archived");
  EXPECT_TRUE(archive_.queue().due_tasks(kNow + hours(7), 1).at(0).recheck);
}

TEST_F(FetchQueueTest, RemovesAbsentTask) {
  commit(archive_, {ended_task("t1"), ended_task("t2")});
  archive_task("t2", kNow);
  store(archive_, FetchResult::absent("t1"), kNow);
  store(archive_, FetchResult::absent("t2"), kNow);
  EXPECT_EQ(state("t1"), "absent");
  EXPECT_EQ(state("t2"), "archived");
  EXPECT_FALSE(archive_.queue().next_due());
}

TEST_F(FetchQueueTest, RecordsFailuresAndReschedules) {
  commit(archive_, {ended_task("t1")});
  store(archive_, FetchResult::failed("t1", failure_of("download", "transient", "HTTP 503"), kNow + minutes(1)), kNow);
  store(archive_, FetchResult::failed("t1", failure_of("download", "transient", "HTTP 502"), kNow + minutes(3)),
        kNow + minutes(1));
  EXPECT_EQ(state("t1"), "pending");
  EXPECT_EQ(archive_.queue().next_due(), kNow + minutes(3));
  const std::vector<TaskFailure> failures = Reader::open(path_).failures_of("t1");
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].phase, "download");
  EXPECT_EQ(failures[0].kind, "transient");
  EXPECT_EQ(failures[0].message, "HTTP 502");
  EXPECT_EQ(failures[0].first, kNow);
  EXPECT_EQ(failures[0].last, kNow + minutes(1));
  EXPECT_EQ(failures[0].attempts, 2);
  archive_task("t1");
  EXPECT_TRUE(Reader::open(path_).failures_of("t1").empty());
}

TEST_F(FetchQueueTest, RemovesTaskAfterFinalFailure) {
  commit(archive_, {ended_task("t1"), ended_task("t2")});
  archive_task("t2", kNow);
  store(archive_, FetchResult::failed("t1", failure_of("download", "permanent", "HTTP 404"), std::nullopt), kNow);
  store(archive_, FetchResult::failed("t2", failure_of("download", "permanent", "HTTP 404"), std::nullopt), kNow);
  EXPECT_EQ(state("t1"), "failed");
  EXPECT_EQ(state("t2"), "archived");
  EXPECT_FALSE(archive_.queue().next_due());
}

TEST_F(FetchQueueTest, DeletesCapturesFailureAfterCapturesResponse) {
  commit(archive_, {ended_task("t1")});
  store(archive_, FetchResult::failed("t1", failure_of("captures", "transient", "HTTP 503"), kNow), kNow);
  store(archive_, FetchResult::failed("t1", failure_of("download", "transient", "HTTP 503"), kNow), kNow);
  store(archive_, FetchResult::not_available("t1", kNow), kNow);
  EXPECT_EQ(rows("SELECT phase FROM failure"), Ids{"download"});
}

TEST_F(FetchQueueTest, RequeuesMissingTranscripts) {
  commit(archive_, {ended_task("absent", kStart + hours(1)), ended_task("failed", kStart + hours(2)),
                    ended_task("archived", kStart + hours(3)), ended_task("outside", kStart + hours(4))});
  for (const char* id : {"absent", "outside"}) store(archive_, FetchResult::absent(id), kNow);
  store(archive_, FetchResult::failed("failed", failure_of("captures", "permanent", "HTTP 400"), std::nullopt), kNow);
  archive_task("archived");
  const Instant later = kNow + hours(6);
  EXPECT_EQ(archive_.queue().requeue_missing({kStart, kStart + hours(4)}, later), 2);
  EXPECT_EQ(archive_.queue().requeue_missing({kStart, kStart + hours(4)}, later), 0);
  EXPECT_EQ(due(later), (Ids{"failed", "absent"}));
  // The task stays absent until the next result; first_seen is unchanged.
  EXPECT_EQ(state("absent"), "absent");
  EXPECT_EQ(archive_.queue().due_tasks(later, 1).at(0).first_seen, kNow);
  archive_task("absent");
  EXPECT_EQ(state("absent"), "archived");
}

TEST_F(FetchQueueTest, MakesPendingTasksOfRangeDue) {
  commit(archive_, {ended_task("absent", kStart + hours(1)), ended_task("pending", kStart + hours(2)),
                    ended_task("archived", kStart + hours(3)), ended_task("outside", kStart + hours(4))});
  store(archive_, FetchResult::absent("absent"), kNow);
  const Instant later = kNow + hours(1);
  for (const char* id : {"pending", "outside"}) store(archive_, FetchResult::not_available(id, later + hours(5)), kNow);
  archive_task("archived");
  EXPECT_EQ(due(later), Ids{});
  archive_.queue().make_due({kStart, kStart + hours(4)}, later);
  EXPECT_EQ(due(later), (Ids{"pending", "absent"}));
}

TEST_F(FetchQueueTest, IgnoresTaskRemovedDuringFetch) {
  commit(archive_, {ended_task("result"), ended_task("erased")});
  archive_.removal().erase({"erased"}, "task", kNow);
  const std::vector<FetchResult> results = {
      FetchResult::fetched("erased", {transcript("c1", {"hello"})}), FetchResult::not_available("erased", kNow),
      FetchResult::absent("erased"),
      FetchResult::failed("erased", failure_of("captures", "permanent", "no"), std::nullopt),
      FetchResult::fetched("result", {transcript("c2", {"hello", "goodbye"})})};
  const std::vector<StoreResult> stored = archive_.commit_fetched(results, kNow);
  ASSERT_EQ(stored.size(), results.size());
  for (std::size_t i = 0; i < 4; ++i) EXPECT_FALSE(stored[i].known) << i;
  EXPECT_TRUE(stored[4].known);
  EXPECT_EQ(stored[4].new_messages, 2);
  EXPECT_EQ(state("result"), "archived");
  EXPECT_EQ(rows("SELECT task_id FROM conversations"), Ids{"result"});
}

TEST_F(FetchQueueTest, StoresOthersOfGroupWhenOneTaskFails) {
  commit(archive_, {ended_task("first"), ended_task("broken"), ended_task("empty"), ended_task("last")});
  modify(
      "CREATE TRIGGER break BEFORE INSERT ON message WHEN new.text = 'break' BEGIN "
      "SELECT raise(ABORT, 'does not fit'); END");
  const std::vector<StoreResult> stored = archive_.commit_fetched(
      std::vector{FetchResult::fetched("first", {transcript("c1", {"hello"})}),
                  FetchResult::fetched("broken", {transcript("c2", {"one", "break"})}),
                  FetchResult::fetched("empty", {}), FetchResult::fetched("last", {transcript("c4", {"goodbye"})})},
      kNow);
  EXPECT_EQ(stored.at(0).error, "");
  EXPECT_NE(stored.at(1).error.find("does not fit"), std::string::npos) << stored.at(1).error;
  EXPECT_NE(stored.at(2).error, "");
  EXPECT_EQ(stored.at(3).error, "");
  EXPECT_EQ(rows("SELECT task_id || ' ' || transcript_state FROM conversations ORDER BY 1"),
            (Ids{"broken pending", "empty pending", "first archived", "last archived"}));
  EXPECT_EQ(rows("SELECT text FROM messages ORDER BY text"), (Ids{"goodbye", "hello"})) << "no partial transcript";
}

TEST_F(FetchQueueTest, PostponesTaskWhenResultCannotBeStored) {
  commit(archive_, {ended_task("later"), ended_task("given up")});
  modify("CREATE TRIGGER break BEFORE INSERT ON failure BEGIN SELECT raise(ABORT, 'does not fit'); END");
  const FetchFailure failure = failure_of("download", "permanent", "HTTP 404");
  const std::vector<StoreResult> stored =
      archive_.commit_fetched(std::vector{FetchResult::failed("later", failure, kNow + hours(2)),
                                          FetchResult::failed("given up", failure, std::nullopt)},
                              kNow);
  for (const StoreResult& result : stored) {
    EXPECT_NE(result.error.find("does not fit"), std::string::npos) << result.error;
    EXPECT_FALSE(result.due_now);
  }
  EXPECT_EQ(rows("SELECT task_id, transcript_state, due_ms, attempts FROM fetch_queue JOIN task USING (task_key) "
                 "ORDER BY due_ms"),
            (Ids{"later|pending|1770832800000|1", "given up|pending|1770912000000|1"}));
}

TEST_F(FetchQueueTest, ReportsTaskAsDueWhenQueueCannotBeWritten) {
  commit(archive_, {ended_task("t1")});
  modify("CREATE TRIGGER break BEFORE UPDATE ON fetch_queue BEGIN SELECT raise(ABORT, 'does not fit'); END");
  const StoreResult stored = store(archive_, FetchResult::not_available("t1", kNow + hours(2)));
  EXPECT_NE(stored.error.find("does not fit"), std::string::npos) << stored.error;
  EXPECT_TRUE(stored.due_now);
}

TEST_F(FetchQueueTest, ReschedulesFailedFurtherTranscript) {
  commit(archive_, {ended_task("t1")});
  FetchResult result = FetchResult::fetched("t1", {transcript("c1", {"hello"})}, kNow + hours(1));
  result.failure = failure_of("download", "transient", "HTTP 503");
  store(archive_, result);
  EXPECT_EQ(state("t1"), "archived");
  const DueTask task = archive_.queue().due_tasks(kNow + hours(1), 1).at(0);
  EXPECT_TRUE(task.recheck);
  EXPECT_EQ(task.attempts, 1);
  EXPECT_EQ(archive_.reader().failures_of("t1").at(0).message, "HTTP 503");
}

TEST_F(FetchQueueTest, ReportsUnknownTask) {
  EXPECT_FALSE(store(archive_, FetchResult::absent("unknown")).known);
}

TEST_F(FetchQueueTest, CountsTasksByState) {
  commit(archive_, {ended_task("a"), ended_task("b"), ended_task("c"), ended_task("d"), ended_task("e")});
  archive_task("a");
  store(archive_, FetchResult::absent("b"), kNow);
  store(archive_, FetchResult::failed("c", failure_of("captures", "permanent", "no"), std::nullopt), kNow);
  store(archive_, "d", {unparsed("c", "{")}, std::nullopt, kNow);
  const Counts counts = archive_.reader().counts();
  EXPECT_EQ(counts.tasks(), 5);
  EXPECT_EQ(counts[model::TranscriptState::Archived], 1);
  EXPECT_EQ(counts[model::TranscriptState::Absent], 1);
  EXPECT_EQ(counts[model::TranscriptState::Failed], 1);
  EXPECT_EQ(counts[model::TranscriptState::Unparsed], 1);
  EXPECT_EQ(counts[model::TranscriptState::Pending], 1);
  EXPECT_EQ(counts.messages, 1);
  EXPECT_EQ(row("SELECT * FROM coverage_by_day"), "2026-01-01|5|1|1|1|1|1");
}

}  // namespace
}  // namespace wxcc::store
