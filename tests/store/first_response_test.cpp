// SPDX-License-Identifier: Apache-2.0
// The view first_response, which has the definition of model::compute_metrics().
#include "archive_fixture.h"
#include "base/random.h"
#include "model/conversation_metrics.h"

namespace wxcc::store {
namespace {

struct Line {
  const char* role;
  const char* user_id;
  const char* direction;
  std::optional<int> seconds;  // after kStart
};

class FirstResponse : public ArchiveFixture {
 protected:
  // The view's first_customer_ms and first_agent_ms in seconds after kStart, and first_response_ms in seconds.
  std::string of(const std::vector<Line>& lines) {
    const std::string id = "t" + std::to_string(++tasks_);
    model::Task task = ended_task(id, kStart + hours(1) + base::Millis(tasks_));
    commit(archive_, {task});
    FetchedTranscript fetched = transcript("c" + std::to_string(tasks_), {});
    fetched.conversation->participants.clear();
    for (const Line& one : lines) {
      model::Message message;
      message.text = "text";
      message.direction = one.direction;
      if (one.seconds) message.sent = kStart + std::chrono::seconds(*one.seconds);
      message.participant = fetched.conversation->participants.size();
      fetched.conversation->participants.push_back({"Participant", one.role, one.user_id});
      fetched.conversation->messages.push_back(message);
    }
    store(archive_, id, {fetched}, std::nullopt, kNow);
    return row(
        "SELECT (first_customer_ms - 1767225600000) / 1000, (first_agent_ms - 1767225600000) / 1000, "
        "first_response_ms / 1000 FROM first_response WHERE task_id = '" +
        id + "'");
  }

  Archive archive_ = open();
  int tasks_ = 0;
};

TEST_F(FirstResponse, SpansFirstCustomerMessageToFirstAgentMessage) {
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"agent", "a", "outbound", 40}}), "10|40|30");
  EXPECT_EQ(of({{"agent", "a", "outbound", 5}, {"customer", "", "inbound", 10}, {"agent", "a", "outbound", 50}}),
            "10|50|40")
      << "a greeting is no response";
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"customer", "", "inbound", 20}, {"agent", "a", "outbound", 50}}),
            "10|50|40");
  EXPECT_EQ(of({{"customer", "", "inbound", 20}, {"customer", "", "inbound", 10}, {"agent", "a", "outbound", 50}}),
            "10|50|40")
      << "the earliest, in whatever order";
}

TEST_F(FirstResponse, CountsSupervisorsAsAgentsButNotBots) {
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"supervisor", "s", "outbound", 40}}), "10|40|30");
  EXPECT_EQ(of({{"Customer", "", "inbound", 10}, {"bot", "", "outbound", 11}, {"AGENT", "a", "outbound", 40}}),
            "10|40|30");
}

TEST_F(FirstResponse, DerivesMissingRolesFromUserIdAndDirection) {
  EXPECT_EQ(of({{"", "", "inbound", 10}, {"", "", "outbound", 20}, {"", "a", "outbound", 40}}), "10|40|30");
}

TEST_F(FirstResponse, IsNullWithoutCustomerOrAgent) {
  EXPECT_EQ(of({{"agent", "a", "outbound", 40}}), "-|-|-") << "not from the creation";
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"bot", "", "outbound", 40}}), "10|-|-");
  EXPECT_EQ(of({{"customer", "", "inbound", std::nullopt}, {"agent", "a", "outbound", 40}}), "-|-|-");
}

// A conversation with any roles or none, and times that are missing or out of order.
model::Conversation random_conversation(base::Random& random) {
  std::vector<std::string> roles = {"customer", "Customer", "bot", "system", ""};
  for (const std::string_view role : model::kHumanAgentRoles) roles.emplace_back(role);
  const std::vector<std::string> directions = {"inbound", "outbound", ""};
  model::Conversation result;
  result.format = "digital";
  for (std::int64_t i = random.between(1, 4); i > 0; --i)
    result.participants.push_back({"Participant", random.pick(roles), random.chance(0.5) ? "u1" : ""});
  for (std::int64_t i = random.between(1, 6); i > 0; --i) {
    model::Message& message = result.messages.emplace_back();
    message.message_id = std::to_string(i);
    message.participant = random.below(result.participants.size());
    message.direction = random.pick(directions);
    message.text = "text";
    if (random.chance(0.8)) message.sent = kStart + std::chrono::seconds(random.below(20));
  }
  return result;
}

TEST_F(FirstResponse, IsTheSameInViewAndExtracts) {
  base::SeededRandom random(4711);
  constexpr int kTasks = 300;
  std::vector<model::Task> tasks;
  for (int i = 0; i < kTasks; ++i) tasks.push_back(ended_task("t" + std::to_string(i), kStart + minutes(i)));
  commit(archive_, tasks);
  for (int i = 0; i < kTasks; ++i) {
    FetchedTranscript fetched = transcript("c" + std::to_string(i), {});
    fetched.conversation = random_conversation(random);
    store(archive_, "t" + std::to_string(i), {fetched}, std::nullopt, kNow);
  }
  const Reader reader = Reader::open(path_);
  int with_figure = 0;
  for (const model::Task& task : tasks) {
    const auto metrics = model::compute_metrics(reader.messages(task.id));
    EXPECT_EQ(row("SELECT first_response_ms FROM first_response WHERE task_id = '" + task.id + "'"),
              metrics.first_response ? std::to_string(metrics.first_response->count()) : "-")
        << task.id;
    if (metrics.first_response) ++with_figure;
  }
  EXPECT_GT(with_figure, kTasks / 10);
  EXPECT_LT(with_figure, kTasks * 9 / 10);
}

}  // namespace
}  // namespace wxcc::store
