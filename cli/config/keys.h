// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config/config.h"
#include "cli/config/value.h"

namespace wxcc::cli {

// One key of the configuration file, for the parser, docs/configuration.md, the manual page and `check --keys`.
struct Key {
  std::string_view section;
  std::string_view name;  // "settle"; of an object's member "api_urls.base"
  std::function<void(const ConfigValue&, Config&)> read;
  std::function<std::string(const Config&)> format;  // the value as the file has it; empty: the key is not set
  std::string_view meaning;                          // Markdown, as default_note
  std::string_view default_note;                     // replaces the value of the default
};

// In the order of the documentation.
const std::vector<Key>& config_keys();

// The tables of docs/configuration.md in Markdown, each below its heading.
std::string key_tables();

}  // namespace wxcc::cli
