// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "cli/config/config.h"

namespace wxcc::cli {

// The secret in client_secret_file, without its line end. If it cannot be read, sets config.secret_error, which only
// the commands that call the API report: readers of the archive share the configuration, but not the secret. A file
// that all users can read is a warning.
base::Secret read_secret_file(Config& config);

// The reason why this user must not write into a directory of that owner, or std::nullopt. The service could not access
// files of root.
std::optional<std::string> check_effective_user(uid_t user, uid_t owner_of_data);

// The error of a PEM file of certificates, which OpenSSL would report only at the first connection; std::nullopt if it
// is valid.
std::optional<std::string> validate_ca_file(const base::Path& file);

// Throws base::ConfigurationError naming the first key that calls of the API need and that is missing or unusable; also
// when root is about to write into the service's directory.
void require_api_settings(const Config& config);

}  // namespace wxcc::cli
