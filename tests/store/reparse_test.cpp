// SPDX-License-Identifier: Apache-2.0
#include "maintenance_fixture.h"

namespace wxcc::store {
namespace {

class Reparse : public MaintenanceFixture {
 protected:
  static ReparseStats all(Archive& archive, const Parser& parser = parse_lines) {
    ReparseStats total;
    for (;;) {
      const ReparseStats batch = archive.reparse_next(parser, 1, kNow);
      if (batch.transcripts == 0) return total;
      total += batch;
    }
  }
};

TEST_F(Reparse, ChangesNothingWhenParserIsUnchanged) {
  Archive archive = open();
  const std::string before = dump();
  EXPECT_EQ(all(archive).transcripts, 2);
  EXPECT_EQ(all(archive).changed, 0);
  EXPECT_EQ(dump(), before);
}

TEST_F(Reparse, RepairsRowsThatDifferFromBytes) {
  modify("UPDATE message SET text = 'never sent' WHERE message_key = 1; DELETE FROM message WHERE message_key = 2");
  ASSERT_NE(with(Check::Outcome::Corrupt), "");
  Archive archive = open();
  EXPECT_EQ(all(archive).changed, 1);
  EXPECT_EQ(with(Check::Outcome::Corrupt), "");
  EXPECT_EQ(Reader::open(path_).messages("t1").at(1).text, "goodbye");
  EXPECT_EQ(row("SELECT count(*) FROM message_search WHERE message_search MATCH 'never'"), "0");
}

TEST_F(Reparse, ParsesFormerlyUnparsedTranscripts) {
  Archive archive = open();
  commit(archive, {ended_task("t3")});
  store(archive, "t3", {unparsed("c3", "c3\nnow I can read it")}, std::nullopt, kNow);
  EXPECT_EQ(archive.reader().counts()[model::TranscriptState::Unparsed], 1);
  const ReparseStats result = all(archive);
  EXPECT_EQ(result.newly_parsable, 1);
  EXPECT_EQ(archive.reader().counts()[model::TranscriptState::Unparsed], 0);
  EXPECT_EQ(Reader::open(path_).messages("t3").at(0).text, "now I can read it");
  EXPECT_TRUE(Reader::open(path_).failures_of("t3").empty());
}

TEST_F(Reparse, RetainsMessagesOfNowUnparsableTranscripts) {
  Archive archive = open();
  const std::string before = views();
  const auto nothing = [](const std::string&, const model::TranscriptItem&) { return Parsed{std::nullopt, "no"}; };
  EXPECT_EQ(all(archive, nothing).now_unparsable, 2);
  EXPECT_EQ(views(), before);
}

TEST_F(Reparse, ContinuesAfterInterruption) {
  {
    Archive archive = open();
    EXPECT_EQ(archive.reparse_next(parse_lines, 1, kNow).transcripts, 1);
  }
  Archive archive = open();
  EXPECT_EQ(all(archive).transcripts, 1);
  EXPECT_EQ(all(archive).transcripts, 2) << "from the beginning again";
}

}  // namespace
}  // namespace wxcc::store
