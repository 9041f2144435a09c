// SPDX-License-Identifier: Apache-2.0
#include "model/redaction.h"

#include <gtest/gtest.h>

namespace wxcc::model {
namespace {

Task conversation() {
  Task row;
  row.id = "t1";
  row.agent.name = "Arne Holm";
  row.customer.name = "Mira Visser";
  row.customer.email = "Mira@Example.org";
  row.customer.phone = "+31201234567";
  row.origin = "mira@example.org";
  row.destination = "shop";
  row.queue.name = "Parcels";
  return row;
}

std::vector<ArchivedMessage> messages() {
  ArchivedMessage inbound;
  inbound.participant_name = "Mira Visser";
  inbound.participant_role = "customer";
  inbound.alias_id = "alias";
  inbound.text = "Hi Arne, Mira here, mira@example.org";
  ArchivedMessage outbound;
  outbound.participant_name = "Arne Holm";
  outbound.participant_role = "agent";
  outbound.participant_user_id = "u1";
  outbound.text = "Hello Mira";
  return {inbound, outbound};
}

TEST(Redactor, GivesCustomerOnePseudonymEverywhere) {
  Task row = conversation();
  auto lines = messages();
  Redactor(RedactionProfile::Customers, "key").apply(row, lines);
  EXPECT_TRUE(row.customer.name.starts_with("Customer "));
  EXPECT_EQ(row.customer.name.size(), std::string("Customer 1234-5678").size());
  EXPECT_EQ(lines[0].participant_name, row.customer.name);
  EXPECT_EQ(lines[0].text, "Hi Arne, " + row.customer.name + " here, [email]");
  EXPECT_EQ(lines[1].text, "Hello " + row.customer.name);
  for (const std::string* gone : {&row.customer.email, &row.customer.phone, &row.origin, &lines[0].alias_id})
    EXPECT_EQ(*gone, "[removed]");
  EXPECT_EQ(row.agent.name, "Arne Holm");
  EXPECT_EQ(lines[1].participant_user_id, "u1");
  EXPECT_EQ(row.queue.name, "Parcels");
}

TEST(Redactor, GivesAgentOnePseudonymEverywhere) {
  Task row = conversation();
  auto lines = messages();
  Redactor(RedactionProfile::Agents, "key").apply(row, lines);
  EXPECT_TRUE(row.agent.name.starts_with("Agent "));
  EXPECT_EQ(lines[1].participant_name, row.agent.name);
  EXPECT_EQ(lines[1].participant_user_id, "[removed]");
  EXPECT_EQ(lines[0].text, "Hi " + row.agent.name + ", Mira here, [email]");
  EXPECT_EQ(row.customer.name, "Mira Visser");
}

TEST(Redactor, DerivesPseudonymFromPersonAndKey) {
  Task first = conversation();
  Task later = conversation();
  later.customer.email = "mira@example.ORG";
  later.customer.name = "M. Visser";
  Task elsewhere = conversation();
  Task other = conversation();
  other.customer.email = "other@example.org";
  std::vector<ArchivedMessage> none;
  const Redactor redactor(RedactionProfile::Everyone, "key");
  redactor.apply(first, none);
  redactor.apply(later, none);
  redactor.apply(other, none);
  Redactor(RedactionProfile::Everyone, "another key").apply(elsewhere, none);
  EXPECT_EQ(first.customer.name, later.customer.name);
  EXPECT_NE(first.customer.name, elsewhere.customer.name);
  EXPECT_NE(first.customer.name, other.customer.name);
}

}  // namespace
}  // namespace wxcc::model
