// SPDX-License-Identifier: Apache-2.0
#include "systemd/journal.h"

// Without it the header's macros add the place in the source.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cstdlib>

namespace wxcc::systemd {
namespace {

int priority_of(base::log::Level level) {
  switch (level) {
    case base::log::Level::Trace:
    case base::log::Level::Debug:
      return LOG_DEBUG;
    case base::log::Level::Info:
      return LOG_INFO;
    case base::log::Level::Warning:
      return LOG_WARNING;
    case base::log::Level::Error:
      return LOG_ERR;
  }
  return LOG_INFO;
}

}  // namespace

bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat info {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &info) == 0 &&
         fmt::format("{}:{}", info.st_dev, info.st_ino) == stream;
}

std::vector<std::string> journal_entry(base::log::Level level, std::string_view line, const base::log::Fields& fields) {
  std::vector<std::string> entry = {fmt::format("MESSAGE={}", line), fmt::format("PRIORITY={}", priority_of(level))};
  for (const auto& [name, value] : fields)
    if (!value.empty()) entry.push_back(fmt::format("{}={}", name, value));
  return entry;
}

bool write_to_journal(base::log::Level level, std::string_view line, const base::log::Fields& fields) {
  std::vector<std::string> entry = journal_entry(level, line, fields);
  std::vector<iovec> parts;
  parts.reserve(entry.size());
  for (std::string& field : entry) parts.push_back({field.data(), field.size()});
  return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace wxcc::systemd
