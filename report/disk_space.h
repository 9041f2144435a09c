// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/file.h"

namespace wxcc::report {

// Throws base::FileError with the system's reason unless a file of that size could be written into the directory at
// this moment: for a library that does not report the reason of a failed write. Removes the file.
void ensure_disk_space(const base::Path& directory, std::size_t bytes);

}  // namespace wxcc::report
