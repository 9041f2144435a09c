// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive_fixture.h"
#include "store/verify.h"

namespace wxcc::store {

// The fixture's transcripts have one line for their capture and one for each message.
inline Parsed parse_lines(const std::string& raw, const model::TranscriptItem&) {
  if (raw.rfind("unreadable", 0) == 0) return {std::nullopt, "line 1: unreadable"};
  std::vector<std::string> lines;
  std::istringstream in(raw);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  lines.erase(lines.begin());
  return {transcript("", lines).conversation, ""};
}

// An archive of two conversations.
class MaintenanceFixture : public ArchiveFixture {
 protected:
  MaintenanceFixture() {
    Archive archive = open();
    commit(archive, {ended_task("t1"), ended_task("t2")});
    store(archive, "t1", {transcript("c1", {"hello there", "goodbye"})}, std::nullopt, kNow);
    store(archive, "t2", {transcript("c2", {"another one"})}, std::nullopt, kNow);
    const TimeRange week{kStart, kStart + hours(168)};
    archive.commit_page({}, Scan{model::TimeField::Ended, week, kNow}, week.to, kNow);
  }
  std::vector<Check> checks() const { return verify(path_, {parse_lines, {}}); }
  // The names of the checks with that outcome.
  std::string with(Check::Outcome outcome) const {
    std::string names;
    for (const Check& check : checks())
      if (check.outcome == outcome) names += check.name + " ";
    return names;
  }
  std::ptrdiff_t part_files() const {
    const std::filesystem::directory_iterator files(root_);
    return std::count_if(begin(files), end(files), [](const auto& file) { return file.path().extension() == ".part"; });
  }
  std::string damaged_by(const std::string& sql) const {
    modify(sql);
    return with(Check::Outcome::Corrupt);
  }
};

}  // namespace wxcc::store
