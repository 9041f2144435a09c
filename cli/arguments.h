// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/expected.h"
#include "base/file.h"
#include "base/log.h"

namespace wxcc::cli {

// The options of every command.
struct GlobalOptions {
  std::optional<base::Path> config;
  std::optional<base::Path> archive;
  std::optional<base::log::Level> log_level;
  std::string command_line;  // the whole line, for the record in extracts
};

// A command with its arguments: returns the exit code of the process, and throws base::Error, which main() turns into
// one.
using Run = std::function<int()>;

// The command that the line names, or the exit code after help, the version or a usage error was printed.
base::Expected<Run, int> parse_arguments(int argc, const char* const* argv);

}  // namespace wxcc::cli
