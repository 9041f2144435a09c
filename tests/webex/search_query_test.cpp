// SPDX-License-Identifier: Apache-2.0
#include "webex/search_query.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace wxcc::webex {
namespace {

base::JsonDocument body_of(const SearchRequest& request, const FieldList& fields = {}) {
  return std::move(*base::JsonDocument::parse(search_body(request, fields)));
}

TEST(SearchQuery, SendsWindowAsVariablesAndChannelAsLiteral) {
  const auto body =
      body_of({{base::from_ms(1767225600000), base::from_ms(1767229200000)}, model::TimeField::Ended, {"chat"}, ""});
  const std::string query(*body.root()["query"].text());
  EXPECT_NE(query.find("timeComparator: endedTime, filter: { channelType: { equals: chat } }"), std::string::npos)
      << query;
  EXPECT_NE(query.find("endedTime(sort: asc)"), std::string::npos);
  EXPECT_NE(query.find("customer { name email phoneNumber }"), std::string::npos) << query;
  EXPECT_EQ(body.root()["variables"]["from"].integer(), 1767225600000);
  EXPECT_EQ(body.root()["variables"]["to"].integer(), 1767229200000);
  EXPECT_EQ(body.root()["variables"]["cursor"].text(), "NA");
}

TEST(SearchQuery, SortsByTimestampAndJoinsChannelsWithOr) {
  const auto body = body_of({{}, model::TimeField::Created, {"chat", "email"}, "opaque=="});
  const std::string query(*body.root()["query"].text());
  EXPECT_NE(query.find("or: [ { channelType: { equals: chat } }, { channelType: { equals: email } } ]"),
            std::string::npos)
      << query;
  EXPECT_NE(query.find("createdTime(sort: asc)"), std::string::npos);
  EXPECT_EQ(query.find("endedTime(sort"), std::string::npos);
  EXPECT_EQ(body.root()["variables"]["cursor"].text(), "opaque==");
}

TEST(FieldList, DropsExactlyTheUndefinedFields) {
  struct Row {
    const char* error;
    std::vector<std::string> dropped;
  };
  const Row rows[] = {
      {"Validation error (FieldUndefined@[taskDetails/tasks/topicName]) : Field 'topicName' in type 'Task' is "
       "undefined",
       {"topicName"}},
      {"Validation error (FieldUndefined@[taskDetails/tasks/lastQueue/name]) : Field 'name' in type 'Queue' is "
       "undefined",
       {"lastQueue.name"}},
      {"Validation error (FieldUndefined@[taskDetails/tasks/lastSite]) : Field 'lastSite' in type 'Task' is undefined",
       {"lastSite.id", "lastSite.name"}},
      {"Field 'csatScore' in type 'Task' is undefined", {"csatScore"}},
      {"Cannot query field \"lastTeam\" on type \"Task\".", {"lastTeam.id", "lastTeam.name"}},
      {"[taskDetails/tasks/botName] and [taskDetails/tasks/autoCsat] are undefined", {"autoCsat", "botName"}},
      {"FieldUndefined: autoCsat", {"autoCsat"}},
      {"Unknown field lastSite", {"lastSite.id", "lastSite.name"}},
      {"FieldUndefined: name", {}},
      {"FieldUndefined: autoCsat or botName", {}},
      {"the value of botName is bad", {}},
      {"Field 'endedTime' in type 'Task' is undefined", {}},
      {"span too long", {}},
      {"Missing field argument 'from'", {}},
  };
  for (const Row& row : rows) {
    FieldList fields;
    EXPECT_EQ(fields.drop_undefined(row.error), !row.dropped.empty()) << row.error;
    EXPECT_EQ(fields.dropped(), row.dropped) << row.error;
    for (const std::string& field : row.dropped) {
      if (field.find('.') == std::string::npos) {
        EXPECT_EQ(fields.selection(model::TimeField::Ended).find(field), std::string::npos) << field;
      }
    }
  }
}

TEST(FieldList, DropsAllButTheCoreFields) {
  FieldList fields;
  EXPECT_TRUE(fields.drop_non_core());
  EXPECT_EQ(fields.selection(model::TimeField::Ended),
            "id isActive channelType status createdTime endedTime(sort: asc) lastQueue { id name } "
            "lastAgent { id name } customer { name email phoneNumber }");
  EXPECT_FALSE(fields.drop_non_core());
}

TEST(FieldList, NeverSelectsAnEmptyObject) {
  FieldList fields;
  ASSERT_TRUE(fields.drop_undefined("[taskDetails/tasks/lastSite/id] [taskDetails/tasks/lastSite/name]"));
  EXPECT_EQ(fields.selection(model::TimeField::Ended).find("lastSite"), std::string::npos);
  EXPECT_EQ(fields.selection(model::TimeField::Ended).find("{ }"), std::string::npos);
  fields.restore();
  EXPECT_NE(fields.selection(model::TimeField::Ended).find("lastSite { id name }"), std::string::npos);
}

}  // namespace
}  // namespace wxcc::webex
