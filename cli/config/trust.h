// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "cli/config/config.h"

namespace wxcc::cli {

bool is_world_readable(const base::Path& file);

// The secret of client_secret_file, without its line end. A file that cannot be read is config.secret_error, for the
// commands that call the API: colleagues who read the archive share the configuration, but not the secret. One that
// everybody can read is a warning.
base::Secret read_secret_file(Config& config);

// Why this user must not write into a directory of that owner; std::nullopt when it may. Files of root would lock the
// service out.
std::optional<std::string> check_effective_user(uid_t user, uid_t owner_of_data);

// The error of a file of certificates (PEM), which OpenSSL would only report at the first connection.
std::optional<std::string> validate_ca_file(const base::Path& file);

// Throws base::ConfigurationError naming the first key that calls of the API need and that is missing or unusable; also
// when root is about to write into the service's directory.
void require_api_settings(const Config& config);

}  // namespace wxcc::cli
