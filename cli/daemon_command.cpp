// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/config/trust.h"
#include "cli/exit_code.h"
#include "cli/version.h"
#include "cli/wiring.h"
#include "daemon/service.h"
#include "monitor/metrics_file.h"
#include "monitor/metrics_server.h"
#include "systemd/notify.h"

namespace wxcc::cli {
namespace {

// The figures change with each poll.
constexpr std::chrono::minutes kMetricsFileInterval{1};

// Everything that a configuration determines; replaced on a reload.
struct RunningConfig {
  RunningConfig(Config wanted, systemd::EventLoop& event_loop, store::Archive& archive, const base::Clock& clock,
                monitor::Metrics& all_metrics)
      : config(std::move(wanted)),
        loop(event_loop),
        metrics(all_metrics),
        session(config, loop, clock, ApiSession::RetryMode::Default, &metrics),
        heartbeat(config.monitor.heartbeat_url, *session.transport),
        engine({config.sync, archive, session.api, loop, clock}),
        service(config.daemon, engine, session.tokens, {supervisor, metrics, heartbeat}) {
    watch();
  }

  // Call after the previous one is destroyed, which listens on the same address.
  void start() {
    metrics.set_budget(config.webex.requests_per_minute);
    const auto text = [this] { return metrics.text(service.snapshot(), loop.monotonic_now()); };
    if (config.monitor.metrics_listen) listen(text);
    service.start();
    if (!config.monitor.metrics_file.empty())
      metrics_file =
          std::make_unique<monitor::MetricsFile>(config.monitor.metrics_file, kMetricsFileInterval, loop, text);
  }

  Config config;
  systemd::EventLoop& loop;
  monitor::Metrics& metrics;
  ApiSession session;
  monitor::Heartbeat heartbeat;
  daemon::SystemdSupervisor supervisor;
  sync::Engine engine;
  daemon::Service service;
  std::unique_ptr<monitor::MetricsFile> metrics_file;
  std::unique_ptr<monitor::MetricsServer> metrics_server;
  std::unique_ptr<systemd::EventLoop::Source> token_file_watch;

 private:
  // The service runs without metrics if it cannot listen.
  void listen(monitor::MetricsServer::Text text) {
    try {
      metrics_server = std::make_unique<monitor::MetricsServer>(*config.monitor.metrics_listen, loop, std::move(text));
      base::log::info("metrics: listening on http://{}/metrics", metrics_server->address().text());
    } catch (const base::Error& error) {
      base::log::error("metrics: {}; fix metrics_listen and reload", error.what());
    }
  }

  // A login by another process takes effect at once; without the watch, on reload.
  void watch() {
    try {
      token_file_watch = loop.watch_file(config.webex.token_file, [this] { session.tokens.reload(); });
    } catch (const base::Error& error) {
      base::log::warning("login: cannot watch the token file, a new login takes effect on reload: {}", error.what());
    }
  }
};

class DaemonRun {
 public:
  explicit DaemonRun(const GlobalOptions& global) : global_(global) {
    Config config = configure(global_);
    require_api_settings(config);
    archive_.emplace(open_archive(config, clock_));
    signals_.push_back(loop_.watch_signal(SIGTERM, [this] { stop(); }));
    signals_.push_back(loop_.watch_signal(SIGINT, [this] { stop(); }));
    signals_.push_back(loop_.watch_signal(SIGHUP, [this] { reload(); }));
    signals_.push_back(loop_.watch_signal(SIGUSR1, [this] { change_level(-1); }));
    signals_.push_back(loop_.watch_signal(SIGUSR2, [this] { change_level(1); }));
    level_ = config.log.level;
    loop_.enable_watchdog();
    base::log::info("starting {}; archive {}", kProgram, config.archive.string());
    running_ = std::make_unique<RunningConfig>(std::move(config), loop_, *archive_, clock_, metrics_);
    running_->start();
  }

  int run() {
    const int code = loop_.run();
    running_.reset();
    base::log::info("stopped");
    return code;
  }

 private:
  // Waits for a refresh in flight, with a timeout: its response may contain the only valid token.
  void stop() {
    systemd::notify_stopping("stopping");
    constexpr std::chrono::seconds kStopTimeout{10};
    stop_timeout_->start(kStopTimeout);
    running_->session.tokens.when_idle([this] { loop_.exit(kDone); });
  }

  void reload() {
    systemd::notify_reloading();
    // Posted, because the objects that are destroyed must not be on the stack.
    running_->session.tokens.when_idle([this] { loop_.post([this] { replace_config(); }); });
  }

  // Until the next reload, which restores the configured level.
  void change_level(int by) {
    using base::log::Level;
    level_ = static_cast<Level>(
        std::clamp(static_cast<int>(level_) + by, static_cast<int>(Level::Trace), static_cast<int>(Level::Error)));
    base::log::set_level(level_);
    // Logged at the new level, so that it is always visible.
    base::log::write(level_, fmt::format("log: level set to {}", base::log::kLevelNames.text_of(level_)));
  }

  // An invalid configuration, or one with another archive, is rejected; the previous one stays active.
  void replace_config() {
    try {
      if (running_->session.tokens.unsaved())
        throw base::TemporaryFailure("the latest token is not stored yet; reload again later");
      Config config = configure(global_);
      require_api_settings(config);
      if (config.archive != running_->config.archive || config.webex.org_id != running_->config.webex.org_id)
        throw base::ConfigurationError("archive or org_id changed; restart instead");
      // Constructed first: the previous one is destroyed only if this succeeds.
      auto next = std::make_unique<RunningConfig>(std::move(config), loop_, *archive_, clock_, metrics_);
      running_ = std::move(next);
      running_->start();
      level_ = running_->config.log.level;
      base::log::info("reload: configuration applied");
      return;  // the new service notifies systemd
    } catch (const base::Error& error) {
      base::log::configure(running_->config.log);
      base::log::set_level(level_);
      base::log::error("reload: configuration rejected, the previous one stays active: {}", error.what());
    }
    systemd::notify_ready("reload: configuration rejected; see the log");
  }

  GlobalOptions global_;
  base::SystemClock clock_;
  systemd::EventLoop loop_;
  std::optional<store::Archive> archive_;
  monitor::Metrics metrics_{kVersion};
  std::vector<std::unique_ptr<systemd::EventLoop::Source>> signals_;
  base::log::Level level_ = base::log::Level::Info;
  std::unique_ptr<base::Timer> stop_timeout_ = loop_.add_timer([this] { loop_.exit(kDone); });
  std::unique_ptr<RunningConfig> running_;
};

}  // namespace

int run_daemon(const GlobalOptions& global) {
  return DaemonRun(global).run();
}

}  // namespace wxcc::cli
