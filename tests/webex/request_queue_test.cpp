// SPDX-License-Identifier: Apache-2.0
#include "webex/request_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;
using V = std::vector<std::string>;

class RequestQueueTest : public testing::Test {
 protected:
  void submit(RequestQueue& queue, Priority priority, const std::string& name) {
    queue.submit(priority, owner_, [this, name] { sent_.push_back(name); });
  }

  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  std::shared_ptr<int> owner_ = std::make_shared<int>();
  V sent_;
};

TEST_F(RequestQueueTest, SendsLiveBeforeBackgroundRequests) {
  RequestQueue queue(60, timers_);
  submit(queue, Priority::Background, "first");
  submit(queue, Priority::Background, "backfill 1");
  submit(queue, Priority::Background, "backfill 2");
  submit(queue, Priority::Live, "poll 1");
  submit(queue, Priority::Live, "poll 2");
  EXPECT_EQ(sent_, V{"first"});
  timers_.advance(ch::seconds{10});
  EXPECT_EQ(sent_, (V{"first", "poll 1", "poll 2", "backfill 1", "backfill 2"}));
}

TEST_F(RequestQueueTest, DropsEntryOfDestroyedOwner) {
  RequestQueue queue(60, timers_);
  submit(queue, Priority::Live, "first");
  {
    const auto gone = std::make_shared<int>();
    queue.submit(Priority::Live, gone, [this] { sent_.emplace_back("gone"); });
  }
  submit(queue, Priority::Live, "second");
  timers_.advance(ch::milliseconds{1'100});
  EXPECT_EQ(sent_, (V{"first", "second"})) << "it takes no place in the budget either";
}

TEST_F(RequestQueueTest, PauseAppliesToBothPriorities) {
  RequestQueue queue(60, timers_);
  queue.pause_for(ch::seconds{30});
  submit(queue, Priority::Background, "backfill");
  submit(queue, Priority::Live, "poll");
  timers_.advance(ch::milliseconds{29'999});
  EXPECT_EQ(sent_, V{});
  timers_.advance(ch::milliseconds{1});
  EXPECT_EQ(sent_, V{"poll"});
}

}  // namespace
}  // namespace wxcc::webex
