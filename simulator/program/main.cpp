// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "simulator/simulator.h"

namespace wxcc::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kUsageExitCode = 2;
constexpr double kNoLimit = 1e20;

using Member =
    std::variant<int Options::*, std::size_t Options::*, double Options::*, bool Options::*, std::string Options::*,
                 milliseconds Options::*, seconds Options::*, std::optional<seconds> Options::*>;

// One option of the command line. A flag that begins with "!" clears its member.
struct Row {
  const char* flag;
  Member member;
  const char* help;
  double low = 0;
  double high = kNoLimit;
  std::optional<double> realistic = std::nullopt;  // the program's default, in seconds if it is a time
};

const Row kOptionRows[] = {
    {"--port", &Options::port, "Port of the APIs; 0: any", 0, 65535},

    {"--seed", &Options::seed, "Seed of all data, tokens and faults"},
    {"--tasks", &Options::tasks, "Number of tasks that ended before the start", 0, 5'000'000},
    {"--days", &Options::days, "Number of days before the start with ended tasks", 1, 1100},
    {"--duplicate-timestamps", &Options::duplicate_timestamps, "Consecutive tasks with the same endedTime", 1},
    {"--live-rate", &Options::live_rate, "New tasks per minute", 0, 6000, 2},
    {"--live-duration", &Options::live_duration, "Mean duration of the new tasks"},
    {"--chat-share", &Options::chat_share, "Share of chats", 0, 1},

    {"--search-lag", &Options::search_lag, "Mean time until an ended task is returned as ended", 0, kNoLimit, 5},
    {"--transcript-lag", &Options::transcript_lag, "Mean time until a transcript is available", 0, kNoLimit, 10},
    {"--late-fields-lag", &Options::late_fields_lag, "Mean time until wrap-up code, CSAT and topic are set", 0,
     kNoLimit, 30},
    {"--end-time-pending-share", &Options::end_time_pending_share,
     "Share of inactive tasks with endedTime -1 for a while", 0, 1, 0.01},
    {"--end-time-pending-for", &Options::end_time_pending_for, "Duration of endedTime -1 of such a task", 0, kNoLimit,
     120},
    {"--no-transcript-share", &Options::no_transcript_share, "Share of tasks without a transcript", 0, 1},
    {"--both-versions-share", &Options::both_versions_share, "Share of tasks with two versions of the transcript", 0,
     1},
    {"--versioned-share", &Options::versioned_share, "Share of tasks with a schema-versioned transcript only", 0, 1},
    {"--malformed-share", &Options::malformed_share, "Share of transcripts that are not JSON", 0, 1},
    {"--truncated-share", &Options::truncated_share, "Share of truncated transcripts", 0, 1},
    {"--empty-share", &Options::empty_share, "Share of transcripts without messages", 0, 1},
    {"--invalid-utf8-share", &Options::invalid_utf8_share, "Share of transcripts with invalid UTF-8", 0, 1},
    {"--partial-share", &Options::partial_share, "Share of transcripts that are replaced by longer ones later", 0, 1},
    {"--partial-for", &Options::partial_for, "Time until such a transcript is replaced"},

    {"--client-id", &Options::client_id, "Client id"},
    {"--client-secret", &Options::client_secret, "Client secret"},
    {"--org-id", &Options::org_id, "Organisation that owns the data"},
    {"--login-org-id", &Options::login_org_id, "Organisation of the tokens; default: --org-id"},
    {"--redirect-uri", &Options::redirect_uri, "Registered redirect URI of the client"},
    {"--scope", &Options::scope, "Scope of the tokens of --write-config"},
    {"--code-ttl", &Options::code_ttl, "Lifetime of an authorization code"},
    {"--access-ttl", &Options::access_ttl, "Lifetime of an access token"},
    {"--refresh-ttl", &Options::refresh_ttl, "Lifetime of a refresh token"},
    {"--auto-consent", &Options::auto_consent, "Log in without a consent page"},
    {"--auto-consent-button", &Options::auto_consent_button, "Button that the consent page presses: allow or deny"},
    {"!--no-refresh-extends", &Options::refresh_extends, "A refresh does not extend the refresh token's lifetime"},
    {"--rotate-refresh-token", &Options::rotate_refresh_token, "A refresh issues a new refresh token"},
    {"--revoke-old-refresh-token-after", &Options::revoke_old_refresh_token_after_grace,
     "Lifetime of the old refresh token after a rotation; default: unchanged"},
    {"--revoke-old-access-token", &Options::revoke_old_access_token, "A refresh revokes earlier access tokens"},
    {"--omit-refresh-token", &Options::omit_refresh_token, "A refresh response has no refresh token"},
    {"--expires-in-as-string", &Options::expires_in_as_string, "Lifetimes are strings"},
    {"--rfc6749-errors", &Options::rfc6749_errors, "Errors of the token endpoint in the standard form"},
    {"--tokens-without-org", &Options::tokens_without_org, "Tokens do not name their organisation"},
    {"--minimal-token-responses", &Options::minimal_token_responses, "Token responses without token_type and scope"},

    {"--page-size", &Options::page_size, "Tasks per page", 1, 100'000},
    {"--record-cap", &Options::record_cap, "Tasks per query, over all pages"},
    {"--opaque-cursors", &Options::opaque_cursors, "Cursors are opaque texts instead of page numbers"},
    {"!--no-extra-members", &Options::extra_members, "Responses have documented members only"},
    {"--capitalised-keys", &Options::capitalised_keys, "Members Source and Provider instead of source and provider"},
    {"--strict-url-expiration", &Options::strict_url_expiration, "Reject urlExpiration above 60 minutes"},
    {"--require-captures-org", &Options::require_captures_org, "Reject captures queries without orgId"},
    {"--reject-all-digital-versions", &Options::reject_all_digital_versions, "Reject includeAllDigitalVersions"},
    {"--requests-per-minute", &Options::requests_per_minute, "Request limit of search and captures; 0: none"},

    {"--stall-for", &Options::stall_for, "Duration of the fault stall"},
    {"--slow-for", &Options::slow_for, "Duration of a response with the fault slow"},
};

template <typename Value>
void set_realistic(Value& target, double value) {
  if constexpr (std::is_arithmetic_v<Value>)
    target = static_cast<Value>(value);
  else if constexpr (std::is_same_v<Value, milliseconds>)
    target = milliseconds{static_cast<std::int64_t>(value * 1000)};
}

void add_option(CLI::App& app, const Row& row, bool& target) {
  app.add_flag(row.flag, target, row.help);
}
void add_option(CLI::App& app, const Row& row, std::string& target) {
  app.add_option(row.flag, target, row.help)->capture_default_str();
}
CLI::Validator range_of(const Row& row) {
  const std::string range =
      row.high < kNoLimit ? fmt::format("{} to {}", row.low, row.high) : fmt::format("from {}", row.low);
  return CLI::Range(row.low, row.high).description(range);
}
// In seconds; a member in milliseconds accepts fractions.
template <typename Duration>
requires std::is_convertible_v<seconds, Duration>
void add_option(CLI::App& app, const Row& row, Duration& target) {
  auto* const option = app.add_option_function<double>(
      row.flag,
      [&target](double value) {
        const milliseconds duration{static_cast<std::int64_t>(value * 1000)};
        if constexpr (std::is_same_v<Duration, milliseconds>)
          target = duration;
        else
          target = std::chrono::floor<seconds>(duration);
      },
      row.help);
  option->type_name("SECONDS")->check(range_of(row).description(""));
  if constexpr (std::is_same_v<Duration, milliseconds> || std::is_same_v<Duration, seconds>)
    option->default_str(fmt::format("{}", std::chrono::duration<double>(target).count()));
}
template <typename Number>
requires std::is_arithmetic_v<Number>
void add_option(CLI::App& app, const Row& row, Number& target) {
  app.add_option(row.flag, target, row.help)->capture_default_str()->type_name("NUMBER")->check(range_of(row));
}

struct Arguments {
  Options options;
  std::vector<std::string> faults;
  std::optional<base::Path> config_directory;
};

// An exit code after an invalid option or --help, whose message is printed.
std::variant<Arguments, int> read_command_line(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Simulates the Webex Contact Center APIs on 127.0.0.1. Prints one line of JSON with the URLs.");
  app.add_option("--write-config", arguments.config_directory,
                 "Write config.json and access_token.json into this directory")
      ->type_name("DIR");
  app.add_option("--fault", arguments.faults, "ROUTE:KIND:RATE[:COUNT]; repeatable")->type_name("SPEC");
  for (const Row& row : kOptionRows)
    std::visit(
        [&](auto member) {
          auto& target = arguments.options.*member;
          if (row.realistic) set_realistic(target, *row.realistic);
          add_option(app, row, target);
        },
        row.member);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageExitCode;
  }
  return arguments;
}

