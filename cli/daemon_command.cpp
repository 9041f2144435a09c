// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>

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

// Everything that a configuration determines; made anew on a reload.
struct Deployment {
  Deployment(Config wanted, systemd::EventLoop& event_loop, store::Archive& archive, const base::Clock& clock,
             monitor::Metrics& counters)
      : config(std::move(wanted)),
        loop(event_loop),
        metrics(counters),
        session(config, loop, clock, ApiSession::RetryMode::Default, &metrics),
        heartbeat(config.monitor.heartbeat_url, *session.transport),
        engine({config.sync, archive, session.api, loop, clock}),
        service(config.daemon, engine, session.tokens, {supervisor, metrics, heartbeat}) {
    watch();
  }

  // Once the one before is gone, which holds the address.
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
  // Who cannot be watched still archives.
  void listen(monitor::MetricsServer::Text text) {
    try {
      metrics_server = std::make_unique<monitor::MetricsServer>(*config.monitor.metrics_listen, loop, std::move(text));
      base::log::info("metrics at http://{}/metrics", metrics_server->address().text());
    } catch (const base::Error& error) {
      base::log::error("metrics_listen: {}; no metrics there until a reload", error.what());
    }
  }

  // A login in another process is picked up at once; where the folder cannot be watched, a reload does it.
  void watch() {
    try {
      token_file_watch = loop.watch_file(config.webex.token_file, [this] { session.tokens.reload(); });
    } catch (const base::Error& error) {
      base::log::warning("a new login will be noticed on reload only: {}", error.what());
    }
  }
};

class DaemonRun {
 public:
  explicit DaemonRun(const GlobalOptions& global) : global_(global) {
    Config config = configure(global_);
    require_api_settings(config);
    archive_.emplace(open_archive(config, clock_));
    terminate_ = loop_.watch_signal(SIGTERM, [this] { stop(); });
    interrupt_ = loop_.watch_signal(SIGINT, [this] { stop(); });
    hangup_ = loop_.watch_signal(SIGHUP, [this] { reload(); });
    sigusr1_ = loop_.watch_signal(SIGUSR1, [this] { change_level(-1); });
    sigusr2_ = loop_.watch_signal(SIGUSR2, [this] { change_level(1); });
    level_ = config.log.level;
    loop_.enable_watchdog();
    base::log::info("{} starts; archive {}", kProgram, config.archive.string());
    deployment_ = std::make_unique<Deployment>(std::move(config), loop_, *archive_, clock_, metrics_);
    deployment_->start();
  }

  int run() {
    const int code = loop_.run();
    deployment_.reset();
    base::log::info("stopped");
    return code;
  }

 private:
  // A refresh under way is brought to its end first, within reason: its answer may hold the only token that still
  // works.
  void stop() {
    systemd::notify_stopping("stopping");
    constexpr std::chrono::seconds kStopTimeout{10};
    stop_timeout_->start(kStopTimeout);
    deployment_->session.tokens.when_idle([this] { loop_.exit(kDone); });
  }

  void reload() {
    systemd::notify_reloading();
    // Later, because what then goes must not be in the middle of a call.
    deployment_->session.tokens.when_idle([this] { loop_.post([this] { replace_deployment(); }); });
  }

  // Until the next reload, which brings back the configured one.
  void change_level(int by) {
    using base::log::Level;
    level_ = static_cast<Level>(
        std::clamp(static_cast<int>(level_) + by, static_cast<int>(Level::Trace), static_cast<int>(Level::Error)));
    base::log::set_level(level_);
    // As a line of that level, so that it is seen at each.
    base::log::write(level_, fmt::format("log level is now {}", base::log::kLevelNames.text_of(level_)));
  }

  // A configuration that is wrong, or that names another archive, is refused, and the old one goes on.
  void replace_deployment() {
    try {
      if (deployment_->session.tokens.unsaved())
        throw base::TemporaryFailure("the latest token could not be stored yet and would be lost; reload when it is");
      Config config = configure(global_);
      require_api_settings(config);
      if (config.archive != deployment_->config.archive || config.webex.org_id != deployment_->config.webex.org_id)
        throw base::ConfigurationError("another archive or org_id needs a restart");
      // What can fail comes first: the old one goes only when there is a new one.
      auto next = std::make_unique<Deployment>(std::move(config), loop_, *archive_, clock_, metrics_);
      deployment_ = std::move(next);
      deployment_->start();
      level_ = deployment_->config.log.level;
      base::log::info("configuration reloaded");
      return;  // the new deployment tells systemd READY
    } catch (const base::Error& error) {
      base::log::configure(deployment_->config.log);
      base::log::set_level(level_);
      base::log::error("the new configuration is refused, the old one goes on: {}", error.what());
    }
    systemd::notify_ready("the new configuration was refused; see the log");
  }

  GlobalOptions global_;
  base::SystemClock clock_;
  systemd::EventLoop loop_;
  std::optional<store::Archive> archive_;
  monitor::Metrics metrics_{kVersion};
  std::unique_ptr<systemd::EventLoop::Source> terminate_;
  std::unique_ptr<systemd::EventLoop::Source> interrupt_;
  std::unique_ptr<systemd::EventLoop::Source> hangup_;
  std::unique_ptr<systemd::EventLoop::Source> sigusr1_;
  std::unique_ptr<systemd::EventLoop::Source> sigusr2_;
  base::log::Level level_ = base::log::Level::Info;
  std::unique_ptr<base::Timer> stop_timeout_ = loop_.add_timer([this] { loop_.exit(kDone); });
  std::unique_ptr<Deployment> deployment_;
};

}  // namespace

int run_daemon(const GlobalOptions& global) {
  return DaemonRun(global).run();
}

}  // namespace wxcc::cli
