// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace wxcc::store {

// The archive cannot do what was requested. The kind says what may help.
class StoreError : public base::Error {
 public:
  enum class Kind {
    Full,        // the disk or a limit: with more space the same call works
    ReadOnly,    // permissions
    Busy,        // another process is in the way; later it works
    Corrupt,     // SQLite says that the file is damaged
    Constraint,  // the schema does not take these values; other rows can be stored
    Exists,      // the target of a copy is there already
    Missing,     // there is no archive
    BadQuery,    // the text is no full text query; the message is for the person who typed it
    Statement,   // SQLite rejects a statement: a defect of this program, or a full text query that is none
    Other,
  };
  StoreError(Kind kind, const std::string& message, std::string reason = {})
      : base::Error(message), kind_(kind), reason_(std::move(reason)) {}
  [[nodiscard]] Kind kind() const { return kind_; }
  // SQLite's own words; empty when the error is not SQLite's.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  Kind kind_;
  std::string reason_;
};

}  // namespace wxcc::store
