// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/clock.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_range.h"
#include "base/zone.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "monitor/login_expiry.h"
#include "monitor/nagios_check.h"
#include "monitor/status_snapshot.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

using monitor::StatusSnapshot;

struct Status {
  StatusSnapshot snapshot;
  base::Path archive;
};

Status collect_status(const GlobalOptions& global, monitor::Detail detail) {
  const ReadOnlySetup setup = configure_read_only(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  const base::Millis poll_interval =
      setup.config ? setup.config->daemon.poll_interval : daemon::Settings{}.poll_interval;
  Status status{monitor::collect(reader, setup.archive, base::SystemClock().now(), poll_interval, detail),
                std::filesystem::absolute(setup.archive)};
  if (status.snapshot.read_error) throw store::StoreError(*status.snapshot.read_error);
  if (setup.config) monitor::overlay_token_file(setup.config->webex.token_file, status.snapshot);
  return status;
}

void print_json(const Status& status) {
  const StatusSnapshot& found = status.snapshot;
  const store::ServiceRecord& record = found.record;
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object().member("state", monitor::to_text(found.state));
  out.member("high_water_mark", found.high_water_mark).member("last_success", record.last_success);
  out.member_or_null("last_error", record.last_error).member("last_error_at", record.last_error_at);
  out.member_or_null("needs_login", record.needs_login);
  out.key("counts").begin_object();
  write_counts(out, found.counts, found.messages);
  out.end_object();
  out.key("tokens").begin_object();
  out.member("access_expires_at", record.access_expires_at);
  out.member("refresh_expires_at", record.refresh_expires_at);
  out.member("refresh_days_left", found.login_days_left());
  out.member("warning", monitor::login_expiry_message(record.refresh_expires_at, found.now)).end_object();
  out.key("archive").begin_object().member("path", std::string_view(status.archive.native()));
  out.member("bytes", static_cast<std::int64_t>(found.archive_bytes));
  out.member("wal_bytes", static_cast<std::int64_t>(found.wal_bytes));
  out.member("schema_version", found.schema_version).end_object();
  out.key("coverage_gaps").begin_array();
  for (const base::TimeRange& gap : found.coverage_gaps)
    out.begin_object().member("from", gap.from).member("to", gap.to).end_object();
  out.end_array().key("failures").begin_array();
  for (const store::TaskFailure& failure : found.failures) {
    write_failure(out.begin_object().member("task_id", failure.task_id), failure);
    out.end_object();
  }
  std::puts(out.end_array().end_object().text().c_str());
}

std::string format_time(const std::optional<base::Instant>& at, base::Instant now) {
  if (!at) return "never";
  const bool ahead = *at > now;
  return fmt::format("{} UTC ({}{}{})", base::Zone::utc().format(*at), ahead ? "in " : "",
                     base::humanize(std::chrono::floor<std::chrono::seconds>(ahead ? *at - now : now - *at)),
                     ahead ? "" : " ago");
}

void print_text(const Status& status) {
  const StatusSnapshot& found = status.snapshot;
  const store::ServiceRecord& record = found.record;
  const auto line = [](const char* label, const std::string& text) { fmt::print("{:<16} {}\n", label, text); };
  line("state", std::string(monitor::to_text(found.state)));
  if (!record.needs_login.empty()) line("", record.needs_login);
  line("archived until", format_time(found.high_water_mark, found.now));
  for (const base::TimeRange& gap : found.coverage_gaps)
    line("coverage gap",
         fmt::format("{} to {} UTC", base::Zone::utc().format(gap.from), base::Zone::utc().format(gap.to)));
  line("last success", format_time(record.last_success, found.now));
  if (record.last_error_at)
    line("last error", fmt::format("{}: {}", format_time(record.last_error_at, found.now), record.last_error));
  line("tasks", fmt::format("{}: {}", found.counts.total(), model::describe(found.counts)));
  line("messages", std::to_string(found.messages));
  if (record.access_expires_at) line("access token", "expires " + format_time(record.access_expires_at, found.now));
  if (record.refresh_expires_at) line("refresh token", "expires " + format_time(record.refresh_expires_at, found.now));
  line("archive", fmt::format("{}, {:.1f} MiB and {:.1f} MiB of WAL, schema {}", status.archive.string(),
                              static_cast<double>(found.archive_bytes) / (1 << 20),
                              static_cast<double>(found.wal_bytes) / (1 << 20), found.schema_version));
  for (const std::string& warning : monitor::warnings(found)) line("warning", warning);
  for (const store::TaskFailure& failure : found.failures)
    line("failed task", fmt::format("{} ({}, {}, last {}): {}", failure.task_id, failure.phase,
                                    base::count_of(failure.attempts, "attempt"), format_time(failure.last, found.now),
                                    failure.message));
}

// Nagios reads every exit code as a state, so an error is reported as unknown.
monitor::NagiosCheck nagios_check(const GlobalOptions& global) {
  try {
    return monitor::nagios_check(collect_status(global, monitor::Detail::Figures).snapshot);
  } catch (const std::exception& error) {
    return monitor::nagios_unknown(error.what());
  }
}

}  // namespace

int run_status(const GlobalOptions& global, const StatusArguments& arguments) {
  if (arguments.check) {
    const monitor::NagiosCheck checked = nagios_check(global);
    std::puts(checked.line.c_str());
    return static_cast<int>(checked.severity);
  }
  const Status status = collect_status(global, monitor::Detail::Listing);
  if (arguments.json)
    print_json(status);
  else
    print_text(status);
  return kDone;
}

}  // namespace wxcc::cli
