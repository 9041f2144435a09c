// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/zone.h"
#include "daemon/settings.h"
#include "monitor/settings.h"
#include "sync/settings.h"
#include "webex/settings.h"

namespace wxcc::cli {

enum class AuthMethod { Browser, Headless, ServiceApp };
inline constexpr auto kAuthMethodNames = base::enum_names<AuthMethod>(
    {{AuthMethod::Browser, "browser"}, {AuthMethod::Headless, "curl"}, {AuthMethod::ServiceApp, "service_app"}});

// The content of the configuration file, checked. Each key is a row of cli/config/keys.cpp; the initialisers here and
// in the parts' own settings are the defaults.
struct Config {
  base::Path file;

  AuthMethod auth_method = AuthMethod::Headless;
  base::Path client_secret_file;
  struct ApiUrls {
    std::string base = "https://webexapis.com/v1";
    std::string auth;  // empty: below base
    std::string contact_center;
  } api_urls;
  webex::Settings webex;  // without contact_center, endpoints.search is empty

  base::Path archive;
  sync::Settings sync;
  daemon::Settings daemon;
  base::Path ca_file;

  base::log::Options log;
  std::optional<base::Zone> zone;  // std::nullopt: the system's
  std::string default_queue;

  monitor::Settings monitor;

  // Derived from the keys and from systemd credentials.
  std::string secret_error;           // of reading client_secret_file; empty: none
  std::vector<std::string> warnings;  // one line each
};

// Throws base::ConfigurationError: one line with file, line, key and the expected value. Reads only the file and the
// secret file.
Config load_config(const base::Path& file);

// The same for a text; relative paths count from the file's directory.
Config parse_config(std::string_view text, const base::Path& file);

}  // namespace wxcc::cli
