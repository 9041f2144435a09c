// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/duration.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/setup.h"
#include "daemon/login_end.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

// Tells each step and remembers the worst.
class Steps {
 public:
  void ok(std::string_view step, std::string_view detail) { fmt::print("ok    {:<14} {}\n", step, detail); }
  void warn(std::string_view step, std::string_view detail) { fmt::print("warn  {:<14} {}\n", step, detail); }
  void wrong(std::string_view step, std::string_view detail, int code) {
    fmt::print("FAIL  {:<14} {}\n", step, detail);
    if (code_ == kDone) code_ = code;
  }
  void wrong(std::string_view step, const webex::ApiFailure& failure) {
    switch (failure.kind) {
      case webex::ApiFailure::Kind::Grant:
        return wrong(step, failure.message, kLoginNeeded);
      case webex::ApiFailure::Kind::Transient:
        return wrong(step, failure.message, kTryAgainLater);
      case webex::ApiFailure::Kind::Permanent:
        return wrong(step, failure.message + std::string(remedy(failure.status)), kConfiguration);
    }
  }
  [[nodiscard]] int code() const { return code_; }

 private:
  static std::string_view remedy(int status) {
    if (status == 403)
      return "; the login needs the scope cjp:config_read and an administrator's or supervisor's role, in this org_id";
    if (status == 404) return "; is api_urls.contact_center the right region's host?";
    return "";
  }
  int code_ = kDone;
};

// The group reads the archive; the tokens are for the owner alone.
void check_token_file(const base::Path& file, Steps& steps) {
  const base::Readers readers = base::readers_of(file);
  if (readers == base::Readers::Everybody)
    steps.wrong("token file", fmt::format("{} can be read by everybody: chmod 600 it", file.string()), kConfiguration);
  if (readers == base::Readers::Group)
    steps.warn("token file", fmt::format("{} can be read by its group: chmod 600 it", file.string()));
}

void check_files(const Config& config, Steps& steps) {
  steps.ok("configuration", config.file.string());
  for (const std::string& warning : config.warnings) steps.warn("configuration", warning);
  check_token_file(config.token_file, steps);
  std::error_code missing;
  if (!std::filesystem::exists(config.archive, missing))
    return steps.warn("archive", config.archive.string() + " does not exist yet");
  try {
    const store::Reader reader = store::Reader::open(config.archive);
    if (reader.org_id() == config.org_id)
      steps.ok("archive", fmt::format("{}, schema {}, {} tasks", config.archive.string(), reader.schema_version(),
                                      reader.counts().tasks));
    else
      steps.wrong("archive", fmt::format("belongs to organisation {}, org_id is {}", reader.org_id(), config.org_id),
                  kConfiguration);
  } catch (const base::Error& error) {
    steps.wrong("archive", error.what(), kConfiguration);
  }
}

// Runs one call of the cloud to its end.
template <typename T>
std::optional<webex::Result<T>> await(systemd::EventLoop& loop,
                                      const std::function<void(std::function<void(webex::Result<T>)>)>& call) {
  std::optional<webex::Result<T>> result;
  loop.post([&] {
    call([&](webex::Result<T> value) {
      result = std::move(value);
      loop.exit(kDone);
    });
  });
  loop.run();
  return result;
}

void check_token(const webex::TokenSet& tokens, const Config& config, base::Instant now, Steps& steps) {
  std::string detail = config.token_file.string();
  if (tokens.access_expires_at)
    detail += fmt::format(", good for {}", base::for_people(ch::floor<ch::seconds>(*tokens.access_expires_at - now)));
  if (!tokens.refresh_expires_at) return steps.ok("token", detail);
  const auto left = ch::floor<ch::days>(*tokens.refresh_expires_at - now);
  detail += fmt::format("; its login ends in {} days unless it is refreshed", left.count());
  if (daemon::login_warning(tokens.refresh_expires_at, now))
    steps.warn("token", detail);
  else
    steps.ok("token", detail);
}

void check_clock(const webex::SearchPage& page, base::Instant now, Steps& steps) {
  if (!page.server_time) return;
  const auto off = ch::abs(ch::round<ch::seconds>(now - *page.server_time));
  constexpr ch::seconds kTolerated{10};
  if (off > kTolerated)
    steps.wrong("clock",
                fmt::format("differs from the cloud's by {}: set up time synchronisation", base::for_people(off)),
                kFailed);
  else
    steps.ok("clock", "agrees with the cloud's");
}

void check_cloud(const Config& config, Steps& steps) {
  const base::SystemClock clock;
  systemd::EventLoop loop;
  const auto interrupt = loop.watch_signal(SIGINT, [&] { loop.exit(kFailed); });
  CloudSession session(config, loop, clock, CloudSession::Patience::Brief);
  const auto token = await<base::Secret>(loop, [&](auto done) { session.tokens.get(done); });
  if (!token) return steps.wrong("token", "interrupted", kFailed);
  if (!*token) return steps.wrong("token", token->error());
  check_token(session.tokens.tokens(), config, clock.now(), steps);
  const base::TimeRange last_hour{clock.now() - ch::hours{1}, clock.now()};
  const auto page = await<webex::SearchPage>(loop, [&](auto done) {
    session.cloud.search({last_hour, webex::TimeComparator::EndedTime, config.sync.channels, ""}, webex::Priority::Live,
                         done);
  });
  if (!page) return steps.wrong("search", "interrupted", kFailed);
  if (!*page) return steps.wrong("search", page->error());
  steps.ok("search",
           fmt::format("{}, {} tasks ended in the last hour", config.endpoints.search, (*page)->tasks.size()));
  check_clock(**page, clock.now(), steps);
  // A task that does not exist: the answer is empty, but it is an answer.
  const auto captures = await<std::vector<webex::TaskCaptures>>(
      loop, [&](auto done) { session.cloud.captures({base::random_uuid()}, webex::Priority::Live, done); });
  if (!captures) return steps.wrong("captures", "interrupted", kFailed);
  if (!*captures) return steps.wrong("captures", captures->error());
  steps.ok("captures", config.endpoints.captures);
}

}  // namespace

int run(const GlobalOptions& global, const CheckArguments&) {
  const Config config = configure(global);
  require_cloud_settings(config);
  Steps steps;
  check_files(config, steps);
  check_cloud(config, steps);
  return steps.code();
}

}  // namespace wxcc::cli
