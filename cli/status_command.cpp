// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "base/duration.h"
#include "base/error.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/setup.h"
#include "monitor/login_expiry.h"
#include "monitor/nagios_check.h"
#include "monitor/service_state.h"
#include "store/reader.h"
#include "webex/token_set.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

struct Findings : monitor::Facts {
  base::Path archive;
  int schema_version = 0;
  std::int64_t messages = 0;
  std::vector<store::TaskFailure> failures;
  base::Millis stale_after{};

  [[nodiscard]] std::optional<std::int64_t> refresh_days_left() const {
    if (!record.refresh_expires_at) return std::nullopt;
    return ch::floor<ch::days>(*record.refresh_expires_at - now).count();
  }
};

// The token file knows of a login that no service and no sync has seen yet. An analyst, who may read the archive but
// not the token, is told what they recorded.
void look_at_tokens(const base::Path& file, store::ServiceRecord& record) {
  try {
    auto text = base::read_file_if_present(file);
    if (!text) return;
    const auto tokens = webex::parse_token_file(*text);
    base::wipe(*text);
    if (!tokens) return;
    record.access_expires_at = tokens->access_expires_at;
    record.refresh_expires_at = tokens->refresh_expires_at;
    // The file has whole seconds.
    if (record.needs_login_since && tokens->granted_at >= ch::floor<ch::seconds>(*record.needs_login_since))
      record.needs_login.clear();
  } catch (const base::FileError&) {
    return;
  }
}

Findings find_out(const GlobalOptions& global) {
  const ReadOnlySetup setup = configure_reading(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  Findings found;
  found.now = base::SystemClock().now();
  found.archive = std::filesystem::absolute(setup.archive);
  found.archive_bytes = base::size_of(setup.archive);
  found.wal_bytes = base::size_of(setup.archive.string() + "-wal");
  found.schema_version = reader.schema_version();
  found.mark = reader.high_water_mark();
  found.coverage_gaps = reader.coverage_gaps(found.now);
  const store::Counts counts = reader.counts();
  found.counts = counts.states;
  found.messages = counts.messages;
  found.oldest_pending = reader.oldest_pending();
  found.record = reader.service_record();
  constexpr int kListed = 20;
  found.failures = reader.failures(kListed);
  if (setup.config) look_at_tokens(setup.config->token_file, found.record);
  const base::Millis poll = setup.config ? setup.config->daemon.poll_interval : Config{}.daemon.poll_interval;
  found.stale_after = monitor::stale_after(poll);
  found.state = monitor::state_of(found.record, found.now, found.stale_after);
  return found;
}

std::optional<std::string> iso(const std::optional<base::Instant>& at) {
  return at ? std::optional(base::to_iso8601(*at)) : std::nullopt;
}

template <typename T>
void member(base::JsonWriter& out, std::string_view name, const std::optional<T>& value) {
  out.key(name);
  if constexpr (std::is_same_v<T, std::string>) {
    if (value) {
      out.value(std::string_view(*value));
      return;
    }
  } else if (value) {
    out.value(*value);
    return;
  }
  out.null();
}

void print_json(const Findings& found) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object().member("state", monitor::to_text(found.state));
  member(out, "high_water_mark", iso(found.mark));
  member(out, "last_success", iso(found.record.last_success));
  member(out, "last_error", found.record.last_error.empty() ? std::nullopt : std::optional(found.record.last_error));
  member(out, "last_error_at", iso(found.record.last_error_at));
  member(out, "needs_login", found.record.needs_login.empty() ? std::nullopt : std::optional(found.record.needs_login));
  out.key("counts").begin_object();
  out.member("tasks", found.counts.total());
  for (const auto& state : model::kTranscriptStateNames) out.member(state.text, found.counts[state.value]);
  out.member("messages", found.messages).end_object();
  out.key("tokens").begin_object();
  member(out, "access_expires_at", iso(found.record.access_expires_at));
  member(out, "refresh_expires_at", iso(found.record.refresh_expires_at));
  member(out, "refresh_days_left", found.refresh_days_left());
  member(out, "warning", monitor::login_end_message(found.record.refresh_expires_at, found.now));
  out.end_object().key("archive").begin_object();
  out.member("path", std::string_view(found.archive.native()));
  out.member("bytes", static_cast<std::int64_t>(found.archive_bytes))
      .member("wal_bytes", static_cast<std::int64_t>(found.wal_bytes));
  out.member("schema_version", found.schema_version).end_object();
  out.key("coverage_gaps").begin_array();
  for (const base::TimeRange& span : found.coverage_gaps)
    out.begin_object().member("from", base::to_iso8601(span.from)).member("to", base::to_iso8601(span.to)).end_object();
  out.end_array();
  out.key("failures").begin_array();
  for (const store::TaskFailure& failure : found.failures) {
    out.begin_object()
        .member("task_id", std::string_view(failure.task_id))
        .member("phase", std::string_view(failure.phase));
    out.member("kind", std::string_view(failure.kind)).member("message", std::string_view(failure.message));
    out.member("first", base::to_iso8601(failure.first)).member("last", base::to_iso8601(failure.last));
    out.member("attempts", failure.attempts).end_object();
  }
  out.end_array().end_object();
  std::puts(out.text().c_str());
}

