// SPDX-License-Identifier: Apache-2.0
#include "store/search.h"

#include "archive_fixture.h"
#include "base/error.h"

namespace wxcc::store {
namespace {

TEST(FullTextQuery, ConvertsTypedText) {
  struct Row {
    const char* typed;
    const char* query;
  };
  for (const Row& row : {
           Row{"refund", "\"refund\""},
           {"  refund   parcel ", "\"refund\" \"parcel\""},
           {"e-mail", "\"e-mail\""},
           {"it's late!", "\"it's\" \"late!\""},
           {"ref*", "\"ref\"*"},
           {"and or not", "\"and\" \"or\" \"not\""},
           {"100% ... sure", "\"100%\" \"sure\""},
           {"a:b c^d", "\"a:b\" \"c^d\""},
           {"größe", "\"größe\""},
           {"refund OR return", "refund OR return"},
           {"\"my parcel\"", "\"my parcel\""},
           {"NEAR(parcel late, 5)", "NEAR(parcel late, 5)"},
       })
    EXPECT_EQ(full_text_query(row.typed), row.query);
}

TEST(FullTextQuery, RejectsTextWithoutWord) {
  for (const char* typed : {"", " ", "...", "?!", "*", "\"\"", "()"})
    EXPECT_THROW(full_text_query(typed), StoreError) << typed;
}

class Search : public ArchiveFixture {
 protected:
  Search() : archive_(open()) {
    model::Task first = ended_task("t1", kStart + hours(1));
    first.queue = {"q1", "Support"};
    first.agent = {"a1", "Arne Holm"};
    commit(archive_, {first, ended_task("t2", kStart + hours(48))});
    store(archive_, "t1", {transcript("c1", {"Where is my parcel? Zoë here", "The parcel, the parcel!"})}, std::nullopt,
          kNow);
    store(archive_, "t2", {transcript("c2", {"an e-mail about a refund", "refunded at 10:30"})}, std::nullopt, kNow);
  }
  std::string found(const std::string& text, ConversationFilter filter = {}, int limit = 10) const {
    filter.text = text;
    std::string all;
    for (const SearchHit& hit : Reader::open(path_).search(filter, limit).hits)
      all += hit.task_id + "/" + std::to_string(hit.seq) + " ";
    return all;
  }
  std::string newest(const std::string& text, ConversationFilter filter = {}, int limit = 10) const {
    filter.text = text;
    const SearchResult result = Reader::open(path_).search(filter, limit, 0);
    EXPECT_EQ(result.ranked, result.hits.empty());
    std::string all;
    for (const SearchHit& hit : result.hits) all += hit.task_id + "/" + std::to_string(hit.seq) + " ";
    return all;
  }
  Archive archive_;
};

TEST_F(Search, AcceptsPlainWordsAndSyntax) {
  struct Row {
    const char* typed;
    const char* hits;
  };
  for (const Row& row : {
           Row{"parcel", "t1/2 t1/1 "},
           {"zoe", "t1/1 "},
           {"PARCEL where", "t1/1 "},
           {"e-mail", "t2/1 "},
           {"mail-e", ""},
           {"refund", "t2/1 "},
           {"refund*", "t2/2 t2/1 "},
           {"10:30", "t2/2 "},
           {"\"my parcel\"", "t1/1 "},
           {"zoe OR refunded", "t2/2 t1/1 "},
           {"parcel NOT zoe", "t1/2 "},
           {"NEAR(where parcel, 2)", "t1/1 "},
           {"nothing", ""},
       })
    EXPECT_EQ(found(row.typed), row.hits) << row.typed;
}

TEST_F(Search, AppliesFiltersAndLimit) {
  ConversationFilter filter;
  filter.range = TimeRange{kStart, kStart + hours(24)};
  EXPECT_EQ(found("parcel OR refund", filter), "t1/2 t1/1 ");
  filter.by = model::TimeField::Created;
  EXPECT_EQ(found("parcel OR refund", filter), "t1/2 t1/1 ");
  filter.queues = {"support"};
  filter.agents = {"arne holm"};
  EXPECT_EQ(found("parcel OR refund", filter, 1), "t1/2 ");
  filter.agents = {"unknown"};
  EXPECT_EQ(found("parcel", filter), "");
}

TEST_F(Search, ReturnsNewestWhenTooManyMatch) {
  EXPECT_EQ(newest("parcel OR refund*"), "t2/2 t2/1 t1/2 t1/1 ");
  EXPECT_EQ(newest("parcel OR refund*", {}, 3), "t2/2 t2/1 t1/2 ");
  ConversationFilter filter;
  filter.range = TimeRange{kStart, kStart + hours(24)};
  filter.queues = {"support"};
  EXPECT_EQ(newest("parcel OR refund*", filter), "t1/2 t1/1 ");
  filter.by = model::TimeField::Created;
  EXPECT_EQ(newest("parcel", filter, 1), "t1/2 ");
  filter.agents = {"unknown"};
  filter.text = "parcel";
  EXPECT_TRUE(Reader::open(path_).search(filter, 5, 0).hits.empty());
}

TEST_F(Search, ExtendsUnrankedSearchUntilLimitIsReached) {
  std::vector<model::Task> later;
  for (int i = 0; i < 1500; ++i) later.push_back(ended_task("later" + std::to_string(i), kStart + hours(100 + i)));
  commit(archive_, later);
  store(archive_, "later1499", {transcript("c3", {"one more parcel"})}, std::nullopt, kNow);
  EXPECT_EQ(newest("parcel", {}, 2), "later1499/1 t1/2 ");
  EXPECT_EQ(newest("parcel"), "later1499/1 t1/2 t1/1 ");
}

TEST_F(Search, RanksUpToMaximum) {
  ConversationFilter filter;
  filter.text = "parcel";
  EXPECT_TRUE(Reader::open(path_).search(filter, 5, 2).ranked);
  EXPECT_FALSE(Reader::open(path_).search(filter, 5, 1).ranked);
  EXPECT_EQ(Reader::open(path_).count_matches("parcel", 10), 2);
  EXPECT_EQ(Reader::open(path_).count_matches("parcel", 1), 1);
}

TEST_F(Search, MarksMatchInSnippet) {
  ConversationFilter filter;
  filter.text = "zoe";
  const std::vector<SearchHit> hits = Reader::open(path_).search(filter, 5).hits;
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].snippet, "Where is my parcel? \x01Zoë\x02 here");
  EXPECT_EQ(hits[0].queue, "Support");
  EXPECT_EQ(hits[0].participant_role, "customer");
  EXPECT_EQ(hits[0].sent, kStart);
}

TEST_F(Search, ExplainsSyntaxOfInvalidQuery) {
  try {
    found("parcel AND");
    FAIL();
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find("NEAR(one two, 5)"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace wxcc::store
