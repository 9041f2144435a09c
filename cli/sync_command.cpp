// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/config/trust.h"
#include "cli/exit_code.h"
#include "cli/period.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "monitor/login_expiry.h"
#include "sync/catch_store_errors.h"
#include "sync/pass.h"
#include "sync/windows.h"

namespace wxcc::cli {
namespace {

constexpr int kInterrupted = 130;  // the shell's code for SIGINT

int exit_code_of(const sync::Pass::Result& pass, const store::Counts& counts) {
  if (pass.failure) {
    switch (pass.failure->kind) {
      case model::Failure::Kind::AuthRequired:
        return kLoginRequired;
      case model::Failure::Kind::Transient:
        return kTemporaryFailure;
      case model::Failure::Kind::Permanent:
        return kFailed;
    }
  }
  return counts.states.unsettled() > 0 ? kIncomplete : kDone;
}

// The contents of the archive after the pass, altogether and of the requested range.
struct ArchiveCounts {
  store::Counts archive;
  std::optional<store::Counts> range;
};

void print_text(const sync::Pass::Result& pass, const ArchiveCounts& counts) {
  fmt::print("{} read, {} new, {} changed\n", base::count_of(pass.scanned.ended, "ended task"), pass.scanned.added,
             pass.scanned.changed);
  fmt::print("{} archived, {}\n", base::count_of(pass.fetched.archived, "transcript"),
             base::count_of(pass.fetched.messages, "message"));
  const store::Counts& shown = counts.range.value_or(counts.archive);
  fmt::print("{}: {}, {}\n", counts.range ? "range" : "archive", base::count_of(shown.tasks(), "task"),
             model::describe(shown.states));
}

void print_json(const sync::Pass::Result& pass, const ArchiveCounts& counts, const webex::RequestCounts& requests) {
  base::JsonWriter out;
  out.begin_object();
  out.member("tasks_read", pass.scanned.ended).member("tasks_new", pass.scanned.added);
  out.member("tasks_changed", pass.scanned.changed).member("transcripts_archived", pass.fetched.archived);
  out.member("messages_new", pass.fetched.messages).member("failures", pass.fetched.failures);
  out.member_or_null("error", pass.failure ? pass.failure->message : "");
  out.key("requests").begin_object();
  out.member("search", requests.searches).member("captures", requests.captures);
  out.member("download", requests.downloads).member("throttled", requests.throttled).end_object();
  const auto write = [&](std::string_view name, const store::Counts& of) {
    out.key(name).begin_object();
    write_counts(out, of.states, of.messages);
    out.end_object();
  };
  write("archive", counts.archive);
  if (counts.range) write("range", *counts.range);
  out.end_object();
  std::puts(out.text().c_str());
}

// The range of --from and --to; a part of it must be searchable.
std::optional<base::TimeRange> parse_range(const SyncArguments& arguments, const Config& config, base::Instant now) {
  const base::Zone zone = config.zone.value_or(base::Zone::local());
  const auto range = parse_period(arguments.period, zone, now);
  if (!range) return range;
  const auto part = sync::clamp_to_searchable(*range, now, config.sync.settle);
  if (!part && range->to < now)
    throw base::UsageError(fmt::format("--to {}: the Search API has no tasks before {}", arguments.period.to,
                                       base::to_iso8601_seconds(now - sync::kMaxLookback)));
  if (!part)
    throw base::UsageError(fmt::format("--from {} is in the future or too recent; tasks are searchable until {}",
                                       arguments.period.from, base::to_iso8601_seconds(now - config.sync.settle)));
  if (part->from > range->from)
    base::log::warning("--from {}: the Search API has no tasks before {}; starting there", arguments.period.from,
                       base::to_iso8601_seconds(part->from));
  return range;
}

// The error that left transcripts missing; std::nullopt if it is a permanent one of the API, since then another pass
// does not help.
std::optional<model::Failure> blocking_error(const sync::Fetcher& fetcher) {
  const auto& error = fetcher.last_systemic_error();
  if (!error || error->source == model::Failure::Source::Archive) return error;
  return error->kind != model::Failure::Kind::Permanent ? error : std::nullopt;
}

// Records the result and the login's expiry for `status`, as the daemon does.
void record(store::Archive& archive, const webex::TokenKeeper& keeper, const sync::Pass::Result& pass,
            base::Instant now) {
  if (!pass.failure) archive.service().record_success(now);
  if (pass.failure && pass.failure->kind != model::Failure::Kind::AuthRequired)
    archive.service().record_error(pass.failure->message, now);
  const webex::TokenSet& tokens = keeper.tokens();
  if (!keeper.needs_login().empty() || !pass.failure)
    archive.service().record_login(keeper.needs_login(), tokens.access_expires_at, tokens.refresh_expires_at, now);
  if (const auto expiry = monitor::login_expiry_message(tokens.refresh_expires_at, now))
    base::log::warning("{}", *expiry);
}

}  // namespace

int run_sync(const GlobalOptions& global, const SyncArguments& arguments) {
  const Config config = configure(global);
  const base::SystemClock clock;
  const auto range = parse_range(arguments, config, clock.now());
  require_api_settings(config);
  store::Archive archive = open_archive(config, clock);
  systemd::EventLoop loop;
  ApiSession session(config, loop, clock);
  // A second signal does not wait for the response that may contain a new token.
  int signals = 0;
  const auto stop = [&] {
    if (++signals > 1) return loop.exit(kInterrupted);
    session.tokens.when_idle([&] { loop.exit(kInterrupted); });
  };
  const auto interrupt = loop.watch_signal(SIGINT, stop);
  const auto terminate = loop.watch_signal(SIGTERM, stop);
  sync::Engine engine({config.sync, archive, session.api, loop, clock});
  sync::Pass run(engine);
  std::optional<sync::Pass::Result> pass;
  loop.post([&] {
    run.run(range, [&](const sync::Pass::Result& result) {
      pass = result;
      loop.exit(kDone);
    });
  });
  if (const int code = loop.run(); code != kDone) return code;

  if (!pass->failure) pass->failure = blocking_error(engine.fetcher());
  const auto recorded = sync::catch_store_errors([&] { record(archive, session.tokens, *pass, clock.now()); });
  if (!recorded && !pass->failure) pass->failure = recorded.error();
  ArchiveCounts counts{archive.reader().counts(), std::nullopt};
  if (range) counts.range = archive.reader().counts(*range);
  if (arguments.json)
    print_json(*pass, counts, session.api.request_counts());
  else
    print_text(*pass, counts);
  if (pass->failure) fmt::print(stderr, "wxcc-archive: sync incomplete: {}\n", pass->failure->message);
  return exit_code_of(*pass, counts.range.value_or(counts.archive));
}

}  // namespace wxcc::cli
