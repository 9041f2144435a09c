// SPDX-License-Identifier: Apache-2.0
#include "monitor/status_snapshot.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/zone.h"
#include "monitor/login_expiry.h"
#include "webex/token_set.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using model::TranscriptState;

constexpr int kMaxListedFailures = 20;

void read(const store::Reader& reader, Detail detail, StatusSnapshot& snapshot) {
  snapshot.record = reader.service_record();
  snapshot.high_water_mark = reader.high_water_mark();
  if (detail == Detail::Line) {
    snapshot.counts = reader.backlog();
    return;
  }
  if (detail == Detail::Listing) {
    const store::Counts counts = reader.counts();
    snapshot.counts = counts.states;
    snapshot.messages = counts.messages;
    snapshot.schema_version = reader.schema_version();
    snapshot.failures = reader.failures(kMaxListedFailures);
  } else {
    snapshot.counts = reader.task_counts();
  }
  snapshot.oldest_pending = reader.oldest_pending();
  snapshot.coverage_gaps = reader.coverage_gaps(snapshot.now);
}

}  // namespace

std::optional<std::int64_t> StatusSnapshot::login_days_left() const {
  if (!record.refresh_expires_at) return std::nullopt;
  return ch::floor<ch::days>(*record.refresh_expires_at - now).count();
}

StatusSnapshot collect(const store::Reader& reader, const base::Path& archive, base::Instant now,
                       base::Millis poll_interval, Detail detail) {
  StatusSnapshot snapshot;
  snapshot.now = now;
  snapshot.stale_after = stale_threshold(poll_interval);
  if (detail != Detail::Line) {
    snapshot.archive_bytes = base::size_of(archive);
    snapshot.wal_bytes = base::size_of(archive.string() + "-wal");
  }
  try {
    read(reader, detail, snapshot);
    snapshot.state = state_of(snapshot.record, now, snapshot.stale_after);
  } catch (const store::StoreError& error) {
    snapshot.state = State::Unreadable;
    snapshot.read_error = error;
  }
  return snapshot;
}

void overlay_token_file(const base::Path& file, StatusSnapshot& snapshot) {
  if (snapshot.read_error) return;
  std::optional<webex::TokenSet> tokens;
  try {
    auto text = base::read_file_if_present(file);
    if (!text) return;
    if (auto parsed = webex::parse_token_file(*text)) tokens = std::move(*parsed);
    base::wipe(*text);
  } catch (const base::FileError&) {
    return;
  }
  if (!tokens) return;
  store::ServiceRecord& record = snapshot.record;
  record.access_expires_at = tokens->access_expires_at;
  record.refresh_expires_at = tokens->refresh_expires_at;
  // The file has whole seconds.
  if (record.needs_login_since && tokens->granted_at >= ch::floor<ch::seconds>(*record.needs_login_since))
    record.needs_login.clear();
  snapshot.state = state_of(record, snapshot.now, snapshot.stale_after);
}

void overlay_error(const std::string& message, StatusSnapshot& snapshot) {
  if (message.empty() || snapshot.state != State::Ok) return;
  snapshot.state = State::Degraded;
  snapshot.record.last_error = message;
}

std::string summary(const StatusSnapshot& snapshot) {
  std::string line(to_text(snapshot.state));
  if (snapshot.read_error) return line + ": " + snapshot.read_error->what();
  const auto& mark = snapshot.high_water_mark;
  line += mark ? fmt::format(": archived until {} UTC", base::Zone::utc().format(*mark)) : ": nothing archived yet";
  if (const auto pending = snapshot.counts[TranscriptState::Pending]; pending > 0)
    line += "; " + base::count_of(pending, "transcript") + " pending";
  if (const auto failed = snapshot.counts[TranscriptState::Failed]; failed > 0)
    line += fmt::format("; {} failed", failed);
  const store::ServiceRecord& record = snapshot.record;
  if (snapshot.state == State::NeedsLogin) return line + "; " + record.needs_login;
  if (snapshot.state != State::Ok && !record.last_error.empty()) line += "; last error: " + record.last_error;
  return line;
}

std::vector<std::string> warnings(const StatusSnapshot& snapshot) {
  std::vector<std::string> lines;
  if (snapshot.state != State::NeedsLogin)
    if (auto expiry = login_expiry_message(snapshot.record.refresh_expires_at, snapshot.now))
      lines.push_back(std::move(*expiry));
  if (auto wal = wal_size_warning(snapshot.wal_bytes)) lines.push_back(std::move(*wal));
  return lines;
}

}  // namespace wxcc::monitor
