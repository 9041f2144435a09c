// SPDX-License-Identifier: Apache-2.0
#include "report/redaction.h"

#include <gtest/gtest.h>

#include <chrono>

#include "report/private_numbers.h"

namespace wxcc::report {
namespace {

TEST(Luhn, AcceptsRealCardNumbersAndRefusesOneWrongDigit) {
  for (const char* good : {"4111111111111111", "5500005555555559", "378282246310005", "6011111111111117", "0"})
    EXPECT_TRUE(passes_luhn(good)) << good;
  const std::string card = "4111111111111111";
  for (std::size_t i = 0; i < card.size(); ++i) {
    std::string wrong = card;
    wrong[i] = static_cast<char>('0' + (wrong[i] - '0' + 1) % 10);
    EXPECT_FALSE(passes_luhn(wrong)) << wrong;
  }
  EXPECT_FALSE(passes_luhn(""));
  EXPECT_FALSE(passes_luhn("41111111x1111111"));
}

TEST(Iban, AcceptsTheRegistrysExamplesAndRefusesOneWrongCharacter) {
  for (const char* good : {"NL91ABNA0417164300", "DE89370400440532013000", "GB29NWBK60161331926819",
                           "MT84MALT011000012345MTLCAST001S", "no9386011117947"})
    EXPECT_TRUE(is_iban(good)) << good;
  const std::string iban = "NL91ABNA0417164300";
  for (std::size_t i = 2; i < iban.size(); ++i) {
    std::string wrong = iban;
    wrong[i] = wrong[i] == '7' ? '3' : '7';
    EXPECT_FALSE(is_iban(wrong)) << wrong;
  }
  EXPECT_FALSE(is_iban("NL91"));
  EXPECT_FALSE(is_iban("NL91ABNA041716430 "));
}

TEST(Mask, TakesOutAddressesAndNumbersAndNothingElse) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"", ""},
      {"mail mira.visser+x@example.org, please.", "mail [email], please."},
      {"<a@b.co.uk>", "<[email]>"},
      {"müller@exämple.de", "[email]"},
      {"me @home or a@b", "me @home or a@b"},
      {"card 4111 1111 1111 1111.", "card [card]."},
      {"4111-1111-1111-1111 exp 12/27", "[card] exp 12/27"},
      {"4111111111111111", "[card]"},
      {"order 4111111111111112", "order 4111111111111112"},
      {"NL91 ABNA 0417 1643 00 is mine", "[iban] is mine"},
      {"to NL91ABNA0417164300!", "to [iban]!"},
      {"NL91ABNA0417164301", "NL91ABNA0417164301"},
      {"call +31 20 123 4567 now", "call [phone] now"},
      {"+31201234567", "[phone]"},
      {"06-12345678", "[phone]"},
      {"020 123 4567", "[phone]"},
      {"(555) 123-4567", "[phone]"},
      {"555-123-4567", "[phone]"},
      {"0044 20 7946 0958", "[phone]"},
      {"on 2026-10-25 10:30 and 25-10-2026, 25.10.2026", "on 2026-10-25 10:30 and 25-10-2026, 25.10.2026"},
      {"order 307953 of 12.50", "order 307953 of 12.50"},
      {"ABC0612345678", "ABC0612345678"},
      {"1 + 1 = 2", "1 + 1 = 2"},
      {"Добрый день 😀", "Добрый день 😀"},
  };
  for (const Row& row : rows) EXPECT_EQ(mask_private_numbers(row.text), row.expected) << row.text;
}

TEST(Mask, TakesTimeInStepWithTheTextHoweverItLooks) {
  for (const char* part : {"-", "1-", "a.", "+", "(", "NL91 ", "0 "}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    const auto began = std::chrono::steady_clock::now();
    mask_private_numbers(text);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << part;
  }
}

TEST(HideNames, ReplacesWholeNamesAndTheirWordsOnlyAsWords) {
  const std::vector<NameToHide> names = {{"Mira de Visser", "C1"}, {"Arne Holm", "A1"}, {"", "nobody"}};
  EXPECT_EQ(hide_names("I am Mira de Visser. mira! Visser, visserij, de", names), "I am C1. C1! C1, visserij, de");
  EXPECT_EQ(hide_names("ARNE HOLM and Holms", names), "A1 and Holms");
  EXPECT_EQ(hide_names("text", {}), "text");
}

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

std::vector<store::MessageRow> messages() {
  store::MessageRow asked;
  asked.participant_name = "Mira Visser";
  asked.participant_role = "customer";
  asked.alias_id = "alias";
  asked.text = "Hi Arne, Mira here, mira@example.org";
  store::MessageRow answered;
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
  std::vector<store::MessageRow> none;
  const Redactor redactor(RedactionProfile::Everyone, "key");
  redactor.apply(first, none);
  redactor.apply(later, none);
  redactor.apply(somebody, none);
  Redactor(RedactionProfile::Everyone, "another key").apply(elsewhere, none);
  EXPECT_EQ(first.task.customer.name, later.task.customer.name);
  EXPECT_NE(first.task.customer.name, elsewhere.task.customer.name);
  EXPECT_NE(first.task.customer.name, somebody.task.customer.name);
}

TEST(RedactionProfile, HasANameBothWays) {
  for (const auto profile : {RedactionProfile::Customers, RedactionProfile::Agents, RedactionProfile::Everyone})
    EXPECT_EQ(parse_redaction_profile(to_text(profile)), profile);
  EXPECT_EQ(parse_redaction_profile(""), std::nullopt);
}

}  // namespace
}  // namespace wxcc::report
