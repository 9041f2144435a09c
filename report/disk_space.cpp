// SPDX-License-Identifier: Apache-2.0
#include "report/disk_space.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/atomic_file.h"
#include "base/error.h"

namespace wxcc::report {

void ensure_disk_space(const base::Path& directory, std::size_t bytes) {
  const base::Path probe = base::temporary_name(directory / "space");
  const base::FileDescriptor file(::open(probe.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) throw base::FileError("creating", probe, errno);
  ::unlink(probe.c_str());
  const int result = ::fallocate(file.get(), 0, 0, static_cast<off_t>(bytes));
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    throw base::FileError("writing the extract in", directory, errno);
}

}  // namespace wxcc::report
