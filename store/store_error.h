// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace wxcc::store {

// An operation of the archive failed. The kind determines the remedy.
class StoreError : public base::Error {
 public:
  enum class Kind {
    Full,        // the disk or a limit: with more space the same call works
    ReadOnly,    // permissions
    Busy,        // another process holds a lock; retry later
    Corrupt,     // SQLite reports that the file is damaged
    Constraint,  // the schema rejects these values; other rows can be stored
    Exists,      // the target of a copy exists
    Missing,     // the archive does not exist
    BadQuery,    // not a valid full text query; the message is for the user
    Statement,   // SQLite rejects a statement: a defect of this program, or an invalid full text query
    Other,
  };
  StoreError(Kind kind, const std::string& message, std::string reason = {})
      : base::Error(message), kind_(kind), reason_(std::move(reason)) {}
  [[nodiscard]] Kind kind() const { return kind_; }
  // SQLite's message; empty for other errors.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  Kind kind_;
  std::string reason_;
};

}  // namespace wxcc::store
