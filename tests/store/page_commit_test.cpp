// SPDX-License-Identifier: Apache-2.0
#include "archive_fixture.h"
#include "base/digest.h"

namespace wxcc::store {
namespace {

class PageCommit : public ArchiveFixture {
 protected:
  Archive archive_ = open();
};

model::Task full_task() {
  model::Task task = ended_task("t1");
  task.channel_subtype = "web";
  task.direction = "inbound";
  task.origin = "mira@example.com";
  task.destination = "https://example.com/chat";
  task.last_activity = kStart + hours(2);
  task.duration = base::Millis(600001);
  task.connected_duration = base::Millis(500002);
  task.queue_duration = base::Millis(90003);
  task.wrapup_duration = base::Millis(4004);
  task.queue = {"q1", "Support"};
  task.team = {"te1", "Team One"};
  task.site = {"s1", "Site One"};
  task.entry_point = {"e1", "Web chat"};
  task.agent = {"a1", "Arne Holm"};
  task.customer = {"Mira Visser", "mira@example.com", "+31 20 1"};
  task.wrapup_code_id = "w1";
  task.wrapup_code = "Solved";
  task.termination_type = "normal";
  task.termination_reason = "Customer Left";
  task.terminating_end = "Customer";
  task.contact_reason = "Parcel";
  task.csat_score = 4;
  task.other_members = R"({"holdCount":2})";
  return task;
}

TEST_F(PageCommit, ChangesNothingWhenRepeated) {
  commit(archive_, {full_task(), ended_task("t2")});
  const std::string before = dump();
  const Upserted again = commit(archive_, {ended_task("t2"), full_task()}, kNow + hours(1));
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.changed, 0);
  EXPECT_EQ(dump(), before);
}

TEST_F(PageCommit, RetainsTranscriptStateOfChangedTask) {
  commit(archive_, {ended_task("t1")});
  store(archive_, "t1", {transcript("c1", {"hello"})}, std::nullopt, kNow);
  model::Task changed = ended_task("t1", kStart + hours(3));
  changed.wrapup_code = "Solved";
  commit(archive_, {changed});
  EXPECT_EQ(row("SELECT transcript_state, wrapup_code, message_count FROM conversations"), "archived|Solved|1");
  EXPECT_FALSE(archive_.queue().next_due());
}

TEST_F(PageCommit, UpdatesQueuedTaskWhenEndChanges) {
  commit(archive_, {ended_task("t1")});
  commit(archive_, {ended_task("t1", kStart + hours(9))});
  EXPECT_EQ(archive_.queue().due_tasks(kNow, 10).at(0).ended, kStart + hours(9));
}

TEST_F(PageCommit, RejectsPageWithTaskWithoutEnd) {
  model::Task open_task = ended_task("open");
  open_task.ended.reset();
  EXPECT_THROW(commit(archive_, {ended_task("t1"), open_task}), std::logic_error);
  EXPECT_EQ(archive_.reader().counts().tasks(), 0);
  EXPECT_EQ(commit(archive_, {ended_task("t1")}).added, 1);
}

TEST_F(PageCommit, TakesNameOfLatestTaskInAnyOrder) {
  const auto with_queue = [](const std::string& id, int hour, const std::string& name) {
    model::Task task = ended_task(id, kStart + hours(hour));
    task.queue = {"q1", name};
    return task;
  };
  commit(archive_, {with_queue("t2", 5, "New name")});
  commit(archive_, {with_queue("t1", 1, "Old name"), with_queue("t3", 9, "")});
  EXPECT_EQ(rows("SELECT DISTINCT queue FROM conversations"), std::vector<std::string>{"New name"});
  commit(archive_, {with_queue("t4", 10, "Newest name")});
  EXPECT_EQ(rows("SELECT DISTINCT queue FROM conversations"), std::vector<std::string>{"Newest name"});
}

TEST_F(PageCommit, NamesQueueByIdUntilNameIsKnown) {
  model::Task task = ended_task("t1");
  task.queue = {"q1", ""};
  commit(archive_, {task});
  EXPECT_EQ(row("SELECT queue FROM conversations"), "q1");
  task.queue.name = "Support";
  commit(archive_, {task});
  EXPECT_EQ(row("SELECT queue FROM conversations"), "Support");
}

TEST_F(PageCommit, SharesCustomersAndDeletesOrphanedOnes) {
  model::Task first = ended_task("t1");
  first.customer = {"Mira", "", ""};
  model::Task second = ended_task("t2");
  second.customer = {"Mira", "", ""};
  commit(archive_, {first, second});
  EXPECT_EQ(row("SELECT count(*) FROM customer"), "1");
  first.customer.email = "mira@example.com";
  commit(archive_, {first});
  EXPECT_EQ(row("SELECT count(*) FROM customer"), "2");
  second.customer.email = "mira@example.com";
  commit(archive_, {second});
  EXPECT_EQ(row("SELECT name, email, phone FROM customer"), "Mira|mira@example.com|-");
}

TEST_F(PageCommit, IgnoresErasedTasks) {
  commit(archive_, {ended_task("t1")});
  const std::string key = row("SELECT tombstone_key FROM organisation");
  modify("INSERT INTO tombstone VALUES (x'" + base::to_hex(base::hmac_sha256(key, "erased")) + "')");
  EXPECT_EQ(commit(archive_, {ended_task("erased"), ended_task("t2")}).added, 1);
  EXPECT_EQ(rows("SELECT task_id FROM conversations ORDER BY 1"), (std::vector<std::string>{"t1", "t2"}));
}

TEST_F(PageCommit, RecordsCoverageAndMarkWithLastPage) {
  EXPECT_FALSE(archive_.reader().high_water_mark());
  const TimeRange day{kStart, kStart + hours(24)};
  commit(archive_, {ended_task("t1")});
  EXPECT_FALSE(archive_.reader().high_water_mark());
  EXPECT_EQ(archive_.reader().uncovered(model::TimeField::Ended, day), std::vector{day});
  archive_.commit_page({ended_task("t2")}, Scan{model::TimeField::Ended, day, kNow}, day.to, kNow);
  EXPECT_EQ(archive_.reader().high_water_mark(), day.to);
  EXPECT_TRUE(archive_.reader().uncovered(model::TimeField::Ended, day).empty());
}

TEST_F(PageCommit, NeverMovesMarkBack) {
  archive_.commit_page({}, std::nullopt, kStart + hours(5), kNow);
  archive_.commit_page({}, std::nullopt, kStart + hours(3), kNow);
  EXPECT_EQ(archive_.reader().high_water_mark(), kStart + hours(5));
}

TEST_F(PageCommit, RecordsLatestScanOfMergedSpan) {
  const auto scan = [&](int from, int to, Instant at) {
    archive_.commit_page({}, Scan{model::TimeField::Ended, {kStart + hours(from), kStart + hours(to)}, at},
                         std::nullopt, kNow);
  };
  scan(0, 2, kNow + hours(2));
  scan(2, 4, kNow);
  EXPECT_EQ(row("SELECT (from_ms - 1767225600000) / 3600000, (to_ms - 1767225600000) / 3600000, "
                "(scanned_ms - 1770825600000) / 3600000 FROM scan_span"),
            "0|4|2");
}

}  // namespace
}  // namespace wxcc::store
