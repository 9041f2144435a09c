// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/url.h"

namespace wxcc::base {
namespace {

TEST(Text, RepairsIllFormedUtf8ByMaximalSubparts) {
  struct Row {
    std::string_view text;
    std::string_view repaired;
  };
  const Row rows[] = {
      {"plain", "plain"},
      {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
      {"a\xC3", "a\xEF\xBF\xBD"},
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // overlong
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                  // surrogate
      {"\xF0\x9F\x98z", "\xEF\xBF\xBDz"},                                        // truncated: one subpart
      {"\xF5\x80\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // above U+10FFFF
      {"\x80", "\xEF\xBF\xBD"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(repair_utf8(row.text), row.repaired);
    EXPECT_EQ(is_utf8(row.text), row.text == row.repaired);
  }
}

TEST(Text, CountsAndCutsInUtf16Units) {
  EXPECT_EQ(utf16_length("a\xC3\xBC\xF0\x9F\x98\x80"), 4U);
}

TEST(Text, ExcerptsAreOneLineWithoutControls) {
  EXPECT_EQ(excerpt("a\r\n\tb\x07"
                    "c"),
            "a b c");
  EXPECT_EQ(excerpt("abcdef", 3), "abc\xE2\x80\xA6");
  EXPECT_EQ(excerpt("ab\xC3\xBC", 3), "ab\xE2\x80\xA6");
}

TEST(Text, TrimsSplitsAndCompares) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_TRUE(equals_ignoring_case("SuPport", "sUpPORT"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_EQ(parse_unsigned("18446744073709551615"), 18446744073709551615ULL);
  EXPECT_FALSE(parse_unsigned("18446744073709551616"));
  EXPECT_FALSE(parse_unsigned("-1"));
  EXPECT_EQ(parse_integer("-9223372036854775808"), INT64_MIN);
  EXPECT_FALSE(parse_integer("1 "));
}

TEST(Text, CountsWithSingularAndPlural) {
  EXPECT_EQ(count_of(0, "task"), "0 tasks");
  EXPECT_EQ(count_of(1, "task"), "1 task");
  EXPECT_EQ(count_of(2, "task"), "2 tasks");
  EXPECT_EQ(count_of(1, "entry"), "1 entry");
  EXPECT_EQ(count_of(3, "entry"), "3 entries");
  EXPECT_EQ(count_of(3, "foreign key"), "3 foreign keys");
}

TEST(Url, ParsesItsParts) {
  const auto url = parse_url("HTTPS://Api.WxCC-eu2.Cisco.com/v1/captures?x=1&y=2#f");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.wxcc-eu2.cisco.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/v1/captures");
  EXPECT_EQ(url->query, "x=1&y=2");
  EXPECT_EQ(parse_url("http://[::1]:8080")->origin(), "http://[::1]:8080");
  EXPECT_EQ(parse_url("http://localhost")->path, "/");
  EXPECT_EQ(parse_url("http://h?q")->query, "q");
}

TEST(Url, RejectsOtherSchemesUserInformationAndMalformedUrls) {
  for (const char* text : {"", "ftp://host/", "host/path", "http://", "http://user:pw@host/", "http://host:0/",
                           "http://host:99999/", "http://ho st/", "http://host\n/", "http://[::1", "javascript://x"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, StripsCredentials) {
  EXPECT_EQ(strip_credentials("https://b.s3.amazonaws.com/o/t.json?X-Amz-Signature=secret"),
            "https://b.s3.amazonaws.com/o/t.json");
  EXPECT_EQ(strip_credentials("https://user:secret@host/p#secret"), "https://host/p");
}

TEST(Url, FormsSurviveARoundTrip) {
  const Form form = {{"scope", "cjp:config_read spark:kms"}, {"x", "a+b&c=d/\xC3\xBC"}, {"empty", ""}};
  EXPECT_EQ(form_decode(form_encode(form)), form);
  EXPECT_EQ(form_encode(form).substr(0, 38), "scope=cjp%3Aconfig_read%20spark%3Akms&");
  EXPECT_EQ(find_parameter(form_decode("code=a+b&state=%2Bx"), "code"), "a b");
  EXPECT_EQ(find_parameter(form_decode("code=a+b&state=%2Bx"), "state"), "+x");
  EXPECT_EQ(percent_decode("100%", Plus::Literal), "100%");
}

TEST(Digest, MatchesPublishedVectors) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, case 2.
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // RFC 7636, appendix B.
  const Sha256 digest = sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  EXPECT_EQ(to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()}),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Digest, DecodesBase64Url) {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xFF\xFE\xFD"}) {
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
  EXPECT_EQ(from_base64url("YWI="), "ab");
  EXPECT_FALSE(from_base64url("a*b"));
  EXPECT_FALSE(from_base64url("abcde"));
}

}  // namespace
}  // namespace wxcc::base
