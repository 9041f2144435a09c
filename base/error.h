// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace wxcc::base {

// The root of the exceptions of this project: a unit of work cannot go on. The message is one line, for the operator:
// what was being done, on what, why it failed, what to do. It never holds a secret, a transcript's text or a signed
// URL.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line is wrong (exit code 2).
class UsageError : public Error {
 public:
  using Error::Error;
};

// The configuration, or a file that it names, is wrong or belongs to something else (exit code 78).
class ConfigurationError : public Error {
 public:
  using Error::Error;
};

// Somebody has to log in (exit code 77).
class LoginRequired : public Error {
 public:
  using Error::Error;
};

// It may well work later: another process holds the archive, the cloud is away (exit code 75).
class TemporaryFailure : public Error {
 public:
  using Error::Error;
};

// The operating system refused something on a file. The message names the file and the reason.
class FileError : public Error {
 public:
  FileError(const std::string& operation, const std::string& path, int error_number);
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  int error_number_;
};

}  // namespace wxcc::base
