// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "base/clock.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/check_steps.h"
#include "monitor/status_snapshot.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

// The directory of the file, or its nearest parent that exists.
base::Path existing_directory_of(const base::Path& file) {
  base::Path directory = file.parent_path();
  std::error_code ignored;
  while (directory.has_relative_path() && !std::filesystem::exists(directory, ignored))
    directory = directory.parent_path();
  return directory;
}

bool is_writable(const base::Path& path) {
  return ::access(path.c_str(), W_OK) == 0;
}

// The file and its directory: both the token file and the archive are replaced or get further files next to them.
void check_writable(std::string_view step, const base::Path& file, CheckSteps& steps) {
  const base::Path directory = existing_directory_of(file);
  std::error_code missing;
  const bool exists = std::filesystem::exists(file, missing);
  for (const base::Path& needed : {directory, exists ? file : directory})
    if (!is_writable(needed))
      return steps.fail(
          step,
          fmt::format("no permission to write {}; run as the service's user (sudo -u ...) or change the owner",
                      needed.string()),
          kConfiguration);
}

// The archive is readable by its group, the token file only by its owner.
void check_token_file(const Config& config, CheckSteps& steps) {
  const base::ReadAccess readers = base::read_access(config.webex.token_file);
  if (readers == base::ReadAccess::World)
    steps.fail("token file",
               fmt::format("{} is readable by all users; run chmod 600", config.webex.token_file.string()),
               kConfiguration);
  if (readers == base::ReadAccess::Group)
    steps.warn("token file",
               fmt::format("{} is readable by its group; run chmod 600", config.webex.token_file.string()));
  check_writable("token file", config.webex.token_file, steps);
}

void check_space(const Config& config, CheckSteps& steps) {
  const base::Path directory = existing_directory_of(config.archive);
  std::error_code failed;
  const auto space = std::filesystem::space(directory, failed);
  if (failed) return steps.warn("disk", fmt::format("{}: {}", directory.string(), failed.message()));
  const std::string detail = fmt::format("{}: {} MiB free", directory.string(), space.available >> 20U);
  const DiskSpace disk = assess_disk_space(space.available);
  if (!disk.sufficient)
    steps.fail("disk", detail + "; free disk space or move the archive", kFailed);
  else if (!disk.comfortable)
    steps.warn("disk", detail);
  else
    steps.ok("disk", detail);
}

void check_service(const store::Reader& reader, const Config& config, CheckSteps& steps) {
  monitor::StatusSnapshot snapshot = monitor::collect(reader, config.archive, base::SystemClock().now(),
                                                      config.daemon.poll_interval, monitor::Detail::Figures);
  if (snapshot.read_error) throw store::StoreError(*snapshot.read_error);
  monitor::overlay_token_file(config.webex.token_file, snapshot);
  const std::string line = monitor::summary(snapshot);
  if (snapshot.state == monitor::State::Ok)
    steps.ok("service", line);
  else
    steps.warn("service", line);
  if (const auto warning = monitor::wal_size_warning(snapshot.wal_bytes)) steps.warn("archive", *warning);
  if (const auto uncovered = base::total_length(snapshot.coverage_gaps); uncovered > base::Millis{0})
    steps.ok("coverage", fmt::format("coverage gaps of {} left for the backfill; listed by `status`",
                                     base::humanize(std::chrono::ceil<std::chrono::seconds>(uncovered))));
}

void check_archive(const Config& config, CheckSteps& steps) {
  check_writable("archive", config.archive, steps);
  std::error_code missing;
  if (!std::filesystem::exists(config.archive, missing))
    return steps.warn("archive", config.archive.string() + " does not exist yet; the first sync creates it");
  if (base::read_access(config.archive) == base::ReadAccess::World)
    steps.warn("archive", config.archive.string() + " is readable by all users; run chmod 640");
  try {
    const store::Reader reader = store::Reader::open(config.archive);
    if (reader.org_id() != config.webex.org_id)
      return steps.fail("archive",
                        fmt::format("{} belongs to organisation {}, but org_id is {}", config.archive.string(),
                                    reader.org_id(), config.webex.org_id),
                        kConfiguration);
    steps.ok("archive", fmt::format("{}, schema {}, {}; run `verify` to read all of it", config.archive.string(),
                                    reader.schema_version(), base::count_of(reader.counts().tasks(), "task")));
    check_service(reader, config, steps);
  } catch (const base::Error& error) {
    steps.fail("archive", error.what(), kConfiguration);
  }
}

}  // namespace

DiskSpace assess_disk_space(std::uintmax_t available) {
  constexpr std::uintmax_t kMinSpace = std::uintmax_t{100} << 20U;
  constexpr std::uintmax_t kComfortableSpace = std::uintmax_t{1} << 30U;
  return {available >= kMinSpace, available >= kComfortableSpace};
}

void check_files(const Config& config, CheckSteps& steps) {
  steps.ok("configuration", config.file.string());
  for (const std::string& warning : config.warnings) steps.warn("configuration", warning);
  check_token_file(config, steps);
  check_space(config, steps);
  check_archive(config, steps);
}

}  // namespace wxcc::cli
