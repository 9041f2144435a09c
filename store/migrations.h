// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
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

// The steps compiled in, from version 1 without a gap.
std::span<const Migration> migrations();

// The schema version of this program.
int newest_schema_version();

int schema_version(Connection& connection);

// Applies the steps that the archive does not have yet, each in one transaction with its version and its row in
// schema_migration. Afterwards every foreign key holds. Throws StoreError; the steps before the failed one stay.
void migrate(Connection& connection, std::span<const Migration> steps, base::Instant now);

}  // namespace wxcc::store