// Before the first thread starts: all threads inherit the mask, and only wait_for_end() receives the signals.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void wait_for_end(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

void print_addresses(const Simulator& simulator) {
  base::JsonWriter json;
  json.begin_object().member("base_url", simulator.base_url()).member("authorize_url", simulator.authorize_url());
  json.member("contact_center_url", simulator.contact_center_url()).member("store_url", simulator.store_url());
  json.member("control_url", simulator.control_url()).member("org_id", simulator.options().org_id);
  json.member("client_id", simulator.options().client_id)
      .member("redirect_uri", simulator.options().redirect_uri)
      .end_object();
  std::puts(json.text().c_str());
  std::fflush(stdout);
}

void run(const Arguments& arguments) {
  const sigset_t signals = block_end_signals();
  const base::SystemClock clock;
  Simulator simulator(arguments.options, clock);
  for (const std::string& fault : arguments.faults) simulator.add_fault(fault);
  simulator.start();
  if (arguments.config_directory) simulator.write_config(*arguments.config_directory);
  print_addresses(simulator);
  wait_for_end(signals);
  simulator.stop();
}

}  // namespace
}  // namespace wxcc::simulator

int main(int argc, char** argv) {
  using namespace wxcc;
  try {
    const auto command_line = simulator::read_command_line(argc, argv);
    if (const int* exit_code = std::get_if<int>(&command_line)) return *exit_code;
    simulator::run(std::get<simulator::Arguments>(command_line));
    return 0;
  } catch (const base::UsageError& error) {
    std::fprintf(stderr, "wxcc-simulator: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wxcc-simulator: %s\n", error.what());
    return 1;
  }
}
