// SPDX-License-Identifier: Apache-2.0
// search, show, verify, backup, reparse, erase and retention from their arguments to the exit code.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/clock.h"
#include "base/json.h"
#include "cli/commands.h"
#include "store/archive.h"
#include "store/reader.h"
#include "tests/temporary_directory.h"
#include "webex/transcript_format.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class ArchiveCommands : public testing::Test {
 protected:
  ArchiveCommands() {
    store::Archive archive = open();
    const base::Instant now = base::SystemClock().now();
    const base::TimeRange scanned{now - ch::days(400), now};
    std::vector<model::Task> tasks;
    for (int i = 0; i < 4; ++i) {
      model::Task task;
      task.id = "task-000" + std::to_string(i);
      task.ended = now - ch::days(100 * i + 1);
      task.created = *task.ended - ch::minutes(10);
      task.queue = {"q", "Support"};
      task.customer = {"Mira Visser " + std::to_string(i / 2), "mira" + std::to_string(i / 2) + "@example.org", ""};
      tasks.push_back(task);
    }
    archive.commit_page(tasks, store::Scan{model::TimeField::Ended, scanned, now}, scanned.to, now);
    for (const model::Task& task : tasks)
      add_transcript(archive, task.id, "the code word is quokka" + task.id.substr(5));
  }
  store::Archive open() const { return store::Archive::open({path_, "org-1", "test"}, base::SystemClock().now()); }
  static void add_transcript(store::Archive& archive, const std::string& id, const std::string& text) {
    store::FetchedTranscript fetched;
    fetched.item.source = "chat";
    fetched.item.capture_id = "capture-" + id;
    fetched.raw = R"([{"id":"message-)" + id + R"(","timestamp":1767225600000,"direction":"inbound","message":")" +
                  text + R"(","participant":{"name":"Mira","role":"customer"}}])";
    auto parsed = webex::parse_transcript(fetched.raw, std::nullopt);
    fetched.conversation = std::move(parsed.conversation);
    fetched.parse_error = parsed.error;
    const auto result = store::FetchResult::fetched(id, {fetched});
    archive.commit_fetched({&result, 1}, base::SystemClock().now());
  }
  Ran run(const std::vector<std::string>& words) const {
    std::vector<const char*> argv = {"wxcc-archive", "--archive", path_.c_str()};
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.code = cli::main(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    return ran;
  }
  std::string files() const {
    std::string all;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::ifstream in(path_.string() + suffix, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }
  std::int64_t tasks() const { return store::Reader::open(path_).counts().tasks(); }

  tests::TemporaryDirectory directory_;
  base::Path path_ = directory_.path() / "archive.db";
};

TEST_F(ArchiveCommands, SearchAcceptsPlainWords) {
  const Ran ran = run({"search", "quokka0002", "code"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.out.find("task-0002  Support\n    Mira: the [code] word is [quokka0002]"), std::string::npos)
      << ran.out;
  EXPECT_EQ(ran.out.find("task-0001"), std::string::npos);
}

TEST_F(ArchiveCommands, SearchFiltersByDateAndQueue) {
  EXPECT_NE(run({"search", "code", "--last", "30d", "--queue", "support"}).out.find("task-0000"), std::string::npos);
  EXPECT_EQ(run({"search", "code", "--last", "30d"}).out.find("task-0001"), std::string::npos);
  EXPECT_NE(run({"search", "code", "--queue", "Sales"}).err.find("no match"), std::string::npos);
}

TEST_F(ArchiveCommands, SearchWritesJson) {
  const Ran ran = run({"search", "code", "--json", "--limit", "2"});
  const auto document = base::JsonDocument::parse(ran.out);
  ASSERT_TRUE(document) << ran.out;
  ASSERT_EQ(document->root().size(), 2U);
  EXPECT_EQ(document->root().at(0)["queue"].text(), "Support");
  EXPECT_NE(document->root().at(0)["snippet"].text()->find("[code]"), std::string::npos);
}

TEST_F(ArchiveCommands, SearchRejectsInvalidQuery) {
  for (const char* query : {"???", "code AND", "\"open", ""}) {
    const Ran ran = run({"search", query});
    EXPECT_EQ(ran.code, 2) << query;
    EXPECT_NE(ran.err.find("full text query"), std::string::npos) << ran.err;
  }
}

TEST_F(ArchiveCommands, ShowRejectsUnknownTask) {
  const Ran ran = run({"show", "task-9999"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("no task task-9999"), std::string::npos);
}

TEST_F(ArchiveCommands, VerifyDistinguishesGapsAndDamage) {
  EXPECT_EQ(run({"verify"}).code, 0);
  {
    store::Archive archive = open();
    model::Task task;
    task.id = "pending";
    task.ended = base::SystemClock().now();
    archive.commit_page({task}, std::nullopt, std::nullopt, *task.ended);
  }
  EXPECT_EQ(run({"verify"}).code, 4);
  {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    const std::string bytes = files();
    const std::size_t at = bytes.find(R"(is quokka0001","participant)");
    ASSERT_LT(at, std::filesystem::file_size(path_));
    file.seekp(static_cast<std::streamoff>(at));
    file << "IS";
  }
  const Ran ran = run({"verify", "--json"});
  EXPECT_EQ(ran.code, 1);
  const auto document = base::JsonDocument::parse(ran.out);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["outcome"].text(), "corrupt");
  EXPECT_EQ(document->root()["checks"].at(3)["name"].text(), "checksums");
  EXPECT_EQ(document->root()["checks"].at(3)["outcome"].text(), "corrupt");
}

TEST_F(ArchiveCommands, BackupOverwritesOnlyWithForce) {
  const std::string copy = directory_.path() / "copy.db";
  EXPECT_EQ(run({"backup", copy}).code, 0);
  const Ran again = run({"backup", copy});
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("--force"), std::string::npos);
  EXPECT_EQ(run({"backup", copy, "--force"}).code, 0);
  EXPECT_EQ(store::Reader::open(copy).counts().tasks(), 4);
}

TEST_F(ArchiveCommands, ReparseReportsWhatChanged) {
  const Ran ran = run({"reparse"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("parsed 4 transcripts again: 0 changed"), std::string::npos) << ran.out;
}

TEST_F(ArchiveCommands, ChangingCommandsNameCurrentWriter) {
  const store::Archive daemon = open();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"reparse"}, {"erase", "--task", "task-0001"}, {"retention", "--days", "30"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 75) << words[0];
    EXPECT_NE(ran.err.find("locked by test, pid"), std::string::npos) << ran.err;
  }
  EXPECT_EQ(tasks(), 4);
}

