// SPDX-License-Identifier: Apache-2.0
// The view first_response, which has the definition of model::compute_metrics().
#include "archive_fixture.h"

namespace wxcc::store {
namespace {

struct Said {
  const char* role;
  const char* user_id;
  const char* direction;
  std::optional<int> seconds;  // after kStart
};

class FirstResponse : public ArchiveFixture {
 protected:
  // The view's first_customer_ms and first_agent_ms in seconds after kStart, and first_response_ms in seconds.
  std::string of(const std::vector<Said>& said) {
    const std::string id = "t" + std::to_string(++tasks_);
    model::Task task = ended_task(id, kStart + hours(1) + base::Millis(tasks_));
    commit(archive_, {task});
    FetchedTranscript fetched = transcript("c" + std::to_string(tasks_), {});
    fetched.conversation->participants.clear();
    for (const Said& one : said) {
      model::Message message;
      message.text = "text";
      message.direction = one.direction;
      if (one.seconds) message.sent = kStart + std::chrono::seconds(*one.seconds);
      message.participant = fetched.conversation->participants.size();
      fetched.conversation->participants.push_back({"somebody", one.role, one.user_id});
      fetched.conversation->messages.push_back(message);
    }
    archive_.record_transcripts(id, {fetched}, std::nullopt, kNow);
    return row(
        "SELECT (first_customer_ms - 1767225600000) / 1000, (first_agent_ms - 1767225600000) / 1000, "
        "first_response_ms / 1000 FROM first_response WHERE task_id = '" +
        id + "'");
  }

  Archive archive_ = open();
  int tasks_ = 0;
};

TEST_F(FirstResponse, IsFromTheCustomersFirstMessageToThatOfAHumanAgentAfterIt) {
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

TEST_F(FirstResponse, SupervisorsAreAgentsAndBotsAreNot) {
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"supervisor", "s", "outbound", 40}}), "10|40|30");
  EXPECT_EQ(of({{"Customer", "", "inbound", 10}, {"bot", "", "outbound", 11}, {"AGENT", "a", "outbound", 40}}),
            "10|40|30");
}

TEST_F(FirstResponse, WithoutARoleAUserIdMakesAnAgentAndTheDirectionACustomer) {
  EXPECT_EQ(of({{"", "", "inbound", 10}, {"", "", "outbound", 20}, {"", "a", "outbound", 40}}), "10|40|30");
}

TEST_F(FirstResponse, IsNotKnownWithoutACustomerOrAnAgent) {
  EXPECT_EQ(of({{"agent", "a", "outbound", 40}}), "-|-|-") << "not from the creation";
  EXPECT_EQ(of({{"customer", "", "inbound", 10}, {"bot", "", "outbound", 40}}), "10|-|-");
  EXPECT_EQ(of({{"customer", "", "inbound", std::nullopt}, {"agent", "a", "outbound", 40}}), "-|-|-");
}

}  // namespace
}  // namespace wxcc::store
