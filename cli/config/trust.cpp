// SPDX-License-Identifier: Apache-2.0
#include "cli/config/trust.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/config/places.h"

namespace wxcc::cli {
namespace {

using base::ConfigurationError;

// The token file and the archive of the service must stay the service's own.
void refuse_wrong_user(const base::Path& file) {
  const base::Path directory = file.parent_path();
  struct stat info {};
  if (!is_system_state_dir(directory) || ::stat(directory.c_str(), &info) != 0) return;
  if (const auto error = check_effective_user(::geteuid(), info.st_uid))
    throw ConfigurationError(fmt::format("{}: {}", directory.string(), *error));
}

}  // namespace

bool is_world_readable(const base::Path& file) {
  return base::read_access(file) == base::ReadAccess::World;
}

base::Secret read_secret_file(Config& config) {
  const base::Path& file = config.client_secret_file;
  try {
    std::string content = base::read_file(file, 64U << 10U);
    base::Secret secret{std::string(base::trim(content))};
    base::wipe(content);
    if (is_world_readable(file))
      config.warnings.push_back(
          fmt::format("{} holds a secret and can be read by everybody: chmod 640 it", file.string()));
    return secret;
  } catch (const base::FileError& error) {
    config.secret_error = fmt::format("client_secret_file: {}", error.what());
    return {};
  }
}

std::optional<std::string> check_effective_user(uid_t user, uid_t owner_of_data) {
  if (user != 0 || owner_of_data == 0) return std::nullopt;
  const passwd* const entry = ::getpwuid(owner_of_data);
  const std::string owner = entry != nullptr ? entry->pw_name : fmt::format("#{}", owner_of_data);
  return fmt::format("what root writes there, {0} could not use; run it as that user: sudo -u {0} wxcc-archive ...",
                     owner);
}

std::optional<std::string> validate_ca_file(const base::Path& file) {
  try {
    if (base::read_file(file).find(" CERTIFICATE-----") == std::string::npos)
      return file.string() + " holds no certificate; expected a PEM file with BEGIN CERTIFICATE";
    return std::nullopt;
  } catch (const base::FileError& error) {
    return error.what();
  }
}

void require_api_settings(const Config& config) {
  refuse_wrong_user(config.webex.token_file);
  refuse_wrong_user(config.archive);
  const auto require = [&](bool given, std::string_view key, std::string_view what) {
    if (!given) throw ConfigurationError(fmt::format("{}: \"{}\" is missing: {}", config.file.string(), key, what));
  };
  require(!config.webex.client.id.empty(), "client_id", "the id of the application that is registered with Webex");
  if (!config.secret_error.empty())
    throw ConfigurationError(fmt::format("{}: {}", config.file.string(), config.secret_error));
  require(!config.webex.client.secret.empty(), "client_secret",
          "the application's secret, here, in client_secret_file, or as the systemd credential client_secret");
  require(!config.webex.org_id.empty(), "org_id", "the organisation's id, a UUID");
  if (!config.ca_file.empty())
    if (const auto error = validate_ca_file(config.ca_file))
      throw ConfigurationError(fmt::format("{}: \"ca_file\": {}", config.file.string(), *error));
  require(!config.webex.endpoints.search.empty(), "api_urls.contact_center",
          "the region's host, like https://api.wxcc-eu2.cisco.com");
}

}  // namespace wxcc::cli
