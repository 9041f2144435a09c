// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace wxcc::base {

// The root of the exceptions of this project: a unit of work cannot continue. The message is one line, for the
// operator: operation, object, cause, remedy. It never holds a secret, a transcript's text or a signed URL.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line is invalid (exit code 2).
class UsageError : public Error {
 public:
  using Error::Error;
};

// The configuration, or a file that it names, is invalid or belongs to another user or organisation (exit code 78).
class ConfigurationError : public Error {
 public:
  using Error::Error;
};

// A person must log in (exit code 77).
class LoginRequired : public Error {
 public:
  using Error::Error;
};

// A later attempt may succeed: another process holds the archive, the API is unreachable (exit code 75).
class TemporaryFailure : public Error {
 public:
  using Error::Error;
};

// An operation of the operating system on a file failed. The message names the file and the reason.
class FileError : public Error {
 public:
  FileError(const std::string& operation, const std::string& path, int error_number);
  [[nodiscard]] int error_number() const { return error_number_; }

 private:
  int error_number_;
};

}  // namespace wxcc::base
