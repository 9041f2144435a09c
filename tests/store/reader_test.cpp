// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include "archive_fixture.h"
#include "base/error.h"

namespace wxcc::store {
namespace {

// Three days of one task each: Support/Arne by chat, Sales/Bea by chat, Support/Bea by email.
class ReaderTest : public ArchiveFixture {
 protected:
  ReaderTest() {
    const auto task = [](const std::string& id, int day, const char* queue, const char* agent, const char* channel) {
      model::Task result = ended_task(id, kStart + hours(24 * day));
      result.queue = {std::string("id-") + queue, queue};
      result.agent = {std::string("id-") + agent, agent};
      result.channel = channel;
      return result;
    };
    model::Task first = task("t1", 1, "Support", "Arne", "chat");
    first.team = {"te", "Team"};
    first.site = {"si", "Site"};
    first.entry_point = {"ep", "Entry"};
    first.customer = {"Mira", "mira@example.com", "+31"};
    first.origin = "origin";
    first.destination = "destination";
    first.direction = "inbound";
    first.wrapup_code = "Solved";
    first.termination_type = "normal";
    first.csat_score = 0;
    // Created in the opposite order.
    model::Task second = task("t2", 2, "Sales", "Bea", "chat");
    second.created = kStart + hours(2);
    model::Task third = task("t3", 3, "Support", "Bea", "email");
    third.created = kStart + hours(1);
    commit(archive_, {first, second, third});
    store("t1", {transcript("c1", {"where is my parcel", "on its way"})});
    store("t2", {transcript("c2", {"a price please"}), transcript("c3", {"the parcel price"}, kStart + hours(3))});
  }

  void store(const std::string& id, const std::vector<FetchedTranscript>& transcripts) {
    store::store(archive_, id, transcripts, std::nullopt, kNow);
  }
  std::vector<std::string> ids(const ConversationFilter& filter) const {
    std::vector<std::string> result;
    ConversationCursor conversations = reader_.conversations(filter);
    while (const auto row = conversations.next()) result.push_back(row->task.id);
    EXPECT_EQ(reader_.size_of(filter).conversations, static_cast<std::int64_t>(result.size()));
    return result;
  }
  std::vector<std::string> texts(const ConversationFilter& filter) const {
    std::vector<std::string> result;
    for (const std::string& id : ids(filter))
      for (const model::ArchivedMessage& message : reader_.messages(id))
        result.push_back(id + " " + std::to_string(message.seq) + " " + message.text);
    EXPECT_EQ(reader_.size_of(filter).messages, static_cast<std::int64_t>(result.size()));
    return result;
  }
  using Ids = std::vector<std::string>;

  Archive archive_ = open();
  Reader reader_ = Reader::open(path_);
};

TEST_F(ReaderTest, ReturnsEveryColumnOfConversation) {
  const StoredTask row = reader_.conversation("t1").value();
  EXPECT_EQ(row.task.id, "t1");
  EXPECT_EQ(row.task.channel, "chat");
  EXPECT_EQ(row.task.status, "ended");
  EXPECT_EQ(row.task.created, kStart + hours(24) - minutes(10));
  EXPECT_EQ(row.task.ended, kStart + hours(24));
  EXPECT_EQ(row.task.duration, minutes(10));
  EXPECT_EQ(row.task.queue.name, "Support");
  EXPECT_EQ(row.task.team.name, "Team");
  EXPECT_EQ(row.task.site.name, "Site");
  EXPECT_EQ(row.task.entry_point.name, "Entry");
  EXPECT_EQ(row.task.agent.name, "Arne");
  EXPECT_EQ(row.task.customer.name, "Mira");
  EXPECT_EQ(row.task.customer.email, "mira@example.com");
  EXPECT_EQ(row.task.customer.phone, "+31");
  EXPECT_EQ(row.task.origin, "origin");
  EXPECT_EQ(row.task.destination, "destination");
  EXPECT_EQ(row.task.direction, "inbound");
  EXPECT_EQ(row.task.wrapup_code, "Solved");
  EXPECT_EQ(row.task.termination_type, "normal");
  EXPECT_EQ(row.task.csat_score, 0);
  EXPECT_EQ(row.transcript_state, model::TranscriptState::Archived);
  EXPECT_EQ(row.message_count, 2);
  EXPECT_FALSE(reader_.conversation("unknown"));
  EXPECT_FALSE(reader_.conversation(""));
}

TEST_F(ReaderTest, ReturnsEveryColumnOfMessage) {
  const std::vector<model::ArchivedMessage> rows = reader_.messages("t1");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].seq, 2);
  EXPECT_EQ(rows[1].sent, kStart + minutes(1));
  EXPECT_EQ(rows[1].direction, "outbound");
  EXPECT_EQ(rows[1].participant_name, "Arne Holm");
  EXPECT_EQ(rows[1].participant_role, "agent");
  EXPECT_EQ(rows[1].participant_user_id, "agent-1");
  EXPECT_EQ(rows[1].alias_id, "");
  EXPECT_EQ(rows[1].text, "on its way");
  EXPECT_FALSE(rows[1].redacted);
  EXPECT_TRUE(reader_.messages("t3").empty());
}

