// SPDX-License-Identifier: Apache-2.0
#include "store/audit.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/json.h"
#include "store/statement.h"

namespace wxcc::store {
namespace {

base::Sha256 digest_of(const std::string& bytes) {
  base::Sha256 digest{};
  std::memcpy(digest.data(), bytes.data(), std::min(bytes.size(), digest.size()));
  return digest;
}

// The name of the effective user, or its number.
std::string account_name() {
  struct passwd found {};
  struct passwd* result = nullptr;
  std::array<char, 4096> buffer{};
  if (::getpwuid_r(::geteuid(), &found, buffer.data(), buffer.size(), &result) == 0 && result != nullptr)
    return found.pw_name;
  return std::to_string(::geteuid());
}

}  // namespace

base::Sha256 audit_hash(const base::Sha256& previous, const AuditEntry& entry) {
  base::JsonWriter out;
  out.begin_array().value(entry.entry).value(base::to_ms(entry.at)).value(std::string_view(entry.action));
  out.value(std::string_view(entry.program)).value(std::string_view(entry.account));
  out.value(std::string_view(entry.details)).end_array();
  std::string bytes(previous.size(), '\0');
  std::memcpy(bytes.data(), previous.data(), previous.size());
  return base::sha256(bytes + out.text());
}

std::optional<AuditHead> read_audit_head(Connection& connection) {
  Statement statement(connection, "SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1");
  Rows row = statement.query_one();
  if (!row) return std::nullopt;
  AuditHead head;
  head.entry = row.count();
  head.hash = digest_of(row.blob());
  return head;
}

AuditHead AuditLog::append(std::string_view action, std::string_view details, base::Instant now) {
  const AuditHead last = read_audit_head(connection_).value_or(AuditHead{});
  const AuditEntry entry{last.entry + 1, now, std::string(action), program_, account_name(), std::string(details)};
  const AuditHead head{entry.entry, audit_hash(last.hash, entry)};
  Statement(connection_,
            "INSERT INTO audit (entry, at_ms, action, program, account, details, hash) "
            "VALUES (:entry, :at, :action, :program, :account, :details, :hash)")
      .run(entry.entry, entry.at, entry.action, entry.program, entry.account, entry.details, head.hash);
  return head;
}

AuditHead AuditLog::record(std::string_view action, std::string_view details, base::Instant now) {
  Transaction transaction(connection_, "writing the audit");
  const AuditHead head = append(action, details, now);
  transaction.commit();
  return head;
}

std::optional<std::string> find_audit_error(Connection& connection) {
  Statement statement(connection,
                      "SELECT entry, at_ms, action, program, account, details, hash FROM audit ORDER BY entry");
  Rows row = statement.query();
  AuditHead last;
  while (row.next()) {
    AuditEntry entry;
    entry.entry = row.count();
    entry.at = row.instant().value();
    entry.action = row.text();
    entry.program = row.text();
    entry.account = row.text();
    entry.details = row.text();
    const base::Sha256 hash = digest_of(row.blob());
    if (entry.entry != last.entry + 1) return fmt::format("entry {} is missing", last.entry + 1);
    if (hash != audit_hash(last.hash, entry)) return fmt::format("entry {} was changed", entry.entry);
    last = {entry.entry, hash};
  }
  if (last.entry == 0) return "every entry is missing";
  return std::nullopt;
}

}  // namespace wxcc::store
