// SPDX-License-Identifier: Apache-2.0
#include "systemd/credentials.h"

#include <cstdlib>
#include <string>

namespace wxcc::systemd {
namespace {

// systemd.exec(5): a credential's name is a plain file name.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

}  // namespace

std::optional<base::Path> credential_path(std::string_view name) {
  const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || !is_plain_name(name)) return std::nullopt;
  const base::Path path = base::Path(directory) / name;
  if (!path.is_absolute()) return std::nullopt;
  std::error_code error;
  // Anything but a clear "no such file" counts as there, so that reading it reports the reason.
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found) return std::nullopt;
  return path;
}

std::optional<base::Secret> credential(std::string_view name) {
  const auto path = credential_path(name);
  if (!path) return std::nullopt;
  std::string text = base::read_file(*path);
  std::string_view content = text;
  if (content.ends_with('\n')) content.remove_suffix(1);
  if (content.ends_with('\r')) content.remove_suffix(1);
  base::Secret secret{std::string(content)};
  base::wipe(text);
  return secret;
}

}  // namespace wxcc::systemd
