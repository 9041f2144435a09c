// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/file.h"

namespace wxcc::cli {

// The first that exists of ./config.json, the user's configuration directory and /etc/wxcc-archive/config.json. Throws
// base::ConfigurationError that names the places.
base::Path find_config_file();

// The default directory of the token file and the archive: $STATE_DIRECTORY; for a configuration
// in /etc/wxcc-archive the same directory below /var/lib/wxcc-archive; else the directory of the configuration.
base::Path default_state_dir(const base::Path& config_file);

// Whether the directory is /var/lib/wxcc-archive or below it.
bool is_system_state_dir(const base::Path& directory);

}  // namespace wxcc::cli