TEST_F(ArchiveCommands, EraseDryRunListsConversations) {
  const Ran ran = run({"erase", "--customer", "MIRA0@example.org", "--dry-run"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.out.find("task-0000"), std::string::npos);
  EXPECT_NE(ran.out.find("would erase 2 conversations"), std::string::npos);
  EXPECT_EQ(tasks(), 4);
}

TEST_F(ArchiveCommands, EraseRemovesBytesAndPrintsReceipt) {
  ASSERT_NE(files().find("quokka0001"), std::string::npos);
  const Ran ran = run({"erase", "--customer", "mira0@example.org", "--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto document = base::JsonDocument::parse(ran.out);
  ASSERT_TRUE(document) << ran.out;
  EXPECT_EQ(document->root()["removed"]["conversations"].integer(), 2);
  EXPECT_EQ(document->root()["proof"]["matches_remaining"].integer(), 0);
  EXPECT_EQ(document->root()["task_ids"].size(), 2U);
  EXPECT_EQ(document->root()["audit"]["entry"].integer(), 2);
  EXPECT_GE(document->root()["not_covered"].size(), 2U);
  const std::string bytes = files();
  for (const char* text : {"quokka0000", "quokka0001", "task-0001", "mira0@", "Mira Visser 0"})
    EXPECT_EQ(bytes.find(text), std::string::npos) << text;
  EXPECT_NE(bytes.find("quokka0002"), std::string::npos);
  EXPECT_EQ(run({"verify"}).code, 0);
}

TEST_F(ArchiveCommands, EraseCanBeRepeated) {
  EXPECT_EQ(run({"erase", "--task", "task-0001", "--task", "task-0002"}).code, 0);
  EXPECT_EQ(run({"erase", "--task", "task-0001"}).code, 0);
  EXPECT_EQ(tasks(), 2);
}

TEST_F(ArchiveCommands, EraseRejectsUnknownTaskOrCustomer) {
  const Ran task = run({"erase", "--task", "task-0001", "--task", "unknown"});
  EXPECT_EQ(task.code, 1);
  EXPECT_NE(task.err.find("no task unknown"), std::string::npos);
  EXPECT_EQ(run({"erase", "--customer", "unknown"}).code, 1);
  EXPECT_EQ(run({"erase"}).code, 2);
  EXPECT_EQ(tasks(), 4);
}

TEST_F(ArchiveCommands, EraseOfManyRequiresYes) {
  {
    store::Archive archive = open();
    std::vector<model::Task> many;
    for (int i = 0; i < 101; ++i) {
      model::Task task;
      task.id = "guest-" + std::to_string(i);
      task.ended = base::SystemClock().now();
      task.customer.name = "Guest";
      many.push_back(task);
    }
    archive.commit_page(many, std::nullopt, std::nullopt, base::SystemClock().now());
  }
  const Ran ran = run({"erase", "--customer", "guest"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("101 conversations"), std::string::npos);
  EXPECT_EQ(tasks(), 105);
  EXPECT_EQ(run({"erase", "--customer", "guest", "--yes"}).code, 0);
  EXPECT_EQ(tasks(), 4);
}

TEST_F(ArchiveCommands, RetentionRemovesOldConversations) {
  EXPECT_NE(run({"retention", "--days", "150", "--dry-run"}).out.find("2 conversations"), std::string::npos);
  EXPECT_EQ(tasks(), 4);
  EXPECT_EQ(run({"retention", "--days", "150"}).code, 0);
  EXPECT_EQ(tasks(), 2);
  EXPECT_EQ(files().find("quokka0003"), std::string::npos);
  EXPECT_EQ(run({"retention"}).code, 2);
}

TEST_F(ArchiveCommands, RejectFileThatIsNoArchive) {
  path_ = directory_.path() / "other.db";
  std::ofstream(path_) << "no database at all, but long enough to be inspected";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"search", "x"},
                                                {"verify"},
                                                {"backup", "/nowhere"},
                                                {"reparse"},
                                                {"erase", "--task", "x"},
                                                {"retention", "--days", "1"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 78) << words[0];
    EXPECT_NE(ran.err.find("is not an archive"), std::string::npos) << ran.err;
  }
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".lock"));
}

}  // namespace
}  // namespace wxcc::cli
