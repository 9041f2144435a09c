// SPDX-License-Identifier: Apache-2.0
#include "archive_fixture.h"

namespace wxcc::store {
namespace {

class Transcripts : public ArchiveFixture {
 protected:
  Transcripts() { commit(archive_, {ended_task("t1")}); }

  StoreResult store(const std::vector<FetchedTranscript>& transcripts, Instant now = kNow) {
    return store::store(archive_, "t1", transcripts, std::nullopt, now);
  }
  std::vector<std::string> current() const { return rows("SELECT seq || ' ' || text FROM messages ORDER BY seq"); }
  std::string state() const { return row("SELECT transcript_state FROM conversations"); }
  std::vector<std::string> found(const std::string& words) const {
    return rows(
        "SELECT m.text FROM message_search JOIN messages AS m USING (task_id, seq) WHERE message_search MATCH '" +
        words + "' ORDER BY seq");
  }
  // The integrity check of FTS5: the index matches the view.
  void check_full_text() const {
    EXPECT_NO_THROW(modify("INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)"));
  }
  using Lines = std::vector<std::string>;

  Archive archive_ = open();
};

TEST_F(Transcripts, StoreEveryMemberOfMessage) {
  FetchedTranscript fetched = transcript("c1", {"My card is XXXX", ""});
  fetched.conversation->messages[0].alias_id = "alias-1";
  fetched.conversation->messages[0].redacted = true;
  fetched.conversation->messages[0].sent = from_ms(1767226012118);
  fetched.conversation->messages[1].sent.reset();
  const StoreResult result = store({fetched});
  EXPECT_EQ(result.new_transcripts, 1);
  EXPECT_EQ(result.new_messages, 2);
  EXPECT_EQ(
      rows("SELECT task_id, seq, sent_at, sent_ms, direction, participant_name, participant_role, "
           "participant_user_id, alias_id, text, redacted FROM messages ORDER BY seq"),
      (Lines{"t1|1|2026-01-01T00:06:52.118Z|1767226012118|inbound|Mira Visser|customer|-|alias-1|My card is XXXX|1",
             "t1|2|-|-|outbound|Arne Holm|agent|agent-1|-|-|-"}));
  EXPECT_EQ(
      row("SELECT source, provider, capture_id, file_name, language, created_ms, fetched_ms, format, parse_error, "
          "message_count, first_seq, raw FROM transcript"),
      "chat|CISCO|c1|chatTranscript.json|-|1767232800000|1770825600000|digital|-|2|1|c1\nMy card is XXXX\n");
  EXPECT_EQ(row("SELECT transcript_state, message_count FROM conversations"), "archived|2");
}

TEST_F(Transcripts, ChangeNothingWhenRepeated) {
  const std::vector<FetchedTranscript> all = {transcript("c1", {"a", "b"}), unparsed("c2", "{{"),
                                              transcript("c3", {"c"})};
  store(all);
  const std::string before = dump();
  const StoreResult again = store({all.rbegin(), all.rend()}, kNow + hours(6));
  EXPECT_EQ(again.new_transcripts, 0);
  EXPECT_EQ(again.new_messages, 0);
  EXPECT_EQ(dump(), before);
}

TEST_F(Transcripts, SelectNewestVersionAndStoreAllBytes) {
  store({transcript("c1", {"first"}, kStart + hours(2))});
  store({transcript("c1", {"first", "second"}, kStart + hours(3))}, kNow + hours(1));
  EXPECT_EQ(current(), (Lines{"1 first", "2 second"}));
  EXPECT_EQ(rows("SELECT raw FROM transcript ORDER BY 1"), (Lines{"c1\nfirst", "c1\nfirst\nsecond"}));
  EXPECT_EQ(row("SELECT count(*) FROM participant"), "2");
  EXPECT_EQ(found("first"), Lines{"first"});
  check_full_text();
}

TEST_F(Transcripts, IgnoreOlderVersionFetchedLater) {
  store({transcript("c1", {"new"}, kStart + hours(3))});
  EXPECT_EQ(store({transcript("c1", {"old", "and longer"}, kStart + hours(2))}, kNow + hours(1)).new_messages, 0);
  EXPECT_EQ(current(), Lines{"1 new"});
  EXPECT_TRUE(found("longer").empty());
}

TEST_F(Transcripts, SelectOldBytesReturnedAsNewest) {
  store({transcript("c1", {"draft"}, kStart + hours(2)), transcript("c1", {"mistake"}, kStart + hours(3))});
  EXPECT_EQ(current(), Lines{"1 mistake"});
  EXPECT_EQ(store({transcript("c1", {"draft"}, kStart + hours(4))}).new_transcripts, 0);
  EXPECT_EQ(current(), Lines{"1 draft"});
  check_full_text();
}

TEST_F(Transcripts, NumberConversationsOfTaskContinuously) {
  store({transcript("later", {"c", "d"}, kStart + hours(3))});
  EXPECT_EQ(current(), (Lines{"1 c", "2 d"}));
  store({transcript("earlier", {"a", "b", "x"}, kStart + hours(2))});
  EXPECT_EQ(current(), (Lines{"1 a", "2 b", "3 x", "4 c", "5 d"}));
  EXPECT_EQ(found("d"), Lines{"d"});
  EXPECT_EQ(rows("SELECT seq FROM message_search WHERE message_search MATCH 'd'"), Lines{"5"});
  check_full_text();
}

TEST_F(Transcripts, RetainOrderOfMessages) {
  FetchedTranscript fetched = transcript("c1", {"sent first", "timestamped earlier"});
  fetched.conversation->messages[1].sent = kStart - hours(1);
  store({fetched});
  EXPECT_EQ(current(), (Lines{"1 sent first", "2 timestamped earlier"}));
}

TEST_F(Transcripts, StoreUnparsedBytesWithReason) {
  store({unparsed("c1", std::string("\0\xff{{", 4))});
  EXPECT_EQ(state(), "unparsed");
  EXPECT_EQ(row("SELECT hex(raw), format, parse_error FROM transcript"),
            "00FF7B7B|-|$[3]: a number instead of an object");
  EXPECT_EQ(row("SELECT phase, kind, message, attempts FROM failure"),
            "parse|permanent|$[3]: a number instead of an object|1");
  EXPECT_EQ(archive_.reader().counts()[model::TranscriptState::Unparsed], 1);
}

TEST_F(Transcripts, SelectOlderVersionWhenNewestIsUnparsed) {
  store({transcript("c1", {"readable"}, kStart + hours(2))});
  store({unparsed("c1", "{{", kStart + hours(5))});
  EXPECT_EQ(current(), Lines{"1 readable"});
  EXPECT_EQ(state(), "archived");
  EXPECT_EQ(row("SELECT count(*) FROM failure WHERE phase = 'parse'"), "1");
}

TEST_F(Transcripts, SelectUnparsedVersionOnceParsed) {
  FetchedTranscript readable = transcript("c1", {"readable at last"});
  FetchedTranscript unreadable = readable;
  unreadable.conversation.reset();
  store({unreadable});
  EXPECT_EQ(state(), "unparsed");
  EXPECT_EQ(store({readable}).new_transcripts, 0);
  EXPECT_EQ(state(), "archived");
  EXPECT_EQ(current(), Lines{"1 readable at last"});
  EXPECT_EQ(row("SELECT count(*) FROM failure"), "0");
  // A later parser failure removes nothing.
  store({unreadable});
  EXPECT_EQ(current(), Lines{"1 readable at last"});
}

TEST_F(Transcripts, SelectLongerOfTwoSimultaneousVersions) {
  store({transcript("c1", {"a", "b"}), transcript("c1", {"a"})});
  EXPECT_EQ(current(), (Lines{"1 a", "2 b"}));
}

TEST_F(Transcripts, UseFileAsIdentityWithoutCaptureId) {
  FetchedTranscript chat = transcript("", {"chat"});
  FetchedTranscript sms = transcript("", {"sms"}, kStart + hours(3));
  sms.item.source = "sms";
  store({chat, sms});
  EXPECT_EQ(current(), (Lines{"1 chat", "2 sms"}));
}

TEST_F(Transcripts, AreArchivedWithoutMessages) {
  FetchedTranscript empty = transcript("c1", {});
  empty.raw = "[]";
  store({empty, transcript("c2", {"a"}, kStart + hours(9))});
  EXPECT_EQ(state(), "archived");
  EXPECT_EQ(current(), Lines{"1 a"});
}

TEST_F(Transcripts, AreStoredWithoutBytes) {
  store({unparsed("c1", "")});
  EXPECT_EQ(row("SELECT typeof(raw), length(raw) FROM transcript"), "blob|0");
}

TEST_F(Transcripts, HaveNullParticipantWithoutSpeaker) {
  FetchedTranscript fetched = transcript("c1", {"anonymous"});
  fetched.conversation->participants.clear();
  store({fetched});
  EXPECT_EQ(row("SELECT text, participant_name, participant_role FROM messages"), "anonymous|-|-");
}

TEST_F(Transcripts, AreFoundIgnoringAccentsAndCase) {
  store({transcript("c1", {"The Crème brûlée arrived", "nothing"})});
  EXPECT_EQ(found("creme BRULEE"), Lines{"The Crème brûlée arrived"});
  EXPECT_EQ(rows("SELECT m.text FROM message_search AS s JOIN messages AS m ON m.message_key = s.rowid "
                 "WHERE message_search MATCH 'arrived'"),
            Lines{"The Crème brûlée arrived"});
}

TEST_F(Transcripts, LeaveIndexWithTheirTask) {
  commit(archive_, {ended_task("t2")});
  store::store(archive_, "t2", {transcript("c2", {"remaining words"})}, std::nullopt, kNow);
  store({transcript("c1", {"forgotten words"})});
  SQLite::Database database(path_.string(), SQLite::OPEN_READWRITE);
  database.exec("PRAGMA foreign_keys = ON; DELETE FROM task WHERE task_id = 't1'");
  EXPECT_EQ(found("words"), Lines{"remaining words"});
  EXPECT_EQ(row("SELECT (SELECT count(*) FROM transcript), (SELECT count(*) FROM message), (SELECT count(*) FROM "
                "participant)"),
            "1|1|2");
  check_full_text();
}

TEST_F(Transcripts, AreReindexedWhenTextChanges) {
  store({transcript("c1", {"a secret number"})});
  modify("UPDATE message SET text = 'a redacted number'");
  EXPECT_TRUE(found("secret").empty());
  EXPECT_EQ(found("redacted"), Lines{"a redacted number"});
  modify("UPDATE message SET text = NULL");
  EXPECT_TRUE(found("number").empty());
  check_full_text();
}

TEST_F(Transcripts, StaySupersededWhenReturnedUnparsable) {
  const FetchedTranscript first = transcript("c1", {"hello"}, kStart + hours(2));
  store({first});
  store({transcript("c1", {"hello", "and more"}, kStart + hours(3))});
  FetchedTranscript again = unparsed("c1", first.raw, kStart + hours(4));
  store({again});
  EXPECT_EQ(current(), (Lines{"1 hello", "2 and more"}));
  EXPECT_EQ(state(), "archived");
  store({transcript("c2", {"another"}, kStart + hours(5))});
  EXPECT_EQ(current(), (Lines{"1 hello", "2 and more", "3 another"}));
  // A program that can parse them again.
  store({transcript("c1", {"hello"}, kStart + hours(4))});
  EXPECT_EQ(current(), (Lines{"1 hello", "2 another"}));
}

TEST_F(Transcripts, AreRejectedForUnknownTask) {
  EXPECT_FALSE(store::store(archive_, "unknown", {transcript("c1", {"hello"})}).known);
  EXPECT_EQ(archive_.reader().counts()[model::TranscriptState::Archived], 0);
}

}  // namespace
}  // namespace wxcc::store
