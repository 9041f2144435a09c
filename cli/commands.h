// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace wxcc::cli {

// One function per command; each returns the process's exit code and throws base::Error for what main turns into one.
int run(const GlobalOptions& global, const LoginArguments& arguments);
int run(const GlobalOptions& global, const DaemonArguments& arguments);
int run(const GlobalOptions& global, const SyncArguments& arguments);
int run(const GlobalOptions& global, const ReportArguments& arguments);
int run(const GlobalOptions& global, const StatusArguments& arguments);
int run(const GlobalOptions& global, const ShowArguments& arguments);
int run(const GlobalOptions& global, const CheckArguments& arguments);
int run(const GlobalOptions& global, const SearchArguments& arguments);
int run(const GlobalOptions& global, const VerifyArguments& arguments);
int run(const GlobalOptions& global, const BackupArguments& arguments);
int run(const GlobalOptions& global, const ReparseArguments& arguments);
int run(const GlobalOptions& global, const EraseArguments& arguments);
int run(const GlobalOptions& global, const RetentionArguments& arguments);

// The whole program.
int main(int argc, const char* const* argv);

}  // namespace wxcc::cli
