// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "store/archive_file.h"
#include "store/statement.h"

namespace wxcc::store {
namespace {

void apply(Connection& connection, const ArchiveSchema& schema, const Migration& step, base::Instant now) {
  Transaction transaction(connection, fmt::format("migrating to schema {}", step.version));
  connection.execute(step.sql);
  Statement(connection, "INSERT INTO schema_migration (version, name, applied_ms) VALUES (:version, :name, :applied)")
      .run(step.version, step.name, now);
  // PRAGMA takes no parameters. The version is part of the transaction.
  connection.execute(fmt::format("PRAGMA user_version = {}", step.version));
  if (step.version == schema.steps.back().version) connection.execute(schema.views);
  if (Statement(connection, "PRAGMA foreign_key_check").query_one())
    throw StoreError(StoreError::Kind::Other, fmt::format("migrating {} to schema {}: a foreign key no longer holds",
                                                          connection.path().string(), step.version));
  transaction.commit();
}

}  // namespace

int newest_schema_version() {
  return schema().steps.back().version;
}

int schema_version(Connection& connection) {
  const Operation operation(connection, "reading the schema version");
  return static_cast<int>(Statement(connection, "PRAGMA user_version").query_one().count());
}

void migrate(Connection& connection, const ArchiveSchema& schema, base::Instant now,
             const MigrationProgress& progress) {
  const int present = schema_version(connection);
  for (const Migration& step : schema.steps) {
    if (step.version <= present) continue;
    const std::string operation =
        fmt::format("migrating the archive to schema {} of {}", step.version, schema.steps.back().version);
    if (progress) progress(operation);
    const ProgressHandler handler(connection, [&] {
      if (progress) progress(operation);
    });
    apply(connection, schema, step, now);
  }
}

void backup_and_migrate(Connection& connection, const ArchiveSchema& schema, base::Instant now,
                        const MigrationProgress& progress) {
  const int present = schema_version(connection);
  const bool rewrites = std::any_of(schema.steps.begin(), schema.steps.end(),
                                    [&](const Migration& step) { return step.version > present && step.rewrites; });
  if (rewrites) {
    const base::Path copy = fmt::format("{}.schema-{}", connection.path().string(), present);
    const base::Path part = copy.string() + ".part";
    std::remove(part.c_str());
    copy_pages(connection, part, [&](int done, int of) {
      if (progress) progress(fmt::format("copying the archive before migrating it, page {} of {}", done, of));
    });
    if (std::rename(part.c_str(), copy.c_str()) != 0) throw base::FileError("renaming the copy to", copy, errno);
  }
  migrate(connection, schema, now, progress);
}

}  // namespace wxcc::store
