// SPDX-License-Identifier: Apache-2.0
#include "extract_fixture.h"

namespace wxcc::report {
namespace {

using SummarySheetTest = ExtractTest;

TEST_F(SummarySheetTest, HasQuantilesAndLargestGroups) {
  constexpr int kTasks = 201;
  std::vector<model::Task> tasks;
  for (int i = 1; i <= kTasks; ++i) {
    model::Task& task = tasks.emplace_back();
    task.id = fmt::format("task-{}", i);
    task.created = at("2026-10-25T12:00:00Z");
    task.duration = i * 1s;
    task.ended = *task.created + *task.duration;
    task.queue = {fmt::format("q{}", i), fmt::format("Queue {:03}", i)};
  }
  archive.commit_page(tasks, std::nullopt, std::nullopt, now);
  extract();
  const ReadBack book(output);
  std::size_t figures = 0;
  while (book.row("Summary", figures).at(0) != "201") ++figures;
  EXPECT_EQ(book.row("Summary", figures - 1).at(3), "Median duration");
  EXPECT_EQ(book.row("Summary", figures).at(3), "duration 101000 ms");
  EXPECT_EQ(book.row("Summary", figures).at(4), "duration 181000 ms");
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < book.row_count("Summary"); ++i) labels.push_back(book.row("Summary", i).at(0));
  EXPECT_THAT(labels, testing::Contains("Queue 200"));
  EXPECT_THAT(labels, testing::Not(testing::Contains("Queue 201")));
  EXPECT_THAT(labels, testing::Contains("and 1 smaller group"));
}

}  // namespace
}  // namespace wxcc::report
