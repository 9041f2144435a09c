// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "archive_fixture.h"
#include "store/erasure_verification.h"
#include "store/residue_scan.h"
#include "store/sqlite.h"

namespace wxcc::store {
namespace {

// Every conversation has a unique message and a common one.
class Erasure : public ArchiveFixture {
 protected:
  Erasure() : archive_(open()) {
    std::vector<model::Task> tasks;
    for (int i = 0; i < kTasks; ++i) {
      model::Task task = ended_task(id(i), kStart + hours(i));
      task.customer = {"Customer Number " + std::to_string(i / 2), "someone" + std::to_string(i / 2) + "@example.org",
                       "+31 20 555 " + std::to_string(1000 + i / 2)};
      task.other_members = R"({"note":"only about )" + id(i) + "\"}";
      tasks.push_back(task);
    }
    commit(archive_, tasks);
    for (int i = 0; i < kTasks; ++i)
      store(
          archive_, id(i),
          {transcript("capture-of-" + id(i), {"Hello, how can I help you today?", "the secret word is " + secret(i)})},
          kNow, kNow);
  }
  static std::string id(int i) { return "task-0000-" + std::to_string(100000 + i); }
  static std::string secret(int i) { return "xyzzy" + std::to_string(7000000 + i * 977); }
  std::string files() const {
    std::string all;
    for (const char* suffix : {"", "-wal", "-shm"}) all += bytes_of(path_.string() + suffix);
    return all;
  }
  ErasureVerification erase(const std::vector<std::string>& ids) {
    const std::vector<std::string> texts = Reader::open(path_).identifying_strings(ids);
    archive_.removal().erase(ids, "task", kNow);
    return verify_erasure(archive_, texts);
  }
  static constexpr int kTasks = 120;
  Archive archive_;
};

TEST_F(Erasure, RemovesEveryRowAndByte) {
  ASSERT_NE(files().find(secret(40)), std::string::npos);
  const ErasureVerification proof = erase({id(40), id(41)});
  EXPECT_EQ(proof.matches_remaining, 0U);
  EXPECT_FALSE(proof.blocked_by_reader);
  EXPECT_GT(proof.texts, 6U);
  EXPECT_GE(proof.bytes_read, std::filesystem::file_size(path_));
  const std::string bytes = files();
  for (const std::string& text :
       {id(40), id(41), secret(40), secret(41), std::string("capture-of-") + id(40), std::string("someone20@"),
        std::string("Customer Number 20"), std::string("555 1020")})
    EXPECT_EQ(bytes.find(text), std::string::npos) << text;
  EXPECT_NE(bytes.find(secret(42)), std::string::npos) << "the others stay";
  EXPECT_EQ(row("SELECT count(*) FROM task"), "118");
  EXPECT_EQ(row("SELECT count(*) FROM message"), "236");
  EXPECT_EQ(row("SELECT count(*) FROM message_search WHERE message_search MATCH 'hello'"), "118");
  EXPECT_EQ(rows("PRAGMA foreign_key_check"), std::vector<std::string>{});
}

TEST_F(Erasure, RetainsCustomerWithRemainingConversation) {
  EXPECT_EQ(archive_.removal().erase({id(40)}, "task", kNow).rows.customers, 0);
  EXPECT_EQ(row("SELECT count(*) FROM customer WHERE email = 'someone20@example.org'"), "1");
  EXPECT_EQ(archive_.removal().erase({id(41)}, "task", kNow).rows.customers, 1);
}

TEST_F(Erasure, CountsRemovedRows) {
  const Removal::Erased erased = archive_.removal().erase({id(7), id(8), "never seen"}, "task", kNow);
  EXPECT_EQ(erased.rows.conversations, 2);
  EXPECT_EQ(erased.rows.transcripts, 2);
  EXPECT_EQ(erased.rows.messages, 4);
  EXPECT_GT(erased.rows.raw_bytes, 100);
  EXPECT_EQ(erased.audit.entry, 2);
  EXPECT_EQ(row("SELECT action, json_extract(details, '$.conversations'), json_array_length(details, '$.task_hashes') "
                "FROM audit WHERE entry = 2"),
            "erase|2|3");
}

TEST_F(Erasure, PersistsWhenApiReturnsTaskAgain) {
  erase({id(3), "not seen yet"});
  EXPECT_TRUE(archive_.removal().is_erased(id(3)));
  EXPECT_FALSE(archive_.removal().is_erased(id(4)));
  EXPECT_EQ(commit(archive_, {ended_task(id(3)), ended_task("not seen yet"), ended_task("another")}).added, 1);
  EXPECT_EQ(row("SELECT count(*) FROM task WHERE task_id IN ('" + id(3) + "', 'not seen yet')"), "0");
}

TEST_F(Erasure, ReportsBlockingReaderAndCompletesLater) {
  Reader reader = Reader::open(path_);
  reader.begin_snapshot();
  ASSERT_EQ(reader.counts().tasks(), kTasks);
  const std::vector<std::string> texts = Reader::open(path_).identifying_strings({id(5)});
  archive_.removal().erase({id(5)}, "task", kNow);
  EXPECT_TRUE(verify_erasure(archive_, texts).blocked_by_reader);
  EXPECT_NE(files().find(secret(5)), std::string::npos);
  reader.end_snapshot();
  const ErasureVerification proof = verify_erasure(archive_, texts);
  EXPECT_FALSE(proof.blocked_by_reader);
  EXPECT_EQ(proof.matches_remaining, 0U);
  EXPECT_EQ(files().find(secret(5)), std::string::npos);
}

TEST_F(Erasure, VacuumsWhenBytesRemain) {
  const std::vector<std::string> texts = Reader::open(path_).identifying_strings({id(9)});
  // A row that another program deleted without clearing its bytes.
  modify("PRAGMA secure_delete = OFF; CREATE TABLE scratch (x); INSERT INTO scratch VALUES ('" + secret(9) + " " +
         id(9) + "'); DELETE FROM scratch;");
  archive_.removal().erase({id(9)}, "task", kNow);
  const ErasureVerification proof = verify_erasure(archive_, texts);
  EXPECT_TRUE(proof.vacuumed);
  EXPECT_EQ(proof.matches_remaining, 0U);
  EXPECT_EQ(files().find(id(9)), std::string::npos);
}

TEST_F(Erasure, ReportsRemainingTexts) {
  archive_.removal().erase({id(9)}, "task", kNow);
  archive_.service().record_error("about task-0000-100009, afterwards", kNow);
  EXPECT_EQ(verify_erasure(archive_, {id(9)}).matches_remaining, 1U);
}

TEST_F(Erasure, ExcludesTextsOfRemainingRows) {
  const std::vector<std::string> theirs = {"the secret word is " + secret(40), "Hello, how can I help you today?",
                                           "someone20@example.org", "capture-of-" + id(40), "Mira Visser"};
  Connection connection(path_, Connection::Access::Read);
  EXPECT_EQ(exclude_still_referenced(connection, theirs), std::vector<std::string>{});
  store(archive_, id(44), {transcript("capture-44", {"THE SECRET WORD IS " + secret(40) + "0"})}, kNow, kNow);
  archive_.removal().erase({id(40), id(41)}, "task", kNow);
  EXPECT_EQ(exclude_still_referenced(connection, theirs),
            (std::vector<std::string>{"capture-of-" + id(40), "someone20@example.org", theirs[0]}))
      << "the same words in other letters are not the same bytes";
}

TEST_F(Erasure, ReportsProgress) {
  const std::vector<std::string> texts = Reader::open(path_).identifying_strings({id(9)});
  archive_.removal().erase({id(9)}, "task", kNow);
  std::set<std::string> steps;
  std::int64_t looked_through = 0;
  std::int64_t all = 0;
  verify_erasure(archive_, texts, [&](std::string_view operation, std::int64_t done, std::int64_t of) {
    steps.emplace(operation);
    looked_through = done;
    all = of;
  });
  EXPECT_EQ(steps, (std::set<std::string>{"bytes scanned", "pages of the full text index merged"}));
  EXPECT_GT(all, 0);
  EXPECT_EQ(looked_through, all);
}

TEST_F(Erasure, RedactsIdInServiceRecord) {
  archive_.service().record_error("task " + id(9) + ": no", kNow);
  EXPECT_EQ(erase({id(9)}).matches_remaining, 0U);
}

TEST_F(Erasure, FindsCustomerByNameAddressOrNumber) {
  const Reader reader = Reader::open(path_);
  const auto count = [&](const std::string& text) { return reader.conversations_of_customer(text).size(); };
  EXPECT_EQ(count("someone20@EXAMPLE.org"), 2U);
  EXPECT_EQ(count("customer number 20"), 2U);
  EXPECT_EQ(count("0031205551020"), 0U);
  EXPECT_EQ(count("+31-20-5551020"), 2U);
  EXPECT_EQ(count("31205551020"), 2U);
  EXPECT_EQ(count("Mira Visser"), 120U) << "who spoke as customer";
  EXPECT_EQ(count("Arne Holm"), 0U) << "an agent";
  EXPECT_EQ(count("someone"), 0U);
  EXPECT_EQ(count("%"), 0U);
}

TEST_F(Erasure, ByAgeIsPermanent) {
  const Instant before = kStart + hours(100);
  EXPECT_EQ(Reader::open(path_).rows_ended_before(before).messages, 200);
  RemovedRows removed;
  for (;;) {
    const RemovedRows batch = archive_.removal().remove_ended_before(before, 30);
    if (batch.conversations == 0) break;
    EXPECT_LE(batch.conversations, 30);
    removed += batch;
  }
  EXPECT_EQ(removed.conversations, 100);
  EXPECT_EQ(removed.messages, 200);
  EXPECT_EQ(removed.customers, 50);
  EXPECT_EQ(row("SELECT min(ended_ms) FROM task"), std::to_string(base::to_ms(before)));
  EXPECT_EQ(verify_erasure(archive_, {id(5), secret(5), "someone2@"}).matches_remaining, 0U);
  EXPECT_EQ(commit(archive_, {ended_task("old", before - minutes(1)), ended_task("new", before)}).added, 1);
  // A shorter age now does not bring back what an earlier run removed.
  EXPECT_EQ(archive_.removal().remove_ended_before(kStart, 30).conversations, 0);
  EXPECT_EQ(commit(archive_, {ended_task("older", before - minutes(1))}).added, 0);
}

TEST(ResidueScan, FindsTextsAtAnyPosition) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("wxcc-traces-" + std::to_string(::getpid()));
  // Across two blocks of the file, at its beginning and at its end.
  std::string bytes(9U << 20U, 'a');
  bytes.replace(0, 9, "beginning");
  bytes.replace((4U << 20U) - 5, 11, "over border");
  bytes.replace(bytes.size() - 10, 10, "at the end");
  std::ofstream(path, std::ios::binary) << bytes;
  ResidueScanner scan({"beginning", "over border", "at the end", "not there at all", "short", "beginning"});
  scan.read(path);
  std::filesystem::remove(path);
  scan.read(path);
  EXPECT_EQ(scan.size(), 4U);
  EXPECT_EQ(scan.found(), (std::vector<std::string>{"at the end", "beginning", "over border"}));
  EXPECT_EQ(scan.bytes_read(), bytes.size());
}

}  // namespace
}  // namespace wxcc::store
