// SPDX-License-Identifier: Apache-2.0
// bench_maintenance FILE DAYS: the work of the service in an archive between two turns of its event loop, in the
// portions of the service: storing polled tasks and their transcripts, removing what ended in the first DAYS days, and
// merging the full text index. Prints how often, how long on average, and the longest. It changes the archive: measure
// on a copy.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>

#include "base/clock.h"
#include "store/archive.h"
#include "store/reader.h"

namespace {

namespace base = wxcc::base;
namespace ch = std::chrono;
namespace model = wxcc::model;
namespace store = wxcc::store;

constexpr int kPolled = 250;
constexpr int kMessages = 15;

// Calls the step until it says that it was the last.
void measure(const char* what, const std::function<bool()>& step) {
  using Seconds = ch::duration<double>;
  int steps = 0;
  Seconds total{0};
  Seconds longest{0};
  for (bool more = true; more; ++steps) {
    const auto start = ch::steady_clock::now();
    more = step();
    const Seconds took = ch::steady_clock::now() - start;
    total += took;
    longest = std::max(longest, took);
  }
  fmt::print("{:<32} {:6} times, mean {:7.4f} s, longest {:7.4f} s\n", what, steps, total.count() / steps,
             longest.count());
}

model::Task task(int number, base::Instant ended) {
  model::Task task;
  task.id = fmt::format("measured-{:08}", number);
  task.created = ended - ch::minutes{10};
  task.ended = ended;
  task.queue = {"queue-1", "Queue 1"};
  task.customer = {fmt::format("New Customer {}", number), fmt::format("new{}@example.org", number), ""};
  return task;
}

store::FetchedTranscript transcript(int number, base::Instant ended) {
  store::FetchedTranscript fetched;
  fetched.item.source = "chat";
  fetched.item.capture_id = fmt::format("measured-capture-{}", number);
  fetched.conversation.emplace();
  fetched.conversation->participants = {{"A Customer", "customer", ""}, {"An Agent", "agent", "agent-1"}};
  for (int i = 0; i < kMessages; ++i) {
    model::Message message;
    message.message_id = fmt::format("measured-{}-{}", number, i);
    message.participant = static_cast<std::size_t>(i % 2);
    message.sent = ended - ch::minutes{10} + ch::seconds{30 * i};
    message.text = fmt::format("the parcel {} of number {} has not come yet, could you look into it please", i, number);
    fetched.raw += message.text;
    fetched.conversation->messages.push_back(std::move(message));
  }
  return fetched;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_maintenance FILE DAYS\n");
    return 2;
  }
  const base::SystemClock clock;
  store::Archive archive =
      store::Archive::open({argv[1], store::Reader::open(argv[1]).org_id(), "bench_maintenance"}, clock.now());
  const base::Instant now = clock.now();
  int polls = 0;
  measure("a page of 250 new tasks", [&] {
    std::vector<model::Task> tasks;
    for (int i = 0; i < kPolled; ++i) tasks.push_back(task(polls * kPolled + i, now - ch::seconds{i}));
    archive.commit_page(tasks, std::nullopt, std::nullopt, now);
    return ++polls < 20;
  });
  measure("the status line", [&] {
    return archive.reader().service_record().last_success == now &&
           archive.reader().backlog()[model::TranscriptState::Pending] < 0;  // once
  });
  int stored = 0;
  measure("10 transcripts of 15 messages", [&] {
    std::vector<store::FetchResult> results;
    for (int i = 0; i < 10; ++i, ++stored)
      results.push_back(store::FetchResult::fetched(fmt::format("measured-{:08}", stored), {transcript(stored, now)}));
    archive.commit_fetched(results, now);
    return stored < polls * kPolled;
  });
  constexpr base::Instant kStart{ch::milliseconds{1704067200000}};  // of bench_archive
  const base::Instant before = kStart + ch::days{std::atoi(argv[2])};
  measure("removing 50 old conversations",
          [&] { return archive.removal().remove_ended_before(before, 50).conversations > 0; });
  measure("merging 64 pages of the index",
          [&] { return archive.removal().purge_step(64) == store::Removal::PurgeResult::More; });
  return 0;
}
