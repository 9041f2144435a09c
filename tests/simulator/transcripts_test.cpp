// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/transcripts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/json.h"
#include "base/json_text.h"
#include "base/text.h"
#include "moved_clock.h"

namespace wxcc::simulator {
namespace {

using namespace std::chrono_literals;
using Versions = Transcripts::Versions;

class TranscriptsTest : public testing::Test {
 protected:
  void populate() {
    generator.emplace(options, clock.now());
    transcripts.emplace(options, *generator);
  }
  std::vector<TaskNumber> tasks_with(TranscriptKind kind) const {
    std::vector<TaskNumber> result;
    for (TaskNumber number = 0; number < generator->size(); ++number)
      if (transcripts->kind_of(number) == kind) result.push_back(number);
    return result;
  }
  std::string object_of(TaskNumber number, std::size_t index = 0) const {
    return transcripts->object(transcripts->artifacts(number, clock.now(), Versions::All).at(index).key, clock.now())
        .value();
  }
  static std::vector<std::string> messages_in(base::JsonNode array) {
    std::vector<std::string> result;
    for (const base::JsonNode message : array) result.emplace_back(message["message"].text().value());
    return result;
  }

  MovedClock clock;
  Options options;
  std::optional<TaskGenerator> generator;
  std::optional<Transcripts> transcripts;
};

TEST_F(TranscriptsTest, TheLegacyArrayHoldsTheTexts) {
  populate();
  bool epoch_times = false;
  bool iso_times = false;
  bool empty_participants = false;
  for (const TaskNumber number : tasks_with(TranscriptKind::Legacy)) {
    const auto document = base::JsonDocument::parse(object_of(number));
    ASSERT_TRUE(document) << document.error().message;
    ASSERT_TRUE(document->root().is_array());
    EXPECT_EQ(messages_in(document->root()), transcripts->texts(number, clock.now()));
    EXPECT_GE(document->root().size(), 2U);
    EXPECT_LE(document->root().size(), 40U);
    for (const base::JsonNode message : document->root()) {
      epoch_times |= message["timestamp"].is_number();
      iso_times |= message["timestamp"].is_string();
      empty_participants |= message["participant"].is_object() && message["participant"].size() == 0;
      EXPECT_TRUE(message["redacted"].is_boolean());
    }
  }
  EXPECT_TRUE(epoch_times && iso_times && empty_participants);
}

TEST_F(TranscriptsTest, BothVersionsShareOneCaptureIdAndTheTexts) {
  populate();
  const auto numbers = tasks_with(TranscriptKind::BothVersions);
  ASSERT_FALSE(numbers.empty());
  for (const TaskNumber number : numbers) {
    EXPECT_EQ(transcripts->artifacts(number, clock.now(), Versions::Default).size(), 1U);
    const auto all = transcripts->artifacts(number, clock.now(), Versions::All);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].capture_id, all[1].capture_id);
    EXPECT_NE(all[0].key, all[1].key);
    EXPECT_LT(all[0].created, all[1].created);
    const auto first = base::JsonDocument::parse(object_of(number, 0));
    const auto second = base::JsonDocument::parse(object_of(number, 1));
    EXPECT_EQ(messages_in(first->root()), messages_in(second->root()["messages"]));
    EXPECT_TRUE(second->root()["schemaVersion"].is_string());
  }
}

TEST_F(TranscriptsTest, VoiceComesInTwoFormats) {
  options.chat_share = 0;
  populate();
  const TaskNumber legacy = tasks_with(TranscriptKind::LegacyVoice).at(0);
  const auto voice = base::JsonDocument::parse(object_of(legacy));
  EXPECT_EQ(voice->root()["responseContents"].size(), transcripts->texts(legacy, clock.now()).size());
  EXPECT_EQ(voice->root()["responseContents"].at(0)["recognitionResult"]["role"].text(), "CALLER");
  const TaskNumber modern = tasks_with(TranscriptKind::VCon).at(0);
  const auto vcon = base::JsonDocument::parse(object_of(modern));
  EXPECT_EQ(vcon->root()["dialog"].size(), transcripts->texts(modern, clock.now()).size());
  EXPECT_EQ(vcon->root()["parties"].size(), 3U);
}

