// SPDX-License-Identifier: Apache-2.0
// The table of task fields compared with the schema: what a new row needs in the archive.
#include "model/task_fields.h"

#include <fmt/format.h>

#include <set>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

using model::TaskField;

class TaskFields : public ArchiveFixture {
 protected:
  std::set<std::string> columns_of(std::string_view table) const {
    std::set<std::string> columns;
    for (std::string& name : rows(fmt::format("SELECT name FROM pragma_table_info('{}')", table)))
      columns.insert(std::move(name));
    return columns;
  }
  Archive archive_ = open();
};

// A task with a value of its own in every field.
model::Task full_task() {
  model::Task task;
  int count = 0;
  for (const TaskField& field : model::task_fields())
    visit_member(field, task, [&](auto& value) {
      using Value = std::remove_reference_t<decltype(value)>;
      ++count;
      const std::string text = fmt::format("{} {}", field.api_name, count);
      if constexpr (std::is_same_v<Value, std::string>)
        value = text;
      else if constexpr (std::is_same_v<Value, model::NamedEntity>)
        value = {"id of " + text, "name of " + text};
      else if constexpr (std::is_same_v<Value, std::optional<base::Instant>>)
        value = kStart + minutes(count);
      else if constexpr (!std::is_same_v<Value, bool>)
        value = typename Value::value_type(count);
    });
  task.other_members = R"({"holdCount":2})";
  return task;
}

std::string in_view(const TaskField& field, const model::Task& task) {
  const model::FieldValue value = value_of(field, task);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* instant = std::get_if<base::Instant>(&value)) return base::to_iso8601(*instant);
  if (const auto* duration = std::get_if<base::Millis>(&value)) return std::to_string(duration->count());
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return "-";
}

TEST_F(TaskFields, HaveColumnInArchive) {
  std::set<std::string> others = columns_of("task");
  const std::set<std::string> of_customer = columns_of("customer");
  for (const TaskField& field : model::task_fields()) {
    if (field.column.empty()) continue;
    if (is_of_customer(field)) {
      const std::string name(field.column.substr(std::string_view("customer_").size()));
      EXPECT_TRUE(of_customer.contains(name)) << "add a migration: ALTER TABLE customer ADD COLUMN " << name;
      continue;
    }
    EXPECT_EQ(others.erase(std::string(field.column)), 1U)
        << "model/task_fields.cpp has a field for " << field.api_name
        << "; add a migration: ALTER TABLE task ADD COLUMN " << field.column
        << (is_entity(field)                            ? " INTEGER REFERENCES " + model::view_column(field)
            : value_of(field, full_task()).index() == 1 ? " TEXT"
                                                        : " INTEGER");
  }
  const std::set<std::string> of_the_archive = {"task_key",      "customer_key", "transcript_state",
                                                "first_seen_ms", "changed_ms",   "other_members"};
  EXPECT_EQ(others, of_the_archive) << "add a row to model/task_fields.cpp for every other column of the table task";
}

TEST_F(TaskFields, HaveColumnInViewIfVisible) {
  std::set<std::string> others = columns_of("conversations");
  for (const TaskField& field : model::task_fields()) {
    if (field.visibility != model::Visibility::View) continue;
    EXPECT_EQ(others.erase(model::view_column(field)), 1U)
        << "add " << model::view_column(field) << " to the view conversations, for " << field.api_name;
    if (is_timestamp(field)) {
      EXPECT_EQ(others.erase(std::string(field.column)), 1U) << "add " << field.column << " to the view conversations";
    }
  }
  EXPECT_EQ(others, (std::set<std::string>{"transcript_state", "message_count"}))
      << "give the field of every other column of the view kView in model/task_fields.cpp";
}

TEST_F(TaskFields, AreReadAsStored) {
  const model::Task task = full_task();
  EXPECT_EQ(commit(archive_, {task}).added, 1);
  const StoredTask stored = Reader::open(path_).conversation(task.id).value();
  EXPECT_EQ(stored.task, task);
  for (const TaskField& field : model::task_fields()) {
    EXPECT_EQ(in_view(field, stored.task), in_view(field, task)) << field.api_name;
    if (field.visibility == model::Visibility::View) {
      EXPECT_EQ(row(fmt::format("SELECT {} FROM conversations", model::view_column(field))), in_view(field, task));
    }
  }
  EXPECT_EQ(row("SELECT transcript_state, message_count FROM conversations"), "pending|0");
  EXPECT_EQ(row("SELECT first_seen_ms, changed_ms, other_members FROM task"),
            "1770825600000|1770825600000|{\"holdCount\":2}");
}

TEST_F(TaskFields, AreNullWithoutValue) {
  model::Task task;
  task.id = "bare";
  task.ended = kStart;
  commit(archive_, {task});
  EXPECT_EQ(Reader::open(path_).conversation("bare").value().task, task);
  for (const TaskField& field : model::task_fields())
    if (field.visibility == model::Visibility::View && field.api_name != "id" && field.api_name != "endedTime") {
      EXPECT_EQ(row(fmt::format("SELECT {} FROM conversations", model::view_column(field))), "-");
    }
  EXPECT_EQ(row("SELECT count(*) FROM customer"), "0");
}

TEST_F(TaskFields, AreComparedWithStoredValues) {
  const model::Task full = full_task();
  int compared = 0;
  for (const TaskField& field : model::task_fields()) {
    if (field.column.empty() || field.api_name == "id") continue;
    commit(archive_, {full});
    model::Task changed = full;
    if (field.api_name == "endedTime")
      *changed.ended += minutes(1);
    else
      visit_member(field, changed, [](auto& value) { value = {}; });
    EXPECT_EQ(commit(archive_, {changed}, kNow + hours(1)).changed, 1) << field.api_name;
    EXPECT_EQ(commit(archive_, {changed}, kNow + hours(2)).changed, 0) << field.api_name;
    EXPECT_EQ(row("SELECT first_seen_ms, changed_ms FROM task"), "1770825600000|1770829200000") << field.api_name;
    commit(archive_, {full});
    ++compared;
  }
  EXPECT_GT(compared, 25);
  model::Task changed = full;
  changed.other_members.clear();
  EXPECT_EQ(commit(archive_, {changed}).changed, 1);
}

TEST_F(TaskFields, UseNameAsIdWithoutId) {
  model::Task task;
  task.id = "t1";
  task.ended = kStart;
  task.agent = {"", "Arne"};
  commit(archive_, {task});
  EXPECT_EQ(row("SELECT agent FROM conversations"), "Arne");
  EXPECT_EQ(row("SELECT agent_id, name FROM agent"), "Arne|Arne");
}

}  // namespace
}  // namespace wxcc::store
