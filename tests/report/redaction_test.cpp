// SPDX-License-Identifier: Apache-2.0
#include "report/redaction.h"

#include <gtest/gtest.h>

namespace wxcc::report {
namespace {

store::StoredTask conversation() {
  store::StoredTask row;
  row.task.id = "t1";
  row.task.agent.name = "Arne Holm";
  row.task.customer.name = "Mira Visser";
  row.task.customer.email = "Mira@Example.org";
  row.task.customer.phone = "+31201234567";
  row.task.origin = "mira@example.org";
  row.task.destination = "shop";
  row.task.queue.name = "Parcels";
  return row;
}

std::vector<model::ArchivedMessage> messages() {
  model::ArchivedMessage asked;
  asked.participant_name = "Mira Visser";
  asked.participant_role = "customer";
  asked.alias_id = "alias";
  asked.text = "Hi Arne, Mira here, mira@example.org";
  model::ArchivedMessage answered;
  answered.participant_name = "Arne Holm";
  answered.participant_role = "agent";
  answered.participant_user_id = "u1";
  answered.text = "Hello Mira";
  return {asked, answered};
}

TEST(Redactor, HidesCustomersUnderOneNameEverywhere) {
  store::StoredTask row = conversation();
  auto lines = messages();
  Redactor(RedactionProfile::Customers, "key").apply(row, lines);
  EXPECT_TRUE(row.task.customer.name.starts_with("Customer "));
  EXPECT_EQ(row.task.customer.name.size(), std::string("Customer 1234-5678").size());
  EXPECT_EQ(lines[0].participant_name, row.task.customer.name);
  EXPECT_EQ(lines[0].text, "Hi Arne, " + row.task.customer.name + " here, [email]");
  EXPECT_EQ(lines[1].text, "Hello " + row.task.customer.name);
  for (const std::string* gone :
       {&row.task.customer.email, &row.task.customer.phone, &row.task.origin, &lines[0].alias_id})
    EXPECT_EQ(*gone, "[removed]");
  EXPECT_EQ(row.task.agent.name, "Arne Holm");
  EXPECT_EQ(lines[1].participant_user_id, "u1");
  EXPECT_EQ(row.task.queue.name, "Parcels");
}

TEST(Redactor, HidesAgentsUnderOneNameEverywhere) {
  store::StoredTask row = conversation();
  auto lines = messages();
  Redactor(RedactionProfile::Agents, "key").apply(row, lines);
  EXPECT_TRUE(row.task.agent.name.starts_with("Agent "));
  EXPECT_EQ(lines[1].participant_name, row.task.agent.name);
  EXPECT_EQ(lines[1].participant_user_id, "[removed]");
  EXPECT_EQ(lines[0].text, "Hi " + row.task.agent.name + ", Mira here, [email]");
  EXPECT_EQ(row.task.customer.name, "Mira Visser");
}

TEST(Redactor, GivesTheSamePersonTheSameNameAndOtherArchivesOthers) {
  store::StoredTask first = conversation();
  store::StoredTask later = conversation();
  later.task.customer.email = "mira@example.ORG";
  later.task.customer.name = "M. Visser";
  store::StoredTask elsewhere = conversation();
  store::StoredTask somebody = conversation();
  somebody.task.customer.email = "other@example.org";
  std::vector<model::ArchivedMessage> none;
  const Redactor redactor(RedactionProfile::Everyone, "key");
  redactor.apply(first, none);
  redactor.apply(later, none);
  redactor.apply(somebody, none);
  Redactor(RedactionProfile::Everyone, "another key").apply(elsewhere, none);
  EXPECT_EQ(first.task.customer.name, later.task.customer.name);
  EXPECT_NE(first.task.customer.name, elsewhere.task.customer.name);
  EXPECT_NE(first.task.customer.name, somebody.task.customer.name);
}

}  // namespace
}  // namespace wxcc::report
