// SPDX-License-Identifier: Apache-2.0
#include "store/task_table.h"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <type_traits>

#include "model/task_fields.h"

namespace wxcc::store {
namespace {

// The customer's members are columns of another table; the id is not updated.
bool is_column_of_task(const model::TaskField& field) {
  return !field.column.empty() && !is_of_customer(field) && field.column != "task_id";
}

constexpr std::int64_t kNeverNamed = std::numeric_limits<std::int64_t>::min();

// The columns whose values the Search API gives, each with the prefix.
std::string columns_with(std::string_view prefix) {
  std::string list = fmt::format("{0}customer_key, {0}other_members", prefix);
  for (const model::TaskField& field : model::task_fields())
    if (is_column_of_task(field)) list += fmt::format(", {}{}", prefix, field.column);
  return list;
}

}  // namespace

TaskTable::Dimension::Dimension(Connection& connection, std::string_view table)
    : find(connection, fmt::format("SELECT {0}_key, name, named_ms FROM {0} WHERE {0}_id = :id", table)),
      add(connection,
          fmt::format("INSERT INTO {0} ({0}_id, name, named_ms) VALUES (:id, :name, :named_ms) RETURNING {0}_key",
                      table)),
      rename(connection, fmt::format("UPDATE {0} SET name = :name, named_ms = :named_ms WHERE {0}_key = :key", table)) {
}

TaskTable::TaskTable(Connection& connection)
    : find_(connection, "SELECT task_key, ended_ms, customer_key FROM task WHERE task_id = :task_id"),
      upsert_(connection,
              fmt::format("INSERT INTO task (task_id, {0}, first_seen_ms, changed_ms) "
                          "VALUES (:task_id, {1}, :now, :now) ON CONFLICT (task_id) DO UPDATE "
                          "SET ({0}, changed_ms) = ({2}, excluded.changed_ms) WHERE ({3}) IS NOT ({2})",
                          columns_with(""), columns_with(":"), columns_with("excluded."), columns_with("task."))),
      add_to_queue_(connection,
                    "INSERT INTO fetch_queue (task_key, ended_ms, due_ms) "
                    "SELECT task_key, ended_ms, :now FROM task WHERE task_id = :task_id"),
      update_queue_(connection, "UPDATE fetch_queue SET ended_ms = :ended WHERE task_key = :key"),
      add_customer_(connection,
                    "INSERT INTO customer (name, email, phone) VALUES (:name, :email, :phone) ON CONFLICT DO NOTHING"),
      find_customer_(connection,
                     "SELECT customer_key FROM customer WHERE coalesce(name, '') = coalesce(:name, '') "
                     "AND coalesce(email, '') = coalesce(:email, '') AND coalesce(phone, '') = coalesce(:phone, '')"),
      delete_orphaned_customer_(connection,
                                "DELETE FROM customer WHERE customer_key = :key "
                                "AND NOT EXISTS (SELECT 1 FROM task WHERE task.customer_key = :key)"),
      select_retained_from_(connection, "SELECT retained_from_ms FROM service"),
      select_any_tombstone_(connection, "SELECT 1 FROM tombstone LIMIT 1"),
      select_tombstone_(connection, "SELECT 1 FROM tombstone WHERE task_hash = :hash"),
      select_tombstone_key_(connection, "SELECT tombstone_key FROM organisation") {
  for (const model::TaskField& field : model::task_fields())
    if (is_entity(field))
      dimensions_.try_emplace(field.column, connection, std::string_view(model::view_column(field)));
}

Upserted TaskTable::upsert(const std::vector<model::Task>& tasks, base::Instant now) {
  Upserted result;
  const std::optional<base::Instant> retained = retained_from();
  for (const model::Task& task : tasks) {
    if (retained && task.ended && *task.ended < *retained) continue;
    if (is_erased(task.id)) continue;
    const Outcome outcome = upsert_one(task, now);
    if (outcome == Outcome::Added) ++result.added;
    if (outcome == Outcome::Changed) ++result.changed;
  }
  return result;
}

TaskTable::Outcome TaskTable::upsert_one(const model::Task& task, base::Instant now) {
  if (task.id.empty() || !task.ended) throw std::logic_error("cannot store a task without id or end");
  const std::optional<Known> known = find(task.id);
  const std::optional<std::int64_t> customer_key = key_of(task.customer);
  if (!write(task, customer_key, now)) return Outcome::Same;
  if (!known) {
    add_to_queue_.run(now, task.id);
    return Outcome::Added;
  }
  if (known->ended != *task.ended) update_queue_.run(*task.ended, known->task_key);
  if (known->customer_key && known->customer_key != customer_key) delete_orphaned_customer(*known->customer_key);
  return Outcome::Changed;
}

std::optional<TaskTable::Known> TaskTable::find(const std::string& task_id) {
  Rows row = find_.query_one(task_id);
  if (!row) return std::nullopt;
  Known known;
  known.task_key = row.count();
  known.ended = row.instant().value();
  known.customer_key = row.integer();
  return known;
}

bool TaskTable::write(const model::Task& task, std::optional<std::int64_t> customer_key, base::Instant now) {
  upsert_.bind(":task_id", task.id)
      .bind(":customer_key", customer_key)
      .bind(":other_members", task.other_members)
      .bind(":now", now);
  for (const model::TaskField& field : model::task_fields())
    if (is_column_of_task(field))
      visit_member(field, task, [&](const auto& value) {
        const std::string parameter = ":" + std::string(field.column);
        if constexpr (std::is_same_v<decltype(value), const model::NamedEntity&>)
          upsert_.bind(parameter.c_str(), key_of(dimensions_.at(field.column), value, *task.ended));
        else if constexpr (!std::is_same_v<decltype(value), const bool&>)
          upsert_.bind(parameter.c_str(), value);
      });
  return upsert_.run() > 0;
}

std::optional<std::int64_t> TaskTable::key_of(Dimension& dimension, const model::NamedEntity& entity,
                                              base::Instant named) {
  // Without an id the name is used as the id, so that it is stored.
  const std::string& id = entity.id.empty() ? entity.name : entity.id;
  if (id.empty()) return std::nullopt;
  if (Rows row = dimension.find.query_one(id)) {
    const std::int64_t key = row.count();
    const std::string known_name = row.text();
    const std::int64_t known_at = row.integer().value_or(kNeverNamed);
    const std::int64_t at = base::to_ms(named);
    if (!entity.name.empty() && (known_at < at || (known_at == at && known_name != entity.name)))
      dimension.rename.run(entity.name, at, key);
    return key;
  }
  const bool has_name = !entity.name.empty();
  return dimension.add.query_one(id, has_name ? entity.name : id, has_name ? std::optional(named) : std::nullopt)
      .count();
}

std::optional<std::int64_t> TaskTable::key_of(const model::Customer& customer) {
  if (customer == model::Customer{}) return std::nullopt;
  add_customer_.run(customer.name, customer.email, customer.phone);
  return find_customer_.query_one(customer.name, customer.email, customer.phone).count();
}

int TaskTable::delete_orphaned_customer(std::int64_t customer_key) {
  return delete_orphaned_customer_.run(customer_key);
}

std::optional<base::Instant> TaskTable::retained_from() {
  return select_retained_from_.query_one().instant();
}

bool TaskTable::is_erased(const std::string& task_id) {
  if (!select_any_tombstone_.query_one()) return false;
  return bool(select_tombstone_.query_one(tombstone_of(task_id)));
}

base::Sha256 TaskTable::tombstone_of(const std::string& task_id) {
  return base::hmac_sha256(select_tombstone_key_.query_one().blob(), task_id);
}

}  // namespace wxcc::store
