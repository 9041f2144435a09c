// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "base/clock.h"
#include "base/duration.h"
#include "base/error.h"
#include "cli/check_steps.h"
#include "monitor/status_snapshot.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

// The folder, or the nearest one above that exists.
base::Path existing_folder_of(const base::Path& file) {
  base::Path folder = file.parent_path();
  std::error_code ignored;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, ignored)) folder = folder.parent_path();
  return folder;
}

bool writable(const base::Path& path) {
  return ::access(path.c_str(), W_OK) == 0;
}

// What both the token file and the archive need: to be replaced, or joined by further files, beside them.
void check_writable(std::string_view step, const base::Path& file, CheckSteps& steps) {
  const base::Path folder = existing_folder_of(file);
  std::error_code missing;
  const bool there = std::filesystem::exists(file, missing);
  for (const base::Path& needed : {folder, there ? file : folder})
    if (!writable(needed))
      return steps.wrong(step,
                         fmt::format("{} cannot be written by this user: run it as the service's (sudo -u ...), or "
                                     "change the owner",
                                     needed.string()),
                         kConfiguration);
}

// The group reads the archive; the tokens are for the owner alone.
void check_token_file(const Config& config, CheckSteps& steps) {
  const base::ReadAccess readers = base::read_access(config.webex.token_file);
  if (readers == base::ReadAccess::World)
    steps.wrong("token file",
                fmt::format("{} can be read by everybody: chmod 600 it", config.webex.token_file.string()),
                kConfiguration);
  if (readers == base::ReadAccess::Group)
    steps.warn("token file",
               fmt::format("{} can be read by its group: chmod 600 it", config.webex.token_file.string()));
  check_writable("token file", config.webex.token_file, steps);
}

void check_space(const Config& config, CheckSteps& steps) {
  const base::Path folder = existing_folder_of(config.archive);
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  if (failed) return steps.warn("disk", fmt::format("{}: {}", folder.string(), failed.message()));
  const std::string detail = fmt::format("{}: {} MiB free", folder.string(), space.available >> 20U);
  const SpaceFinding finding = assess_disk_space(space.available);
  if (!finding.sufficient)
    steps.wrong("disk", detail + ": make room, or give the archive another disk", kFailed);
  else if (!finding.enough)
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
    steps.ok("coverage", fmt::format("gaps of {} are left for the backfill; \"status\" lists them",
                                     base::humanize(std::chrono::ceil<std::chrono::seconds>(uncovered))));
}

void check_archive(const Config& config, CheckSteps& steps) {
  check_writable("archive", config.archive, steps);
  std::error_code missing;
  if (!std::filesystem::exists(config.archive, missing))
    return steps.warn("archive", config.archive.string() + " does not exist yet");
  if (base::read_access(config.archive) == base::ReadAccess::World)
    steps.warn("archive", config.archive.string() + " can be read by everybody: chmod 640 it");
  try {
    const store::Reader reader = store::Reader::open(config.archive);
    if (reader.org_id() != config.webex.org_id)
      return steps.wrong("archive",
                         fmt::format("belongs to organisation {}, org_id is {}", reader.org_id(), config.webex.org_id),
                         kConfiguration);
    steps.ok("archive", fmt::format("{}, schema {}, {} tasks; \"verify\" reads all of it", config.archive.string(),
                                    reader.schema_version(), reader.counts().tasks()));
    check_service(reader, config, steps);
  } catch (const base::Error& error) {
    steps.wrong("archive", error.what(), kConfiguration);
  }
}

}  // namespace

SpaceFinding assess_disk_space(std::uintmax_t available) {
  constexpr std::uintmax_t kNeeded = std::uintmax_t{100} << 20U;
  constexpr std::uintmax_t kEnough = std::uintmax_t{1} << 30U;
  return {available >= kNeeded, available >= kEnough};
}

void check_files(const Config& config, CheckSteps& steps) {
  steps.ok("configuration", config.file.string());
  for (const std::string& warning : config.warnings) steps.warn("configuration", warning);
  check_token_file(config, steps);
  check_space(config, steps);
  check_archive(config, steps);
}

}  // namespace wxcc::cli
