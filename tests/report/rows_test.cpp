// SPDX-License-Identifier: Apache-2.0
#include "report/rows.h"

#include <gmock/gmock.h>

#include "store/archive.h"
#include "tests/temporary_directory.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const base::Instant kNow = base::parse_iso8601("2026-10-27T12:00:00Z").value();

class RowsTest : public testing::Test {
 protected:
  RowsTest() : archive(store::Archive::open({directory / "archive.db", "org-1", "test"}, kNow)) {
    add("task-1", 4h, {"Where is my parcel?", "On its way."});
    add("task-2", 3h, {});
    add("task-3", 2h, {"Thank you"});
  }

  void add(const std::string& id, base::Millis ago, const std::vector<std::string>& texts) {
    model::Task task;
    task.id = id;
    task.created = kNow - ago - 5min;
    task.ended = kNow - ago;
    task.customer.name = "Mira Visser";
    archive.commit_page({task}, std::nullopt, std::nullopt, kNow);
    if (texts.empty()) return;
    store::FetchedTranscript transcript;
    transcript.item.capture_id = id;
    transcript.raw = id;
    model::Conversation& conversation = transcript.conversation.emplace();
    conversation.format = "digital";
    conversation.participants = {{"Mira Visser", "customer", ""}, {"Arne Holm", "agent", "u-7"}};
    for (const std::string& text : texts) {
      model::Message& message = conversation.messages.emplace_back();
      message.participant = conversation.messages.size() % 2 == 0 ? 1 : 0;
      message.sent = *task.created + conversation.messages.size() * 5s;
      message.text = text;
    }
    const auto result = store::FetchResult::fetched(id, {transcript});
    archive.commit_fetched({&result, 1}, kNow);
  }

  tests::TemporaryDirectory directory;
  store::Archive archive;
};

TEST_F(RowsTest, ReturnConversationsWithMessagesMetricsAndCells) {
  const store::Reader reader = store::Reader::open(directory / "archive.db");
  Rows rows(reader, {}, nullptr);
  const ConversationRecord* record = rows.next();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->cells.size(), conversation_columns().size());
  EXPECT_EQ(std::get<std::string_view>(record->cells.front()), "task-1");
  ASSERT_EQ(record->messages.size(), 2U);
  EXPECT_EQ(record->metrics.first_response, 5s);
  EXPECT_EQ(record->cells_of_message(1).size(), message_columns().size());
  EXPECT_EQ(std::get<std::string_view>(record->cells_of_message(1)[4]), "On its way.");
  record = rows.next();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(std::get<std::string_view>(record->cells.front()), "task-2");
  EXPECT_TRUE(record->messages.empty());
  EXPECT_TRUE(record->message_cells.empty());
  EXPECT_EQ(record->metrics.customer_messages, 0);
  ASSERT_NE(rows.next(), nullptr);
  EXPECT_EQ(rows.next(), nullptr);
}

TEST_F(RowsTest, AreRedactedBeforeCellsAreEvaluated) {
  const store::Reader reader = store::Reader::open(directory / "archive.db");
  const model::Redactor redactor(model::RedactionProfile::Everyone, "key");
  Rows rows(reader, {}, &redactor);
  int texts = 0;
  while (const ConversationRecord* record = rows.next())
    for (const auto* cells : {&record->cells, &record->message_cells})
      for (const CellValue& cell : *cells) {
        const auto* text = std::get_if<std::string_view>(&cell);
        if (text == nullptr) continue;
        EXPECT_EQ(text->find("Mira"), std::string::npos) << *text;
        ++texts;
      }
  EXPECT_GT(texts, 10);
}

TEST_F(RowsTest, MissingFilterIgnoresTextAndStates) {
  const store::Reader reader = store::Reader::open(directory / "archive.db");
  store::ConversationFilter filter;
  filter.text = "parcel";
  filter.states = {model::TranscriptState::Archived};
  EXPECT_TRUE(narrows_content(filter));
  Rows missing(reader, missing_filter(filter), nullptr);
  const ConversationRecord* record = missing.next();
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->row.task.id, "task-2");
  EXPECT_EQ(missing.next(), nullptr);
}

}  // namespace
}  // namespace wxcc::report