std::string when(const std::optional<base::Instant>& at, base::Instant now) {
  if (!at) return "never";
  const auto distance = ch::floor<ch::seconds>(*at > now ? *at - now : now - *at);
  return fmt::format("{} UTC ({}{}{})", base::Zone::utc().format(*at), *at > now ? "in " : "",
                     base::for_people(distance), *at > now ? "" : " ago");
}

void print_people(const Findings& found) {
  fmt::print("state            {}\n", monitor::to_text(found.state));
  if (!found.record.needs_login.empty()) fmt::print("                 {}\n", found.record.needs_login);
  fmt::print("archived until   {}\n", when(found.mark, found.now));
  for (const base::TimeRange& span : found.coverage_gaps)
    fmt::print("coverage gap     {} to {} UTC\n", base::Zone::utc().format(span.from),
               base::Zone::utc().format(span.to));
  fmt::print("last success     {}\n", when(found.record.last_success, found.now));
  if (found.record.last_error_at)
    fmt::print("last error       {}: {}\n", when(found.record.last_error_at, found.now), found.record.last_error);
  fmt::print("tasks            {}: {}\n", found.counts.total(), model::describe(found.counts));
  fmt::print("messages         {}\n", found.messages);
  if (found.record.access_expires_at)
    fmt::print("access token     until {}\n", when(found.record.access_expires_at, found.now));
  if (found.record.refresh_expires_at)
    fmt::print("refresh token    until {}\n", when(found.record.refresh_expires_at, found.now));
  if (const auto ending = monitor::login_end_message(found.record.refresh_expires_at, found.now))
    fmt::print("warning          {}\n", *ending);
  fmt::print("archive          {}, {:.1f} MiB and {:.1f} MiB of WAL, schema {}\n", found.archive.string(),
             static_cast<double>(found.archive_bytes) / (1 << 20), static_cast<double>(found.wal_bytes) / (1 << 20),
             found.schema_version);
  if (const auto large = monitor::large_log_message(found.wal_bytes)) fmt::print("warning          {}\n", *large);
  for (const store::TaskFailure& failure : found.failures)
    fmt::print("failing          {} ({}, {} tries, last {}): {}\n", failure.task_id, failure.phase, failure.attempts,
               when(failure.last, found.now), failure.message);
}

// A monitor takes every exit code for a state, so that what goes wrong here is one too.
monitor::HealthCheck check(const GlobalOptions& global) {
  try {
    const Findings found = find_out(global);
    return monitor::check_health(found, found.stale_after);
  } catch (const std::exception& error) {
    return monitor::unknown_health(error.what());
  }
}

}  // namespace

int run_status(const GlobalOptions& global, const StatusArguments& arguments) {
  if (arguments.check) {
    const monitor::HealthCheck checked = check(global);
    std::puts(checked.line.c_str());
    return static_cast<int>(checked.severity);
  }
  const Findings found = find_out(global);
  if (arguments.format == OutputFormat::Json)
    print_json(found);
  else
    print_people(found);
  return kDone;
}

}  // namespace wxcc::cli
