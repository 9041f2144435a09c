// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/file.h"
#include "store/connection.h"

namespace wxcc::store {

// A connection that needs no write permission, to an archive of the schema that this program reads. Throws
// base::ConfigurationError when there is no such file, it is no archive, or its schema is newer or older (both numbers
// named); StoreError when it may not be read.
std::unique_ptr<Connection> open_for_reading(const base::Path& path);

// The writer's lock, when nobody has it and the caller may write; nothing else. Makes no files.
std::optional<base::FileLock> lock_if_free(const base::Path& path);

}  // namespace wxcc::store
