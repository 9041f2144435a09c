// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/zone.h"
#include "daemon/settings.h"
#include "net/socket_address.h"
#include "sync/settings.h"
#include "webex/endpoints.h"
#include "webex/oauth.h"

namespace wxcc::cli {

// The configuration file's content, checked, with defaults filled in. docs/configuration.md describes every key.
struct Config {
  base::Path file;

  enum class AuthMethod { Browser, Headless, ServiceApp } auth_method = AuthMethod::Headless;
  webex::OAuthClient client;
  std::string secret_problem;  // why client_secret_file could not be read
  std::string org_id;
  webex::Endpoints endpoints;
  base::Path token_file;
  std::optional<base::Secret> seed;  // a service app's first refresh token
  int url_expiration_minutes = 60;

  base::Path archive;
  sync::Settings sync;
  daemon::Settings daemon;
  int requests_per_minute = 300;
  base::Path ca_file;

  base::log::Options log;
  std::optional<base::Zone> zone;
  std::string default_queue;

  base::Path metrics_file;                               // empty: none
  std::optional<net::SocketAddress> metrics_listen;  // nothing: nobody listens
  base::Secret heartbeat_url;                            // such monitors keep their key in it; empty: nobody is told

  std::vector<std::string> warnings;  // what is allowed but unwise, one line each
};

// The first that exists of ./config.json, the user's configuration folder and /etc/wxcc-archive/config.json. Throws
// base::ConfigurationError that names the places.
base::Path find_config_file();

// Throws base::ConfigurationError: one line with file, line, key and what was expected. Reads only the file and, where
// named, the secret's file; writes nothing.
Config load_config(const base::Path& file);

// The same for a text; relative paths count from the file's folder.
Config parse_config(std::string_view text, const base::Path& file);

// Why this user must not write into a folder of that owner, if so: root's files would lock the service out.
std::optional<std::string> wrong_user(uid_t user, uid_t owner_of_data);

// What is wrong with a file of certificates (PEM), if anything. OpenSSL would only say so at the first connection.
std::optional<std::string> problem_of_ca_file(const base::Path& file);

// Throws base::ConfigurationError naming the first key that calling the cloud needs and that is missing or cannot be
// had; also when root is about to write into the service's folder.
void require_cloud_settings(const Config& config);

}  // namespace wxcc::cli
