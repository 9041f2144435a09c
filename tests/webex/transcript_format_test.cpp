// SPDX-License-Identifier: Apache-2.0
#include "webex/transcript_format.h"

#include <gtest/gtest.h>

namespace wxcc::webex {
namespace {

ParsedTranscript parse(std::string_view bytes) {
  return parse_transcript(bytes, base::from_ms(1767226000000));
}

TEST(DigitalTranscript, ParsesLayoutOfProduction) {
  const auto parsed = parse(R"([
    {"id":"m1","aliasId":"a1","direction":"inbound","message":"Hello","timestamp":"2026-01-01T00:06:52.118Z","redacted":false,
     "participant":{"name":"Mira Visser","role":"customer","userId":null}},
    {"id":"m2","aliasId":"a2","direction":"OUTBOUND","message":"Hi\nthere","timestamp":1767226013402,"redacted":true,
     "participant":{"name":"Arne","role":"Agent","userId":"u7"}},
    {"message":"again","participant":{"name":"Mira Visser","role":"customer"}}])");
  ASSERT_TRUE(parsed.conversation);
  EXPECT_EQ(parsed.error, "");
  const auto& conversation = *parsed.conversation;
  EXPECT_EQ(conversation.format, "digital");
  ASSERT_EQ(conversation.participants.size(), 2U);
  EXPECT_EQ(conversation.participants[1], (model::Participant{"Arne", "agent", "u7"}));
  ASSERT_EQ(conversation.messages.size(), 3U);
  EXPECT_EQ(conversation.messages[0].sent, base::from_ms(1767226012118));
  EXPECT_EQ(conversation.messages[1].sent, base::from_ms(1767226013402));
  EXPECT_EQ(conversation.messages[1].direction, "outbound");
  EXPECT_EQ(conversation.messages[1].text, "Hi\nthere");
  EXPECT_EQ(conversation.messages[1].redacted, true);
  EXPECT_EQ(conversation.messages[2].participant, 0U);
  EXPECT_FALSE(conversation.messages[2].sent);
  EXPECT_FALSE(conversation.messages[2].redacted);
}

TEST(DigitalTranscript, ParsesAliasOfParticipantAndTimesInSeconds) {
  const auto parsed =
      parse(R"([{"participant":{"aliasId":"p1","name":"X"},"text":"t","timestamp":"1767226013","redacted":"true"}])");
  ASSERT_TRUE(parsed.conversation);
  EXPECT_EQ(parsed.conversation->messages[0].alias_id, "p1");
  EXPECT_EQ(parsed.conversation->messages[0].sent, base::from_ms(1767226013000));
  EXPECT_EQ(parsed.conversation->messages[0].redacted, true);
}

TEST(DigitalTranscript, ParsesFractionalSeconds) {
  const auto parsed =
      parse(R"([{"timestamp":1767226013.402},{"timestamp":"1767226013.5"},{"timestamp":-1},{"timestamp":1e300}])");
  ASSERT_TRUE(parsed.conversation);
  const auto& messages = parsed.conversation->messages;
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[0].sent, base::from_ms(1767226013402));
  EXPECT_EQ(messages[1].sent, base::from_ms(1767226013500));
  EXPECT_FALSE(messages[2].sent);
  EXPECT_FALSE(messages[3].sent);
}

TEST(DigitalTranscript, SortsWhenEveryMessageHasTime) {
  const auto texts = [](std::string_view bytes) {
    std::string all;
    const auto parsed = parse(bytes);
    for (const auto& message : parsed.conversation->messages) all += message.text;
    return all;
  };
  EXPECT_EQ(texts(R"([{"message":"c","timestamp":30},{"message":"a","timestamp":10},{"message":"b","timestamp":10}])"),
            "abc");
  EXPECT_EQ(texts(R"([{"message":"c","timestamp":30},{"message":"a","timestamp":10},{"message":"b"}])"), "cab");
  EXPECT_EQ(texts(R"({"parties":[],"dialog":[{"type":"text","start":"2026-01-01T00:00:02Z","body":"b"},
                                             {"type":"text","start":"2026-01-01T00:00:01Z","body":"a"}]})"),
            "ab");
}

TEST(DigitalTranscript, MayBeEmpty) {
  const auto parsed = parse("[]");
  ASSERT_TRUE(parsed.conversation);
  EXPECT_TRUE(parsed.conversation->messages.empty());
  EXPECT_EQ(parsed.error, "");
}

