// SPDX-License-Identifier: Apache-2.0
#include "store/task_rows.h"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <type_traits>

#include "model/task_fields.h"
#include "store/query.h"

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

TaskRows::Dimension::Dimension(std::string_view table)
    : find(fmt::format("SELECT {0}_key, name, named_ms FROM {0} WHERE {0}_id = :id", table)),
      add(fmt::format("INSERT INTO {0} ({0}_id, name, named_ms) VALUES (:id, :name, :named_ms) RETURNING {0}_key",
                      table)),
      rename(fmt::format("UPDATE {0} SET name = :name, named_ms = :named_ms WHERE {0}_key = :key", table)) {}

TaskRows::TaskRows(Connection& connection)
    : connection_(connection),
      upsert_sql_(fmt::format(
          "INSERT INTO task (task_id, {0}, first_seen_ms, changed_ms) VALUES (:task_id, {1}, :now, :now) "
          "ON CONFLICT (task_id) DO UPDATE SET ({0}, changed_ms) = ({2}, excluded.changed_ms) WHERE ({3}) IS NOT ({2})",
          columns_with(""), columns_with(":"), columns_with("excluded."), columns_with("task."))) {
  for (const model::TaskField& field : model::task_fields())
    if (is_entity(field)) dimensions_.emplace(field.column, Dimension(model::view_column(field)));
}

Archive::Upserted TaskRows::upsert(const std::vector<model::Task>& tasks, base::Instant now) {
  Archive::Upserted result;
  const std::optional<base::Instant> retained = retained_from();
  for (const model::Task& task : tasks) {
    if (retained && task.ended && *task.ended < *retained) continue;
    if (erased(task.id)) continue;
    const Outcome outcome = upsert_one(task, now);
    if (outcome == Outcome::Added) ++result.added;
    if (outcome == Outcome::Changed) ++result.changed;
  }
  return result;
}

TaskRows::Outcome TaskRows::upsert_one(const model::Task& task, base::Instant now) {
  if (task.id.empty() || !task.ended) throw std::logic_error("a task without id or end is not for the archive");
  const std::optional<Known> known = find(task.id);
  const std::optional<std::int64_t> customer_key = key_of(task.customer);
  if (!write(task, customer_key, now)) return Outcome::Same;
  if (!known) {
    Query(connection_,
          "INSERT INTO fetch_queue (task_key, ended_ms, due_ms) "
          "SELECT task_key, ended_ms, :now FROM task WHERE task_id = :task_id")
        .bind(":now", now)
        .bind(":task_id", task.id)
        .run();
    return Outcome::Added;
  }
  if (known->ended != *task.ended)
    Query(connection_, "UPDATE fetch_queue SET ended_ms = :ended WHERE task_key = :key")
        .bind(":ended", *task.ended)
        .bind(":key", known->task_key)
        .run();
  if (known->customer_key && known->customer_key != customer_key) forget_customer_without_task(*known->customer_key);
  return Outcome::Changed;
}

std::optional<TaskRows::Known> TaskRows::find(const std::string& task_id) {
  Query query(connection_, "SELECT task_key, ended_ms, customer_key FROM task WHERE task_id = :task_id");
  query.bind(":task_id", task_id);
  if (!query.step()) return std::nullopt;
  Columns in(query);
  Known known;
  known.task_key = in.count();
  known.ended = in.instant().value();
  known.customer_key = in.integer();
  return known;
}

bool TaskRows::write(const model::Task& task, std::optional<std::int64_t> customer_key, base::Instant now) {
  Query query(connection_, upsert_sql_.c_str());
  query.bind(":task_id", task.id)
      .bind(":customer_key", customer_key)
      .bind(":other_members", task.other_members)
      .bind(":now", now);
  for (const model::TaskField& field : model::task_fields())
    if (is_column_of_task(field))
      visit_member(field, task, [&](const auto& value) {
        const std::string parameter = ":" + std::string(field.column);
        if constexpr (std::is_same_v<decltype(value), const model::NamedEntity&>)
          query.bind(parameter.c_str(), key_of(dimensions_.at(field.column), value, *task.ended));
        else if constexpr (!std::is_same_v<decltype(value), const bool&>)
          query.bind(parameter.c_str(), value);
      });
  return query.run() > 0;
}

std::optional<std::int64_t> TaskRows::key_of(const Dimension& dimension, const model::NamedEntity& entity,
                                             base::Instant named) {
  // A name without an id stands for the id, so that it is not lost.
  const std::string& id = entity.id.empty() ? entity.name : entity.id;
  if (id.empty()) return std::nullopt;
  {
    Query query(connection_, dimension.find.c_str());
    query.bind(":id", id);
    if (query.step()) {
      Columns in(query);
      const std::int64_t key = in.count();
      const std::string known_name = in.text();
      const std::int64_t known_at = in.integer().value_or(kNeverNamed);
      const std::int64_t at = base::to_ms(named);
      if (!entity.name.empty() && (known_at < at || (known_at == at && known_name != entity.name)))
        Query(connection_, dimension.rename.c_str())
            .bind(":name", entity.name)
            .bind(":named_ms", at)
            .bind(":key", key)
            .run();
      return key;
    }
  }
  Query query(connection_, dimension.add.c_str());
  query.bind(":id", id).bind(":name", entity.name.empty() ? id : entity.name);
  if (entity.name.empty())
    query.bind_null(":named_ms");
  else
    query.bind(":named_ms", named);
  query.step();
  return Columns(query).count();
}

std::optional<std::int64_t> TaskRows::key_of(const model::Customer& customer) {
  if (customer == model::Customer{}) return std::nullopt;
  Query(connection_, "INSERT INTO customer (name, email, phone) VALUES (:name, :email, :phone) ON CONFLICT DO NOTHING")
      .bind(":name", customer.name)
      .bind(":email", customer.email)
      .bind(":phone", customer.phone)
      .run();
  Query query(connection_,
              "SELECT customer_key FROM customer WHERE coalesce(name, '') = coalesce(:name, '') "
              "AND coalesce(email, '') = coalesce(:email, '') AND coalesce(phone, '') = coalesce(:phone, '')");
  query.bind(":name", customer.name).bind(":email", customer.email).bind(":phone", customer.phone);
  query.step();
  return Columns(query).count();
}

int TaskRows::forget_customer_without_task(std::int64_t customer_key) {
  return Query(connection_,
               "DELETE FROM customer WHERE customer_key = :key "
               "AND NOT EXISTS (SELECT 1 FROM task WHERE task.customer_key = :key)")
      .bind(":key", customer_key)
      .run();
}

std::optional<base::Instant> TaskRows::retained_from() {
  Query query(connection_, "SELECT retained_from_ms FROM service");
  query.step();
  return Columns(query).instant();
}

bool TaskRows::erased(const std::string& task_id) {
  {
    Query any(connection_, "SELECT 1 FROM tombstone LIMIT 1");
    if (!any.step()) return false;
  }
  Query query(connection_, "SELECT 1 FROM tombstone WHERE task_hash = :hash");
  query.bind(":hash", tombstone_of(task_id));
  return query.step();
}

base::Sha256 TaskRows::tombstone_of(const std::string& task_id) {
  Query query(connection_, "SELECT tombstone_key FROM organisation");
  query.step();
  return base::hmac_sha256(Columns(query).blob(), task_id);
}

}  // namespace wxcc::store
