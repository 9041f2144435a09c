// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <random>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

// The steps of a run of the service, which may come in any order and repeatedly: a page with its scan, the transcripts
// of a task.
using Step = std::function<void(Archive&)>;

std::vector<model::Task> page(int number) {
  std::vector<model::Task> tasks;
  for (int i = 0; i < 8; ++i) {
    const int n = number * 8 + i;
    // Adjacent pages share a timestamp.
    model::Task task = ended_task("t" + std::to_string(n), kStart + hours(number * 8 + (i == 7 ? 8 : i)));
    task.queue = {"q" + std::to_string(n % 3), "Queue " + std::to_string(n % 3) + (n < 20 ? "" : " renamed")};
    task.agent = {"a" + std::to_string(n % 5), n % 2 == 0 ? "" : "Agent " + std::to_string(n % 5)};
    if (n % 4 != 0) task.customer = {"Customer " + std::to_string(n % 6), "", ""};
    tasks.push_back(task);
  }
  return tasks;
}

Step page_step(int number) {
  return [number](Archive& archive) {
    const TimeRange range{kStart + hours(number * 8), kStart + hours(number * 8 + 8)};
    archive.commit_page(page(number), Scan{model::TimeField::Ended, range, kNow}, range.to, kNow);
  };
}

std::vector<Step> transcript_steps() {
  std::vector<Step> steps;
  for (int n = 0; n < 40; n += 2) {
    const std::string id = "t" + std::to_string(n);
    const auto record = [&steps, id](std::vector<FetchedTranscript> transcripts) {
      steps.emplace_back([id, transcripts](Archive& archive) { store(archive, id, transcripts, std::nullopt, kNow); });
    };
    record({transcript("c" + id, {"hello", "early version"}, kStart + hours(1))});
    record({transcript("c" + id, {"hello", "late", "version"}, kStart + hours(2)),
            unparsed("c" + id, "{", kStart + hours(3))});
    if (n % 6 == 0) record({transcript("d" + id, {"another conversation"}, kStart)});
  }
  return steps;
}

class CommitOrder : public ArchiveFixture, public testing::WithParamInterface<unsigned> {
 protected:
  std::string archive_of(const std::string& name, const std::vector<Step>& steps) {
    path_ = root_ / name;
    Archive archive = open();
    for (const Step& step : steps) step(archive);
    EXPECT_EQ(archive.reader().high_water_mark(), kStart + hours(40));
    EXPECT_NO_THROW(modify("INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)"));
    EXPECT_EQ(row("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(rows("PRAGMA foreign_key_check"), std::vector<std::string>{});
    return views();
  }
};

TEST_P(CommitOrder, DoesNotChangeTheArchive) {
  std::vector<Step> pages;
  for (int number = 0; number < 5; ++number) pages.push_back(page_step(number));
  std::vector<Step> transcripts = transcript_steps();
  std::vector<Step> straight = pages;
  straight.insert(straight.end(), transcripts.begin(), transcripts.end());
  const std::string expected = archive_of("straight.db", straight);

  std::mt19937 random(GetParam());
  pages.push_back(pages[random() % pages.size()]);
  std::shuffle(pages.begin(), pages.end(), random);
  for (int repeats = 0; repeats < 10; ++repeats) transcripts.push_back(transcripts[random() % transcripts.size()]);
  std::shuffle(transcripts.begin(), transcripts.end(), random);
  std::vector<Step> shuffled = pages;
  shuffled.insert(shuffled.end(), transcripts.begin(), transcripts.end());
  // Pages may come again at any time, also after transcripts.
  for (int repeats = 0; repeats < 5; ++repeats) shuffled.push_back(page_step(static_cast<int>(random() % 5U)));
  EXPECT_EQ(archive_of("shuffled.db", shuffled), expected);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CommitOrder, testing::Range(1U, 6U));

}  // namespace
}  // namespace wxcc::store