TEST_F(TranscriptsTest, DamagedFilesAreDamaged) {
  options.no_transcript_share = options.both_versions_share = options.versioned_share = 0;
  options.chat_share = 1;
  options.malformed_share = options.truncated_share = options.empty_share = options.invalid_utf8_share = 0.25;
  populate();
  EXPECT_FALSE(base::JsonDocument::parse(object_of(tasks_with(TranscriptKind::Malformed).at(0))));
  EXPECT_FALSE(base::JsonDocument::parse(object_of(tasks_with(TranscriptKind::Truncated).at(0))));
  EXPECT_EQ(object_of(tasks_with(TranscriptKind::Empty).at(0)), "[]");
  const TaskNumber invalid = tasks_with(TranscriptKind::InvalidUtf8).at(0);
  EXPECT_FALSE(base::is_utf8(object_of(invalid)));
  const auto repaired = base::JsonDocument::parse(base::repair_json(object_of(invalid)));
  ASSERT_TRUE(repaired);
  EXPECT_EQ(messages_in(repaired->root()), transcripts->texts(invalid, clock.now()));
}

TEST_F(TranscriptsTest, AreAvailableAfterTheLagIfAtAll) {
  options.tasks = 0;
  options.live_rate = 60;
  options.live_duration = 2s;
  options.transcript_lag = 1min;
  options.no_transcript_share = 0.2;
  populate();
  clock.advance(3min);
  generator->advance(clock.now());
  std::size_t waiting = 0;
  for (TaskNumber number = 0; number < generator->size(); ++number) {
    const TaskRecord& task = generator->record(number);
    const bool ready = transcripts->is_ready(number, clock.now());
    EXPECT_TRUE(!ready || task.ended <= clock.now());
    if (!ready && task.ended <= clock.now() && transcripts->kind_of(number) != TranscriptKind::None) ++waiting;
    EXPECT_EQ(transcripts->artifacts(number, clock.now(), Versions::All).empty(), !ready);
    EXPECT_EQ(transcripts->texts(number, clock.now()).empty(), !ready);
  }
  EXPECT_GT(waiting, 0U);
  const std::size_t known = generator->size();
  clock.advance(1h);
  for (TaskNumber number = 0; number < known; ++number)
    EXPECT_EQ(transcripts->is_ready(number, clock.now()), transcripts->kind_of(number) != TranscriptKind::None);
}

TEST_F(TranscriptsTest, PartialTranscriptIsReplacedByLongerOne) {
  options.tasks = 0;
  options.chat_share = 1;
  options.live_rate = 10;
  options.live_duration = 2s;
  options.partial_share = 1;
  options.no_transcript_share = 0;
  populate();
  clock.advance(1min);
  generator->advance(clock.now());
  const TaskNumber first = generator->by_ended().front();
  const auto early = transcripts->texts(first, clock.now());
  const auto early_item = transcripts->artifacts(first, clock.now(), Versions::Default).at(0);
  clock.advance(1h);
  const auto late = transcripts->texts(first, clock.now());
  ASSERT_GT(late.size(), early.size());
  EXPECT_TRUE(std::equal(early.begin(), early.end(), late.begin()));
  EXPECT_GT(transcripts->artifacts(first, clock.now(), Versions::Default).at(0).created, early_item.created);
}

TEST_F(TranscriptsTest, ConversationsIncludeEdgeCases) {
  options.tasks = 3000;
  populate();
  bool many_lines = false;
  bool formula = false;
  bool emoji = false;
  bool over_a_cell = false;
  for (TaskNumber number = 0; number < generator->size(); ++number)
    for (const std::string& text : transcripts->texts(number, clock.now())) {
      EXPECT_TRUE(base::is_utf8(text));
      many_lines |= text.find('\n') != std::string::npos;
      formula |= text.starts_with('=');
      emoji |= text.find("👩‍👩‍👧‍👦") != std::string::npos;
      over_a_cell |= base::utf16_length(text) > 32767;
    }
  EXPECT_TRUE(many_lines && formula && emoji && over_a_cell);
}

}  // namespace
}  // namespace wxcc::simulator
