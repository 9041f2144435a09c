// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace wxcc::store {

class Connection;

// One step of the schema. Its number is the schema version (PRAGMA user_version) that it leads to.
struct Migration {
  int version;
  std::string_view name;
  const char* sql;
  bool rewrites = false;  // it changes or moves existing rows; the file has a line "-- rewrites rows"
};

// The steps, from version 1 without a gap, and the views, which are created again after every migration.
struct ArchiveSchema {
  std::span<const Migration> steps;
  const char* views;
};

// Called about every second during a migration, with the current operation.
using MigrationProgress = std::function<void(const std::string& operation)>;

// The schema of this program.
ArchiveSchema schema();
int newest_schema_version();

int schema_version(Connection& connection);

// Applies the steps that the archive does not have yet, each in one transaction with its version and its row in
// schema_migration; the last one with the views. Afterwards every foreign key holds. Throws StoreError; the steps
// before the failed one stay.
void migrate(Connection& connection, const ArchiveSchema& schema, base::Instant now,
             const MigrationProgress& progress = {});

// The same for an archive that is in use: where a step to apply rewrites rows, the archive is copied first,
// <path>.schema-<its version>, mode 0640, replacing one of an interrupted migration. The copy is retained.
void backup_and_migrate(Connection& connection, const ArchiveSchema& schema, base::Instant now,
                        const MigrationProgress& progress);

}  // namespace wxcc::store