TEST(DigitalTranscript, SkipsMalformedEntries) {
  const auto parsed =
      parse(R"([{"message":"one"}, 7, {"message":{"text":"two"}}, {"message":["x"]}, {"message":null}])");
  ASSERT_TRUE(parsed.conversation);
  ASSERT_EQ(parsed.conversation->messages.size(), 4U);
  EXPECT_EQ(parsed.conversation->messages[1].text, "two");
  EXPECT_EQ(parsed.conversation->messages[2].text, R"(["x"])");
  EXPECT_EQ(parsed.conversation->messages[3].text, "");
  EXPECT_EQ(parsed.error, "$[1]: expected an object, found a number");
}

TEST(VersionedTranscript, FindsNestedMessageList) {
  for (const char* bytes :
       {R"({"schemaVersion":"2.0","messages":[{"message":"hi"}]})",
        R"({"schemaVersion":"2.0","data":{"messages":[{"message":"hi"}]}})",
        R"({"version":2,"Transcript":{"entries":[{"text":"hi"}]}})", R"({"conversation":[{"body":"hi"}]})"}) {
    const auto parsed = parse(bytes);
    ASSERT_TRUE(parsed.conversation) << bytes;
    EXPECT_EQ(parsed.conversation->format, "digital-versioned");
    ASSERT_EQ(parsed.conversation->messages.size(), 1U) << bytes;
    EXPECT_EQ(parsed.conversation->messages[0].text, "hi");
  }
}

TEST(VoiceTranscript, SortsByTimeOfSpeech) {
  const auto parsed = parse(R"({"languageCode":"en","responseContents":[
    {"recognitionResult":{"role":"CALLER","alternatives":[{"transcript":"second","words":[{"word":"second","start_time":{"seconds":5,"nanos":500000000}}]}]}},
    {"recognitionResult":{"role":"AGENT","alternatives":[{"transcript":"first","words":[{"word":"first","start_time":{"seconds":"1"}}]}]}},
    {"recognitionResult":{"role":"AGENT","alternatives":[]}}, 3]})");
  ASSERT_TRUE(parsed.conversation);
  EXPECT_EQ(parsed.conversation->format, "voice");
  const auto& messages = parsed.conversation->messages;
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].text, "first");
  EXPECT_EQ(messages[0].direction, "outbound");
  EXPECT_EQ(messages[1].sent, base::from_ms(1767226005500));
  EXPECT_EQ(messages[1].direction, "inbound");
  EXPECT_EQ(parsed.error, "$.responseContents[3]: expected an object with a recognitionResult, found a number");
}

TEST(VconTranscript, ParsesParties) {
  const auto parsed = parse(
      R"({"vcon":"0.4.0","uuid":"u","parties":[{"name":"Mira","role":"customer"},{"mailto":"arne@example.org","role":"agent"}],
    "dialog":[{"type":"text","start":"2026-01-01T00:06:52.118Z","parties":[0,1],"originator":0,"body":"Hello"},
              {"type":"recording","parties":[0,1],"url":"https://x"},
              {"type":"text","start":"2026-01-01T00:06:53+00:00","parties":1,"body":"SGk","encoding":"base64url"},
              {"type":"text","parties":[9],"body":"who"}]})");
  ASSERT_TRUE(parsed.conversation);
  EXPECT_EQ(parsed.conversation->format, "vcon");
  const auto& messages = parsed.conversation->messages;
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0].direction, "inbound");
  EXPECT_EQ(messages[1].text, "Hi");
  EXPECT_EQ(messages[1].direction, "outbound");
  EXPECT_EQ(parsed.conversation->participants[messages[1].participant].name, "arne@example.org");
  EXPECT_EQ(messages[2].direction, "");
}

TEST(Transcript, RepairsAndReportsIllFormedText) {
  for (const char* bytes : {"[{\"message\":\"caf\xE9\"}]", R"([{"message":"caf\ud800"}])"}) {
    const auto parsed = parse(bytes);
    ASSERT_TRUE(parsed.conversation) << bytes;
    EXPECT_EQ(parsed.conversation->messages[0].text, "caf\xEF\xBF\xBD");
    EXPECT_EQ(parsed.error, "ill-formed text was replaced by U+FFFD");
  }
}

TEST(Transcript, ReportsWhyTranscriptIsInvalid) {
  EXPECT_EQ(parse(R"([{"message":"trunc)").error.find("not JSON: line 1"), 0U);
  EXPECT_EQ(parse("<html></html>").error.find("not JSON"), 0U);
  EXPECT_EQ(parse(R"({"a":1})").error, "$: unknown transcript layout: an object");
  EXPECT_EQ(parse("17").error, "$: unknown transcript layout: a number");
  EXPECT_FALSE(parse(std::string(200'000, '[')).conversation);
  EXPECT_FALSE(parse("").conversation);
}

}  // namespace
}  // namespace wxcc::webex
