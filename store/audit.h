// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/instant.h"

namespace wxcc::store {

class Connection;

// The audit: entries numbered from 1, each with a hash over itself and the hash before it, so that a change in the
// middle is detected. A user with write permission could rewrite all of it: only a hash stored elsewhere, as in each
// receipt, proves the end.

struct AuditEntry {
  std::int64_t entry = 0;
  base::Instant at;
  std::string action;   // create, erase, retention, reparse, restore
  std::string program;  // "wxcc-archive 0.1.0"
  std::string account;  // the user who ran it
  std::string details;  // JSON; names no conversation and no person
};

// The last entry, as a receipt names it.
struct AuditHead {
  std::int64_t entry = 0;
  base::Sha256 hash{};
};

// SHA-256 of the previous hash (32 zero bytes before entry 1) and the JSON array
// [entry, at_ms, action, program, account, details], the details as a text.
base::Sha256 audit_hash(const base::Sha256& previous, const AuditEntry& entry);

// Adds entries in the name of this program and its user.
class AuditLog {
 public:
  AuditLog(Connection& connection, std::string program) : connection_(connection), program_(std::move(program)) {}

  [[nodiscard]] const std::string& program() const { return program_; }
  // To be called within a transaction. Details: a JSON object.
  AuditHead append(std::string_view action, std::string_view details, base::Instant now);
  // The same in a transaction of its own.
  AuditHead record(std::string_view action, std::string_view details, base::Instant now);

 private:
  Connection& connection_;
  std::string program_;
};

// Why the chain is broken; std::nullopt if it is intact.
std::optional<std::string> find_audit_error(Connection& connection);

std::optional<AuditHead> read_audit_head(Connection& connection);

}  // namespace wxcc::store