TEST_F(ReaderTest, ReturnsRawTranscripts) {
  store("t1", {unparsed("c9", std::string("{\0", 2))});
  const std::vector<RawTranscript> raw = reader_.raw_transcripts("t1");
  ASSERT_EQ(raw.size(), 2U);
  EXPECT_EQ(raw[0].item, transcript("c1", {}).item);
  EXPECT_EQ(raw[0].fetched, kNow);
  EXPECT_EQ(raw[0].format, "digital");
  EXPECT_TRUE(raw[0].current);
  EXPECT_EQ(raw[1].bytes, std::string("{\0", 2));
  EXPECT_EQ(raw[1].parse_error, "$[3]: a number instead of an object");
  EXPECT_FALSE(raw[1].current);
}

TEST_F(ReaderTest, ReturnsTextsWithNulCharacters) {
  const std::string text("before\0after", 12);
  store("t3", {transcript("c4", {text})});
  EXPECT_EQ(reader_.messages("t3").at(0).text, text);
}

TEST_F(ReaderTest, OrdersByTimeFieldOfFilter) {
  EXPECT_EQ(ids({}), (Ids{"t1", "t2", "t3"}));
  ConversationFilter filter;
  filter.by = model::TimeField::Created;
  EXPECT_EQ(ids(filter), (Ids{"t3", "t2", "t1"}));
}

TEST_F(ReaderTest, TreatsRangeAsHalfOpen) {
  ConversationFilter filter;
  filter.range = TimeRange{kStart + hours(24), kStart + hours(72)};
  EXPECT_EQ(ids(filter), (Ids{"t1", "t2"}));
  filter.by = model::TimeField::Created;
  filter.range = TimeRange{kStart + hours(1), kStart + hours(2)};
  EXPECT_EQ(ids(filter), (Ids{"t3"}));
}

TEST_F(ReaderTest, FiltersByNamesOrIdsIgnoringCase) {
  ConversationFilter filter;
  filter.queues = {"SUPPORT"};
  EXPECT_EQ(ids(filter), (Ids{"t1", "t3"}));
  filter.queues = {"ID-sales", "support"};
  EXPECT_EQ(ids(filter), (Ids{"t1", "t2", "t3"}));
  filter.agents = {"bea"};
  EXPECT_EQ(ids(filter), (Ids{"t2", "t3"}));
  filter.channels = {"EMail"};
  EXPECT_EQ(ids(filter), (Ids{"t3"}));
  filter.channels = {"telephony", "chat"};
  EXPECT_EQ(ids(filter), (Ids{"t2"}));
  filter.queues = {"no such queue"};
  EXPECT_EQ(ids(filter), Ids{});
}

TEST_F(ReaderTest, BindsFilterValuesLiterally) {
  ConversationFilter filter;
  filter.queues = {"Support' OR '1'='1", "\"]", "%", "", std::string(5000, 'x')};
  EXPECT_EQ(ids(filter), Ids{});
}

