// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/file.h"
#include "simulator/cloud/options.h"

namespace wxcc::simulator {

struct Arguments {
  Options options;
  std::vector<std::string> faults;
  std::optional<base::Path> config_directory;
};

// The command line; an exit code if there is nothing to run, after a wrong option or --help. Writes the message for the
// user itself.
std::variant<Arguments, int> read_command_line(int argc, char** argv);

}  // namespace wxcc::simulator
