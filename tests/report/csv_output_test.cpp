// SPDX-License-Identifier: Apache-2.0
#include "extract_fixture.h"

namespace wxcc::report {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using CsvOutputTest = ExtractTest;

TEST_F(CsvOutputTest, WritesMessagesAsCsv) {
  add("task-1", "2026-10-25T01:30:00.118Z", 2, "=1+1, \"x\"");
  const auto lines = extract_lines("csv");
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_EQ(
      lines[0],
      "\xEF\xBB\xBFTask ID,Timestamp (Europe/Amsterdam),Timestamp (UTC),Direction,Message,Participant name,Role,User "
      "ID,Alias ID,Redacted,Queue,Agent\r");
  EXPECT_EQ(lines[1],
            "task-1,2026-10-25 02:25:00,2026-10-25T01:25:00.118Z,inbound,\"'=1+1, \"\"x\"\" 0\",Mira "
            "Visser,customer,,alias-0,false,Parcels,Arne Holm\r");
  EXPECT_EQ(result.conversations, 1);
  EXPECT_EQ(result.messages, 2);
}

TEST_F(CsvOutputTest, WritesPlainCsvWithoutMarkAndApostrophes) {
  add("task-1", "2026-10-25T01:30:00.118Z", 1, "=1+1");
  request.csv = {CsvOptions::Rows::Conversations, CsvOptions::Style::Plain};
  const auto lines = extract_lines("csv");
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_TRUE(lines[0].starts_with("Task ID,Started (Europe/Amsterdam),Duration,")) << lines[0];
  EXPECT_THAT(lines[1], HasSubstr(",archived,=1+1 0,mira@example.org,+31201234567,"));
}

}  // namespace
}  // namespace wxcc::report
