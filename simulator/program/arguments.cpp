// SPDX-License-Identifier: Apache-2.0
#include "simulator/program/arguments.h"

#include <CLI/CLI.hpp>
#include <map>

#include "base/duration.h"

namespace wxcc::simulator {
namespace {

constexpr int kUsage = 2;

// The lively defaults of the program: everything arrives a little late, and not everything arrives whole.
Options defaults() {
  Options options;
  options.live_rate = 2;
  options.search_lag = std::chrono::seconds{5};
  options.transcript_lag = std::chrono::seconds{10};
  options.late_fields_lag = std::chrono::seconds{30};
  options.end_time_pending_share = 0.01;
  options.end_time_pending_for = std::chrono::minutes{2};
  return options;
}

// Seconds, also with a fraction.
void add_lag(CLI::App& app, const std::string& name, std::chrono::milliseconds& target, const std::string& help) {
  app.add_option_function<double>(
         name,
         [&target](double seconds) { target = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)}; },
         help)
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber);
}

// "90s", "15m", "14d" or seconds.
template <typename Target>
void add_duration(CLI::App& app, const std::string& name, Target& target, const std::string& help) {
  app.add_option_function<std::string>(
         name,
         [&target, name](const std::string& text) {
           const auto duration = base::parse_duration(text);
           if (!duration) throw CLI::ValidationError(name, "expected a duration such as 90s, 15m, 6h or 14d");
           target = *duration;
         },
         help)
      ->type_name("DURATION");
}

void add_share(CLI::App& app, const std::string& name, double& target, const std::string& help) {
  app.add_option(name, target, help)->type_name("SHARE")->check(CLI::Range(0.0, 1.0))->capture_default_str();
}

void add_data_options(CLI::App& app, Options& options) {
  app.add_option("--tasks", options.tasks, "Tasks that ended before the start")
      ->check(CLI::Range(0, 5'000'000))
      ->capture_default_str();
  app.add_option("--days", options.days, "Days over which they are spread")
      ->check(CLI::Range(1, 1100))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "The same seed, the same data")->capture_default_str();
  app.add_option("--duplicate-timestamps", options.duplicate_timestamps, "So many tasks in a row have one endedTime")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--live-rate", options.live_rate, "New tasks per minute")
      ->check(CLI::Range(0.0, 6000.0))
      ->capture_default_str();
  add_lag(app, "--live-duration", options.live_duration, "Mean duration of the new tasks");
  add_share(app, "--chat-share", options.chat_share, "Tasks that are chats");
}

void add_visibility_options(CLI::App& app, Options& options) {
  add_lag(app, "--search-lag", options.search_lag, "Mean time until an ended task shows as ended");
  add_lag(app, "--transcript-lag", options.transcript_lag, "Mean time until a transcript can be had");
  add_lag(app, "--late-fields-lag", options.late_fields_lag, "Mean time until wrap-up code, CSAT and topic are there");
  add_share(app, "--end-time-pending-share", options.end_time_pending_share, "Inactive tasks with endedTime -1 for a while");
  add_lag(app, "--end-time-pending-for", options.end_time_pending_for, "For how long");
  add_share(app, "--no-transcript-share", options.no_transcript_share, "Tasks that never get a transcript");
  add_share(app, "--both-versions-share", options.both_versions_share, "Tasks with two versions of their transcript");
  add_share(app, "--versioned-share", options.versioned_share, "Tasks with only a schema-versioned transcript");
  add_share(app, "--malformed-share", options.malformed_share, "Transcripts that are no JSON");
  add_share(app, "--truncated-share", options.truncated_share, "Transcripts that stop in the middle");
  add_share(app, "--empty-share", options.empty_share, "Transcripts without messages");
  add_share(app, "--invalid-utf8-share", options.invalid_utf8_share, "Transcripts with ill-formed UTF-8");
  add_share(app, "--partial-share", options.partial_share, "Transcripts that are replaced by longer ones later");
  add_lag(app, "--partial-for", options.partial_for, "When");
}

