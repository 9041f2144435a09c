// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/file.h"
#include "base/secret.h"

namespace wxcc::systemd {

// The path of a credential that the service manager passed (LoadCredential=, $CREDENTIALS_DIRECTORY), if there is one.
std::optional<base::Path> credential_path(std::string_view name);

// Its content without the line end. Throws base::FileError when it is there but cannot be read.
std::optional<base::Secret> credential(std::string_view name);

}  // namespace wxcc::systemd
