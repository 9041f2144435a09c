// SPDX-License-Identifier: Apache-2.0
#include "report/conversation_facts.h"

#include <gtest/gtest.h>

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;

store::MessageRow said(const char* role, base::Millis at, const char* text = "text") {
  store::MessageRow message;
  message.participant_role = role;
  message.sent = base::Instant{at};
  message.text = text;
  return message;
}

TEST(SideOf, GoesByTheRoleAndElseByWhatTellsIt) {
  struct Row {
    const char* role;
    const char* user_id;
    const char* direction;
    Side expected;
  };
  const Row rows[] = {
      {"customer", "", "inbound", Side::Customer}, {"Customer", "", "", Side::Customer},
      {"agent", "u1", "outbound", Side::Agent},    {"supervisor", "u1", "outbound", Side::Agent},
      {"bot", "", "outbound", Side::Other},        {"system", "", "inbound", Side::Other},
      {"", "u1", "outbound", Side::Agent},         {"", "", "inbound", Side::Customer},
      {"", "", "outbound", Side::Other},           {"", "", "", Side::Other},
  };
  for (const Row& row : rows) {
    store::MessageRow message;
    message.participant_role = row.role;
    message.participant_user_id = row.user_id;
    message.direction = row.direction;
    EXPECT_EQ(side_of(message), row.expected) << row.role << "/" << row.user_id << "/" << row.direction;
  }
}

TEST(FactsOf, CountTheFirstResponseFromTheCustomerToAnAgentWhoIsNoBot) {
  const ConversationFacts facts =
      facts_of({said("bot", 0s), said("agent", 1s, "Welcome"), said("customer", 2s, "a\nb"), said("bot", 3s),
                said("customer", 4s, "again"), said("agent", 12s), said("agent", 20s)});
  EXPECT_EQ(facts.customer_messages, 2);
  EXPECT_EQ(facts.agent_messages, 3);
  EXPECT_EQ(facts.other_messages, 2);
  EXPECT_EQ(facts.first_response, 10s);
  EXPECT_EQ(facts.preview.find('\n'), std::string::npos);
}

TEST(FactsOf, KnowNoFirstResponseWhenOneSideIsMissing) {
  EXPECT_EQ(facts_of({}).first_response, std::nullopt);
  EXPECT_EQ(facts_of({said("customer", 1s)}).first_response, std::nullopt);
  EXPECT_EQ(facts_of({said("agent", 1s), said("customer", 2s)}).first_response, std::nullopt);
  store::MessageRow unstamped = said("agent", 3s);
  unstamped.sent.reset();
  EXPECT_EQ(facts_of({said("customer", 1s), unstamped}).first_response, std::nullopt);
  EXPECT_EQ(facts_of({said("customer", 5s), said("agent", 3s)}).first_response, std::nullopt) << "a clock went back";
}

TEST(FactsOf, KeepThePreviewShort) {
  const std::string text(5000, 'x');
  EXPECT_LE(facts_of({said("customer", 1s, text.c_str())}).preview.size(), 243U);
}

}  // namespace
}  // namespace wxcc::report
