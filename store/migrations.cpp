// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <fmt/format.h>

#include "store/connection.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

void apply(Connection& connection, const Migration& step, base::Instant now) {
  connection.transaction(fmt::format("migrating to schema {}", step.version), [&] {
    connection.execute(step.sql);
    Query(connection, "INSERT INTO schema_migration (version, name, applied_ms) VALUES (:version, :name, :applied_ms)")
        .bind(":version", step.version)
        .bind(":name", std::string(step.name))
        .bind(":applied_ms", now)
        .run();
    // PRAGMA takes no parameters. The version is part of the transaction.
    connection.execute(fmt::format("PRAGMA user_version = {}", step.version));
    if (Query(connection, "PRAGMA foreign_key_check").step())
      throw StoreError(StoreError::Kind::Other, fmt::format("migrating {} to schema {}: a foreign key no longer holds",
                                                            connection.path().string(), step.version));
  });
}

}  // namespace

int newest_schema_version() {
  return migrations().back().version;
}

int schema_version(Connection& connection) {
  return connection.guarded("reading the schema version", [&] {
    Query query(connection, "PRAGMA user_version");
    query.step();
    return static_cast<int>(Columns(query).integer().value_or(0));
  });
}

void migrate(Connection& connection, std::span<const Migration> steps, base::Instant now) {
  const int present = schema_version(connection);
  for (const Migration& step : steps)
    if (step.version > present) apply(connection, step, now);
}

}  // namespace wxcc::store
