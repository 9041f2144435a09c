// SPDX-License-Identifier: Apache-2.0
// Runs every recipe of docs/recipes.md, and the examples of docs/schema.md.
#include <cstdlib>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

struct Recipe {
  std::string title;
  std::string language;
  std::string text;
};

std::vector<Recipe> recipes_of(const std::string& file) {
  std::ifstream in(std::filesystem::path(WXCC_SOURCE_DIR) / "docs" / file);
  std::vector<Recipe> recipes;
  std::string title;
  bool within = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) == 0) {
      within = !within;
      if (within) recipes.push_back({title, line.substr(3), ""});
    } else if (within) {
      recipes.back().text += line + "\n";
    } else if (line.rfind("## ", 0) == 0) {
      title = line.substr(3);
    }
  }
  return recipes;
}

class Recipes : public ArchiveFixture {
 protected:
  Recipes() {
    Archive archive = open();
    std::vector<model::Task> tasks;
    for (int i = 0; i < 6; ++i) {
      model::Task task = ended_task("t" + std::to_string(i), kStart + hours(5 * i + 1));
      task.queue = {"q" + std::to_string(i % 2), i % 2 == 0 ? "Sales" : "Support"};
      task.agent = {"a1", "Arne Holm"};
      task.customer.email = "mira@example.org";
      task.csat_score = i % 5;
      task.connected_duration = minutes(3);
      tasks.push_back(task);
    }
    // Events of the last week.
    tasks.push_back(ended_task("now", std::chrono::floor<base::Millis>(std::chrono::system_clock::now())));
    commit(archive, tasks);
    for (int i = 0; i < 5; ++i)
      store(archive, "t" + std::to_string(i),
            {transcript("c" + std::to_string(i),
                        i == 3 ? std::vector<std::string>{"where is my parcel"}
                               : std::vector<std::string>{"where is my parcel, or a refund", "on its way"})},
            std::nullopt, kNow);
    store(archive, FetchResult::failed("t5", failure_of("captures", "permanent", "no"), std::nullopt), kNow);
  }
  // Returns the number of rows.
  int run_sql(const std::string& sql) const {
    SQLite::Database database(path_.string(), SQLite::OPEN_READONLY);
    SQLite::Statement statement(database, sql);
    int count = 0;
    while (statement.executeStep()) ++count;
    return count;
  }
  int run_shell(const std::string& script) const {
    const std::filesystem::path file = root_ / "recipe.sh";
    std::ofstream(file) << "set -eu\ncd '" << root_.string() << "'\n" << script;
    return std::system(("sh '" + file.string() + "' > '" + (root_ / "output").string() + "' 2>&1").c_str());
  }
};

TEST_F(Recipes, ReturnRows) {
  int sql = 0;
  int shell = 0;
  for (const char* file : {"recipes.md", "schema.md"})
    for (const Recipe& recipe : recipes_of(file)) {
      SCOPED_TRACE(recipe.title + "\n" + recipe.text);
      if (recipe.language == "sql") {
        ++sql;
        EXPECT_GT(run_sql(recipe.text), 0);
      } else if (recipe.language == "sh") {
        ++shell;
        EXPECT_EQ(run_shell(recipe.text), 0) << bytes_of(root_ / "output");
      } else {
        EXPECT_EQ(recipe.language, "text") << "an untested block";
      }
    }
  EXPECT_GE(sql, 16);
  EXPECT_GE(shell, 5);
}

TEST_F(Recipes, CountFirstResponseFromFirstCustomerMessage) {
  EXPECT_EQ(row("SELECT first_response_ms, queue FROM first_response WHERE task_id = 't1'"), "60000|Support");
  EXPECT_EQ(row("SELECT first_agent_ms, first_response_ms FROM first_response WHERE task_id = 't3'"), "-|-");
  EXPECT_EQ(row("SELECT count(*) FROM first_response"), "5") << "archived ones only";
}

TEST_F(Recipes, CountRowsInViews) {
  EXPECT_EQ(row("SELECT sum(conversations) FROM queue_by_day"), "7");
  EXPECT_EQ(row("SELECT sum(conversations) FROM agent_by_day"), "6");
  EXPECT_EQ(row("SELECT mean_connected_duration_ms FROM agent_by_day WHERE day = '2026-01-01'"), "180000.0");
  EXPECT_EQ(rows("SELECT participant_role, messages FROM messages_by_role WHERE task_id = 't1' ORDER BY 1"),
            (std::vector<std::string>{"agent|1", "customer|1"}));
}

TEST_F(Recipes, FindConversationInViewsByIndex) {
  for (const char* sql :
       {"SELECT * FROM first_response WHERE task_id = 't1'", "SELECT * FROM messages_by_role WHERE task_id = 't1'",
        "SELECT * FROM conversations WHERE customer_email = 'x'",
        "SELECT * FROM conversations WHERE customer_phone = 'x'"}) {
    std::string plan;
    SQLite::Database database(path_.string(), SQLite::OPEN_READONLY);
    SQLite::Statement statement(database, std::string("EXPLAIN QUERY PLAN ") + sql);
    while (statement.executeStep()) plan += statement.getColumn("detail").getString() + "\n";
    // Materialized subqueries may be scanned; tables may not.
    for (const char* table : {"t", "m", "x", "p", "customer"})
      for (const char* end : {"\n", " "})
        EXPECT_EQ(plan.find(std::string("SCAN ") + table + end), std::string::npos) << sql << "\n" << plan;
  }
}

}  // namespace
}  // namespace wxcc::store
