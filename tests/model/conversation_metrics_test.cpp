// SPDX-License-Identifier: Apache-2.0
#include "model/conversation_metrics.h"

#include <gtest/gtest.h>

#include <vector>

namespace wxcc::model {
namespace {

using namespace std::chrono_literals;

ArchivedMessage said(const char* role, base::Millis at, const char* text = "text") {
  ArchivedMessage message;
  message.participant_role = role;
  message.sent = base::Instant{at};
  message.text = text;
  return message;
}

ConversationMetrics metrics_of(const std::vector<ArchivedMessage>& messages) {
  return compute_metrics(messages);
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
    ArchivedMessage message;
    message.participant_role = row.role;
    message.participant_user_id = row.user_id;
    message.direction = row.direction;
    EXPECT_EQ(side_of(message), row.expected) << row.role << "/" << row.user_id << "/" << row.direction;
  }
}

TEST(ComputeMetrics, CountTheFirstResponseFromTheCustomerToAnAgentWhoIsNoBot) {
  const ConversationMetrics metrics =
      metrics_of({said("bot", 0s), said("agent", 1s, "Welcome"), said("customer", 2s, "a\nb"), said("bot", 3s),
                  said("customer", 4s, "again"), said("agent", 12s), said("agent", 20s)});
  EXPECT_EQ(metrics.customer_messages, 2);
  EXPECT_EQ(metrics.agent_messages, 3);
  EXPECT_EQ(metrics.other_messages, 2);
  EXPECT_EQ(metrics.first_response, 10s);
  EXPECT_EQ(metrics.preview, "a b") << "on one line";
}

TEST(ComputeMetrics, KnowNoFirstResponseWhenOneSideIsMissing) {
  EXPECT_EQ(metrics_of({}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({said("customer", 1s)}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({said("agent", 1s), said("customer", 2s)}).first_response, std::nullopt);
  ArchivedMessage unstamped = said("agent", 3s);
  unstamped.sent.reset();
  EXPECT_EQ(metrics_of({said("customer", 1s), unstamped}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({said("customer", 5s), said("agent", 3s)}).first_response, std::nullopt) << "a clock went back";
}

TEST(ComputeMetrics, TakeTheEarliestTimesHoweverTheMessagesStand) {
  EXPECT_EQ(metrics_of({said("customer", 5s), said("agent", 30s), said("customer", 2s), said("supervisor", 9s)})
                .first_response,
            7s);
  EXPECT_EQ(metrics_of({said("customer", 5s), said("agent", 5s)}).first_response, 0s);
  EXPECT_EQ(metrics_of({said("bot", 1s), said("agent", 5s)}).first_response, std::nullopt) << "no customer wrote";
}

TEST(ComputeMetrics, KeepThePreviewShort) {
  const std::string text(5000, 'x');
  const std::string preview = metrics_of({said("customer", 1s, text.c_str())}).preview;
  EXPECT_LE(preview.size(), 243U);
  EXPECT_GT(preview.size(), 200U);
}

}  // namespace
}  // namespace wxcc::model