void add_login_options(CLI::App& app, Options& options) {
  app.add_option("--client-id", options.client_id, "The one client")->capture_default_str();
  app.add_option("--client-secret", options.client_secret, "Its secret");
  app.add_option("--org-id", options.org_id, "The organisation that the data belong to")->capture_default_str();
  app.add_option("--login-org-id", options.login_org_id,
                 "The organisation that tokens are issued for, when it is another one");
  app.add_option("--redirect-uri", options.redirect_uri, "The client's registered address")->capture_default_str();
  add_duration(app, "--access-ttl", options.access_ttl, "Life of an access token");
  add_duration(app, "--refresh-ttl", options.refresh_ttl, "Life of a refresh token");
  app.add_flag("--auto-consent", options.auto_consent, "Log everybody in without asking");
  app.add_flag("!--no-refresh-extends", options.refresh_extends, "A refresh does not extend the refresh token's life");
  app.add_flag("--rotate-refresh-token", options.rotate_refresh_token, "A refresh gives a new refresh token");
  app.add_option_function<std::int64_t>(
         "--revoke-old-refresh-token-after",
         [&options](std::int64_t seconds) {
           options.revoke_old_refresh_token_after_grace = std::chrono::seconds{seconds};
         },
         "The old one is good for so long; without this it stays good")
      ->type_name("SECONDS")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--revoke-old-access-token", options.revoke_old_access_token, "A refresh ends earlier access tokens");
  app.add_flag("--omit-refresh-token", options.omit_refresh_token, "A refresh does not repeat the refresh token");
  app.add_flag("--expires-in-as-string", options.expires_in_as_string, "Lifetimes are strings");
  app.add_flag("--rfc6749-errors", options.rfc6749_errors, "Errors of the token endpoint in the standard form");
}

void add_api_options(CLI::App& app, Options& options) {
  const std::map<std::string, KeyCase> cases = {
      {"lower", KeyCase::Lower}, {"capitalised", KeyCase::Capitalised}, {"mixed", KeyCase::Mixed}};
  const std::map<std::string, CursorStyle> cursors = {{"number", CursorStyle::PageNumber},
                                                      {"opaque", CursorStyle::Opaque}};
  app.add_option("--page-size", options.page_size, "Tasks per page")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--cursors", options.cursors, "Form of the cursors: number or opaque")
      ->transform(CLI::CheckedTransformer(cursors));
  app.add_option("--key-case", options.key_case, "Spelling of source and provider: lower, capitalised or mixed")
      ->transform(CLI::CheckedTransformer(cases));
  app.add_flag("--strict-url-expiration", options.strict_url_expiration, "Refuse more than 60 minutes");
  app.add_flag("--require-captures-org", options.require_captures_org, "Refuse captures queries without orgId");
  app.add_flag("--reject-all-digital-versions", options.reject_all_digital_versions,
               "includeAllDigitalVersions is not known");
  app.add_option("--requests-per-minute", options.requests_per_minute, "Limit over search and captures; 0: none")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_lag(app, "--stall-for", options.stall_for, "How long the fault stall lasts");
  add_lag(app, "--slow-for", options.slow_for, "How long an response of the fault slow takes");
}

}  // namespace

std::variant<Arguments, int> read_command_line(int argc, char** argv) {
  Arguments arguments;
  arguments.options = defaults();
  CLI::App app(
      "A stand-in for the Webex Contact Center cloud, on this machine only. Prints one line of JSON with its "
      "addresses.");
  app.add_option("--port", arguments.options.port, "Port of the APIs; 0: any")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--store-port", arguments.options.store_port, "Port of the object store; 0: any")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--write-config", arguments.config_directory,
                 "Write config.json and access_token.json into this directory")
      ->type_name("DIR");
  app.add_option("--fault", arguments.faults, "ROUTE:KIND:RATE[:COUNT], may be given several times")->type_name("SPEC");
  add_data_options(app, arguments.options);
  add_visibility_options(app, arguments.options);
  add_login_options(app, arguments.options);
  add_api_options(app, arguments.options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return arguments;
}

}  // namespace wxcc::simulator
