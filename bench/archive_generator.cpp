// SPDX-License-Identifier: Apache-2.0
// bench_archive FILE CONVERSATIONS: an archive of that many conversations with 15 messages each, over two years, for
// measuring. It goes round the writer, whose durability would be most of the time, but the rows are those that the
// writer makes: `wxcc-archive verify` finds nothing wrong with them.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "store/archive.h"

namespace {

namespace base = wxcc::base;

constexpr int kMessages = 15;
constexpr std::int64_t kStartMs = 1704067200000;  // 2024-01-01
constexpr std::int64_t kSpanMs = 730LL * 86400 * 1000;

class Words {
 public:
  Words() {
    const char* const parts[] = {"ba", "der", "fi", "gol", "hu", "kan", "lim", "mo", "ner", "pra", "sti", "tur", "vel"};
    for (int i = 0; i < 4000; ++i) {
      std::string word;
      for (int rest = i + 13; rest > 0; rest /= 13) word += parts[rest % 13];
      words_.push_back(word);
    }
    words_[0] = "the";
    words_[10] = "parcel";
    words_[300] = "refund";
  }
  // Few words are frequent and many are rare, as in a language.
  std::string sentence() {
    std::string text;
    const int count = 4 + static_cast<int>(random_() % 16);
    for (int i = 0; i < count; ++i) {
      const double u = std::uniform_real_distribution<>(0, 1)(random_);
      text += (i == 0 ? "" : " ") + words_[static_cast<std::size_t>(std::pow(4000.0, u)) - 1];
    }
    return text;
  }