TEST_F(ReaderTest, ReturnsMessagesInOrderOfSeq) {
  EXPECT_EQ(texts({}),
            (Ids{"t1 1 where is my parcel", "t1 2 on its way", "t2 1 a price please", "t2 2 the parcel price"}));
  ConversationFilter filter;
  filter.by = model::TimeField::Created;
  filter.queues = {"Sales"};
  EXPECT_EQ(texts(filter), (Ids{"t2 1 a price please", "t2 2 the parcel price"}));
}

TEST_F(ReaderTest, FindsConversationsByFullText) {
  ConversationFilter filter;
  filter.text = "parcel";
  EXPECT_EQ(ids(filter), (Ids{"t1", "t2"}));
  filter.text = "parcel price";
  EXPECT_EQ(texts(filter), (Ids{"t2 1 a price please", "t2 2 the parcel price"}));
  filter.text = "xylophone";
  EXPECT_EQ(ids(filter), Ids{});
}

TEST_F(ReaderTest, RejectsInvalidFullTextQuery) {
  ConversationFilter filter;
  for (const char* text : {"\"open", "AND", "(", "NEAR(", "*"}) {
    filter.text = text;
    EXPECT_THROW(ids(filter), StoreError) << text;
  }
  EXPECT_EQ(ids({}), (Ids{"t1", "t2", "t3"}));
}

TEST_F(ReaderTest, ReadsWhileACursorIsOpen) {
  std::size_t messages = 0;
  ConversationCursor outer = reader_.conversations({});
  while (outer.next()) {
    ConversationCursor inner = reader_.conversations({});
    while (const auto row = inner.next()) messages += reader_.messages(row->task.id).size();
  }
  EXPECT_EQ(messages, 12U);
}

TEST_F(ReaderTest, SeesCommitsOfWriter) {
  commit(archive_, {ended_task("t0", kStart)});
  EXPECT_EQ(ids({}), (Ids{"t0", "t1", "t2", "t3"}));
}

TEST_F(ReaderTest, SeesOneStateInSnapshot) {
  reader_.begin_snapshot();
  EXPECT_EQ(reader_.counts().tasks(), 3);
  commit(archive_, {ended_task("t0", kStart)});
  archive_.checkpoint();
  EXPECT_EQ(ids({}), (Ids{"t1", "t2", "t3"}));
  reader_.end_snapshot();
  EXPECT_EQ(reader_.counts().tasks(), 4);
}

TEST_F(ReaderTest, AllowsCheckpointAfterReading) {
  reader_.begin_snapshot();
  EXPECT_EQ(reader_.counts().tasks(), 3);
  commit(archive_, {ended_task("t0", kStart)});
  archive_.checkpoint();
  EXPECT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  reader_.end_snapshot();
  archive_.checkpoint();
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
}

TEST_F(ReaderTest, ReturnsNewestFailuresFirst) {
  store::store(archive_, FetchResult::failed("t1", failure_of("captures", "transient", "one"), kNow), kNow);
  store::store(archive_, FetchResult::failed("t3", failure_of("captures", "transient", "three"), kNow),
               kNow + hours(1));
  const std::vector<TaskFailure> all = reader_.failures(10);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].task_id, "t3");
  EXPECT_EQ(all[1].message, "one");
  EXPECT_EQ(reader_.failures(1).size(), 1U);
}

TEST_F(ReaderTest, ReturnsUncoveredRanges) {
  const TimeRange week{kStart, kStart + hours(168)};
  EXPECT_EQ(reader_.uncovered(model::TimeField::Ended, week), std::vector{week});
  const TimeRange day{kStart + hours(24), kStart + hours(48)};
  archive_.commit_page({}, Scan{model::TimeField::Ended, day, kNow}, day.to, kNow);
  archive_.commit_page({}, Scan{model::TimeField::Created, week, kNow}, std::nullopt, kNow);
  EXPECT_EQ(reader_.uncovered(model::TimeField::Ended, week),
            (std::vector{TimeRange{week.from, day.from}, TimeRange{day.to, week.to}}));
  EXPECT_EQ(reader_.high_water_mark(), day.to);
}

}  // namespace
}  // namespace wxcc::store
