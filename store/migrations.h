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
};

// Called about every second while a migration goes on, with what is being done.
using MigrationProgress = std::function<void(const std::string& doing)>;

// The steps compiled in, from version 1 without a gap.
std::span<const Migration> migrations();

// The schema version of this program.
int newest_schema_version();

int schema_version(Connection& connection);

// Applies the steps that the archive does not have yet, each in one transaction with its version and its row in
// schema_migration. Afterwards every foreign key holds. Throws StoreError; the steps before the failed one stay.
void migrate(Connection& connection, std::span<const Migration> steps, base::Instant now,
             const MigrationProgress& progress = {});

// The same for an archive that is in use: where there is a step to apply, a copy of the archive as it was is made
// first, <path>.schema-<its version>, mode 0640, in place of one that an interrupted migration left. It stays.
void migrate_with_copy(Connection& connection, std::span<const Migration> steps, base::Instant now,
                       const MigrationProgress& progress);

}  // namespace wxcc::store
