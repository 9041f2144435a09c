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

// The token file and the archive of the service must stay owned by the service's user.
void reject_root_in_foreign_directory(const base::Path& file) {
  const base::Path directory = file.parent_path();
  struct stat info {};
  if (!is_system_state_dir(directory) || ::stat(directory.c_str(), &info) != 0) return;
  if (const auto error = check_effective_user(::geteuid(), info.st_uid))
    throw ConfigurationError(fmt::format("{}: {}", directory.string(), *error));
}

}  // namespace

base::Secret read_secret_file(Config& config) {
  const base::Path& file = config.client_secret_file;
  try {
    std::string content = base::read_file(file, 64U << 10U);
    base::Secret secret{std::string(base::trim(content))};
    base::wipe(content);
    if (base::read_access(file) == base::ReadAccess::World)
      config.warnings.push_back(
          fmt::format("{} contains a secret and is readable by all users; run chmod 640", file.string()));
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
  return fmt::format(
      "files that root creates there are not accessible to {0}; run as that user: sudo -u {0} wxcc-archive ...", owner);
}

std::optional<std::string> validate_ca_file(const base::Path& file) {
  try {
    if (base::read_file(file).find(" CERTIFICATE-----") == std::string::npos)
      return file.string() + " contains no certificate; expected a PEM file with BEGIN CERTIFICATE";
    return std::nullopt;
  } catch (const base::FileError& error) {
    return error.what();
  }
}

void require_api_settings(const Config& config) {
  reject_root_in_foreign_directory(config.webex.token_file);
  reject_root_in_foreign_directory(config.archive);
  const auto require = [&](bool given, std::string_view key, std::string_view meaning) {
    if (!given) throw ConfigurationError(fmt::format("{}: \"{}\" is missing: {}", config.file.string(), key, meaning));
  };
  require(!config.webex.client.id.empty(), "client_id", "id of the application registered at developer.webex.com");
  if (!config.secret_error.empty())
    throw ConfigurationError(fmt::format("{}: {}", config.file.string(), config.secret_error));
  require(!config.webex.client.secret.empty(), "client_secret",
          "secret of the application; alternatives: client_secret_file, or the systemd credential client_secret");
  require(!config.webex.org_id.empty(), "org_id", "id of the organisation (UUID)");
  if (!config.ca_file.empty())
    if (const auto error = validate_ca_file(config.ca_file))
      throw ConfigurationError(fmt::format("{}: \"ca_file\": {}", config.file.string(), *error));
  require(!config.webex.endpoints.search.empty(), "api_urls.contact_center",
          "URL of the region's host, such as https://api.wxcc-eu2.cisco.com");
}

}  // namespace wxcc::cli
