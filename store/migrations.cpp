// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"

#include "store/backup.h"
#include "store/connection.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

// Lets SQLite call the progress while it works on one statement; forgets it on destruction.
class Watched {
 public:
  Watched(Connection& connection, const MigrationProgress& progress, std::string doing)
      : handle_(connection.database().getHandle()), progress_(progress), doing_(std::move(doing)) {
    if (!progress_) return;
    progress_(doing_);
    // Somewhat less than a second's work.
    constexpr int kInstructions = 20'000'000;
    sqlite3_progress_handler(handle_, kInstructions, &Watched::goes_on, this);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() { sqlite3_progress_handler(handle_, 0, nullptr, nullptr); }

 private:
  // Progress that fails is no reason to give up a migration.
  static int goes_on(void* self) noexcept {
    try {
      const auto* watched = static_cast<const Watched*>(self);
      watched->progress_(watched->doing_);
    } catch (...) {
      return 0;
    }
    return 0;
  }

  sqlite3* handle_;
  const MigrationProgress& progress_;
  std::string doing_;
};

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

void migrate(Connection& connection, std::span<const Migration> steps, base::Instant now,
             const MigrationProgress& progress) {
  const int present = schema_version(connection);
  for (const Migration& step : steps) {
    if (step.version <= present) continue;
    const Watched watched(connection, progress,
                          fmt::format("migrating the archive to schema {} of {}", step.version, steps.back().version));
    apply(connection, step, now);
  }
}

void migrate_with_copy(Connection& connection, std::span<const Migration> steps, base::Instant now,
                       const MigrationProgress& progress) {
  const int present = schema_version(connection);
  if (steps.empty() || steps.back().version <= present) return;
  const base::Path copy = fmt::format("{}.schema-{}", connection.path().string(), present);
  const base::Path part = copy.string() + ".part";
  copy_pages(connection, part, [&](int done, int of) {
    if (progress) progress(fmt::format("copying the archive before migrating it, page {} of {}", done, of));
  });
  if (std::rename(part.c_str(), copy.c_str()) != 0) throw base::FileError("naming the copy", copy, errno);
  migrate(connection, steps, now, progress);
}

}  // namespace wxcc::store
