// SPDX-License-Identifier: Apache-2.0
#include "cli/config/places.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace wxcc::cli {
namespace {

using base::Path;

constexpr std::string_view kSystemConfigDir = "/etc/wxcc-archive";
constexpr std::string_view kSystemStateDir = "/var/lib/wxcc-archive";

Path user_config_dir() {
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg != '\0')
    return Path(xdg) / "wxcc-archive";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return Path(home) / ".config" / "wxcc-archive";
  return {};
}

bool is_within(const Path& path, const Path& directory) {
  const Path below = path.lexically_relative(directory);
  return !below.empty() && *below.begin() != "..";
}

}  // namespace

Path find_config_file() {
  std::vector<Path> places = {Path("config.json")};
  if (const Path directory = user_config_dir(); !directory.empty()) places.push_back(directory / "config.json");
  places.push_back(Path(kSystemConfigDir) / "config.json");
  std::string names;
  for (const Path& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", place.string());
  }
  throw base::ConfigurationError(fmt::format("no configuration file found: {}; create one or give --config", names));
}

Path default_state_dir(const Path& config_file) {
  if (const char* state = std::getenv("STATE_DIRECTORY"); state != nullptr && *state != '\0')
    return std::string(base::split(state, ':').front());
  Path directory = config_file.parent_path();
  if (!is_within(directory, kSystemConfigDir)) return directory;
  // The unit wxcc-archive@ has one directory per organisation.
  const Path below = directory.lexically_relative(kSystemConfigDir);
  return below == "." ? Path(kSystemStateDir) : Path(kSystemStateDir) / below;
}

bool is_system_state_dir(const Path& directory) {
  return is_within(directory, kSystemStateDir);
}

}  // namespace wxcc::cli