 private:
  std::mt19937_64 random_{1};
  std::vector<std::string> words_;
};

struct Statements {
  explicit Statements(SQLite::Database& database)
      : task(
            database,
            "INSERT INTO task (task_key, task_id, channel, status, created_ms, ended_ms, duration_ms, queue_key, "
            "agent_key, customer_key, transcript_state, first_seen_ms, changed_ms) VALUES (:key, :id, 'chat', 'ended', "
            ":ended - 600000, :ended, 600000, :queue, :agent, :customer, 'archived', :ended, :ended)"),
        transcript(database,
                   "INSERT INTO transcript (transcript_key, task_key, source, capture_id, file_name, created_ms, "
                   "fetched_ms, sha256, format, message_count, first_seq, raw) VALUES (:key, :key, 'chat', :id, "
                   "'chatTranscript.json', :ended, :ended, :sha, 'digital', :count, 1, :raw)"),
        participant(database,
                    "INSERT INTO participant (transcript_key, position, name, role, user_id) VALUES (:key, :position, "
                    ":name, :role, :user)"),
        message(database,
                "INSERT INTO message (transcript_key, seq, message_id, participant, sent_ms, direction, text) VALUES "
                "(:key, :seq, :id, :participant, :sent, :direction, :text)") {}
  SQLite::Statement task;
  SQLite::Statement transcript;
  SQLite::Statement participant;
  SQLite::Statement message;
};

void run(SQLite::Statement& statement) {
  statement.exec();
  statement.reset();
}

void add_conversation(Statements& into, Words& words, std::int64_t key, std::int64_t of) {
  const std::int64_t ended = kStartMs + kSpanMs / of * key;
  const std::string id = fmt::format("{:08x}-0000-4000-8000-{:012x}", key * 2654435761 % 4294967296, key);
  const std::string customer = fmt::format("Customer {}", key / 4);
  const std::string agent = fmt::format("Agent {}", key % 150);
  std::string raw = "[";
  std::vector<std::string> texts;
  for (int seq = 0; seq < kMessages; ++seq) {
    texts.push_back(words.sentence());
    const bool inbound = seq % 2 == 0;
    raw += fmt::format(
        R"({}{{"id":"m{}-{}","timestamp":{},"direction":"{}","message":"{}","participant":{{"name":"{}","role":"{}"{}}}}})",
        seq == 0 ? "" : ",", key, seq, ended - 600000 + seq * 30000, inbound ? "inbound" : "outbound", texts.back(),
        inbound ? customer : agent, inbound ? "customer" : "agent",
        inbound ? "" : fmt::format(R"(,"userId":"agent-{}")", key % 150));
  }
  raw += "]";
  into.task.bind(":key", key);
  into.task.bind(":id", id);
  into.task.bind(":ended", ended);
  into.task.bind(":queue", key % 20 + 1);
  into.task.bind(":agent", key % 150 + 1);
  into.task.bind(":customer", key / 4 + 1);
  run(into.task);
  const base::Sha256 sha = base::sha256(raw);
  into.transcript.bind(":key", key);
  into.transcript.bind(":id", "c" + id);
  into.transcript.bind(":ended", ended);
  into.transcript.bind(":sha", sha.data(), static_cast<int>(sha.size()));
  into.transcript.bind(":count", kMessages);
  into.transcript.bind(":raw", static_cast<const void*>(raw.data()), static_cast<int>(raw.size()));
  run(into.transcript);
  for (int position = 0; position < 2; ++position) {
    into.participant.bind(":key", key);
    into.participant.bind(":position", position);
    into.participant.bind(":name", position == 0 ? customer : agent);
    into.participant.bind(":role", position == 0 ? "customer" : "agent");
    if (position == 0)
      into.participant.bind(":user");
    else
      into.participant.bind(":user", fmt::format("agent-{}", key % 150));
    run(into.participant);
  }
  for (int seq = 0; seq < kMessages; ++seq) {
    into.message.bind(":key", key);
    into.message.bind(":seq", seq);
    into.message.bind(":id", fmt::format("m{}-{}", key, seq));
    into.message.bind(":participant", seq % 2);
    into.message.bind(":sent", ended - 600000 + seq * 30000);
    into.message.bind(":direction", seq % 2 == 0 ? "inbound" : "outbound");
    into.message.bind(":text", texts[static_cast<std::size_t>(seq)]);
    run(into.message);
  }
}

void fill(const std::string& path, std::int64_t conversations) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA wal_autocheckpoint = 20000");
  const std::string trigger =
      database.execAndGet("SELECT sql FROM sqlite_schema WHERE name = 'message_search_insert'").getString();
  database.exec("BEGIN; DROP TRIGGER message_search_insert");
  database.exec(fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 149) "
      "INSERT INTO agent (agent_key, agent_id, name) SELECT i + 1, 'agent-' || i, 'Agent ' || i FROM n;"
      "INSERT INTO queue (queue_key, queue_id, name) SELECT agent_key, 'queue-' || agent_key, 'Queue ' || agent_key "
      "FROM agent WHERE agent_key <= 20;"
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {0} / 4) INSERT INTO customer "
      "(customer_key, name, email) SELECT i + 1, 'Customer ' || i, 'customer' || i || '@example.org' FROM n;"
      "INSERT INTO scan_span VALUES ('ended', {1}, {2}, {2}); UPDATE service SET high_water_mark_ms = {2}",
      conversations, kStartMs, kStartMs + kSpanMs));
  Words words;
  {
    Statements into(database);
    for (std::int64_t key = 1; key <= conversations; ++key) {
      add_conversation(into, words, key, conversations);
      if (key % 20000 != 0) continue;
      database.exec("COMMIT; BEGIN");
      fmt::print(stderr, "\r{} conversations", key);
    }
  }
  database.exec("INSERT INTO message_search (message_search) VALUES ('rebuild'); " + trigger + "; COMMIT");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  fmt::print(stderr, "\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_archive FILE CONVERSATIONS\n");
    return 2;
  }
  { wxcc::store::Archive::open({argv[1], "org-bench", "bench_archive"}, base::SystemClock().now()); }
  fill(argv[1], std::atoll(argv[2]));
  return 0;
}
