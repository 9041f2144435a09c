// SPDX-License-Identifier: Apache-2.0
#include "model/masking.h"

#include <gtest/gtest.h>

#include <chrono>

namespace wxcc::model {
namespace {

TEST(Luhn, AcceptsOnlyValidCardNumbers) {
  for (const char* valid : {"4111111111111111", "5500005555555559", "378282246310005", "6011111111111117", "0"})
    EXPECT_TRUE(passes_luhn(valid)) << valid;
  const std::string card = "4111111111111111";
  for (std::size_t i = 0; i < card.size(); ++i) {
    std::string invalid = card;
    invalid[i] = static_cast<char>('0' + (invalid[i] - '0' + 1) % 10);
    EXPECT_FALSE(passes_luhn(invalid)) << invalid;
  }
  EXPECT_FALSE(passes_luhn(""));
  EXPECT_FALSE(passes_luhn("41111111x1111111"));
}

TEST(Iban, AcceptsOnlyValidIbans) {
  for (const char* valid : {"NL91ABNA0417164300", "DE89370400440532013000", "GB29NWBK60161331926819",
                            "MT84MALT011000012345MTLCAST001S", "no9386011117947"})
    EXPECT_TRUE(is_iban(valid)) << valid;
  const std::string iban = "NL91ABNA0417164300";
  for (std::size_t i = 2; i < iban.size(); ++i) {
    std::string invalid = iban;
    invalid[i] = invalid[i] == '7' ? '3' : '7';
    EXPECT_FALSE(is_iban(invalid)) << invalid;
  }
  EXPECT_FALSE(is_iban("NL91"));
  EXPECT_FALSE(is_iban("NL91ABNA041716430 "));
}

TEST(MaskPii, MasksOnlyAddressesAndNumbers) {
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
      {"+4420-79-46", "[phone]"},
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
  for (const Row& row : rows) EXPECT_EQ(mask_pii(row.text), row.expected) << row.text;
}

TEST(MaskPii, TakesLinearTime) {
  for (const char* part : {"-", "1-", "a.", "+", "(", "NL91 ", "0 "}) {
    std::string text;
    while (text.size() < 200'000) text += part;
    const auto began = std::chrono::steady_clock::now();
    static_cast<void>(mask_pii(text));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10)) << part;
  }
}

TEST(MaskNames, ReplacesNamesAndTheirWordsAsWholeWords) {
  const std::vector<NameMask> names = {{"Mira de Visser", "C1"}, {"Arne Holm", "A1"}, {"", "none"}};
  EXPECT_EQ(mask_names("I am Mira de Visser. mira! Visser, visserij, de", names), "I am C1. C1! C1, visserij, de");
  EXPECT_EQ(mask_names("ARNE HOLM and Holms", names), "A1 and Holms");
  EXPECT_EQ(mask_names("text", {}), "text");
}

}  // namespace
}  // namespace wxcc::model
