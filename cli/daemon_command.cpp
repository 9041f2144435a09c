// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/setup.h"
#include "cli/version.h"
#include "daemon/service.h"
#include "systemd/notify.h"

namespace wxcc::cli {
namespace {

// Everything that a configuration determines; made anew on a reload.
struct Deployment {
  Deployment(Config wanted, systemd::EventLoop& loop, store::Archive& archive, const base::Clock& clock)
      : config(std::move(wanted)),
        session(config, loop, clock),
        service({config.sync, config.poll_interval, config.reconcile_every, config.retention_days}, loop, archive,
                session.tokens, session.cloud, clock) {
    watch(loop);
  }

  Config config;
  CloudSession session;
  daemon::Service service;
  std::unique_ptr<systemd::EventLoop::Source> token_file_watch;

 private:
  // A login in another process is picked up at once; where the folder cannot be watched, a reload does it.
  void watch(systemd::EventLoop& loop) {
    try {
      token_file_watch = loop.watch_file(config.token_file, [this] { session.tokens.reload(); });
    } catch (const base::Error& error) {
      base::log::warning("a new login will be noticed on reload only: {}", error.what());
    }
  }
};

class DaemonRun {
 public:
  explicit DaemonRun(const GlobalOptions& global) : global_(global) {
    Config config = configure(global_);
    require_cloud_settings(config);
    archive_.emplace(open_archive(config, clock_));
    terminate_ = loop_.watch_signal(SIGTERM, [this] { stop(); });
    interrupt_ = loop_.watch_signal(SIGINT, [this] { stop(); });
    hangup_ = loop_.watch_signal(SIGHUP, [this] { reload(); });
    loop_.enable_watchdog();
    base::log::info("{} starts; archive {}", kProgram, config.archive.string());
    deployment_ = std::make_unique<Deployment>(std::move(config), loop_, *archive_, clock_);
    deployment_->service.start();
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
    constexpr std::chrono::seconds kPatience{10};
    patience_->start(kPatience);
    deployment_->session.tokens.when_idle([this] { loop_.exit(kDone); });
  }

  void reload() {
    systemd::notify_reloading();
    // Later, because what then goes must not be in the middle of a call.
    deployment_->session.tokens.when_idle([this] { loop_.post([this] { replace_deployment(); }); });
  }

  // A configuration that is wrong, or that names another archive, is refused, and the old one goes on.
  void replace_deployment() {
    try {
      if (deployment_->session.tokens.unsaved())
        throw base::TryAgainLater("the latest token could not be stored yet and would be lost; reload when it is");
      Config config = configure(global_);
      require_cloud_settings(config);
      if (config.archive != deployment_->config.archive || config.org_id != deployment_->config.org_id)
        throw base::ConfigurationError("another archive or org_id needs a restart");
      // What can fail comes first: the old one goes only when there is a new one.
      auto next = std::make_unique<Deployment>(std::move(config), loop_, *archive_, clock_);
      deployment_ = std::move(next);
      deployment_->service.start();
      base::log::info("configuration reloaded");
      return;  // the new deployment tells systemd READY
    } catch (const base::Error& error) {
      base::log::error("the new configuration is refused, the old one goes on: {}", error.what());
    }
    systemd::notify_ready("the new configuration was refused; see the log");
  }

  GlobalOptions global_;
  base::SystemClock clock_;
  systemd::EventLoop loop_;
  std::optional<store::Archive> archive_;
  std::unique_ptr<systemd::EventLoop::Source> terminate_;
  std::unique_ptr<systemd::EventLoop::Source> interrupt_;
  std::unique_ptr<systemd::EventLoop::Source> hangup_;
  std::unique_ptr<base::Timer> patience_ = loop_.add_timer([this] { loop_.exit(kDone); });
  std::unique_ptr<Deployment> deployment_;
};

}  // namespace

int run(const GlobalOptions& global, const DaemonArguments&) {
  return DaemonRun(global).run();
}

}  // namespace wxcc::cli
