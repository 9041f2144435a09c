// SPDX-License-Identifier: Apache-2.0
#include "store/audit.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/json.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

base::Sha256 digest_of(const std::string& bytes) {
  base::Sha256 digest{};
  std::memcpy(digest.data(), bytes.data(), std::min(bytes.size(), digest.size()));
  return digest;
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

std::optional<AuditHead> audit_head(Connection& connection) {
  Query query(connection, "SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1");
  if (!query.step()) return std::nullopt;
  Columns in(query);
  AuditHead head;
  head.entry = in.count();
  head.hash = digest_of(in.blob());
  return head;
}

AuditHead append_audit(Connection& connection, AuditEntry entry) {
  const AuditHead last = audit_head(connection).value_or(AuditHead{});
  entry.entry = last.entry + 1;
  const AuditHead head{entry.entry, audit_hash(last.hash, entry)};
  Query(connection,
        "INSERT INTO audit (entry, at_ms, action, program, account, details, hash) "
        "VALUES (:entry, :at, :action, :program, :account, :details, :hash)")
      .bind(":entry", entry.entry)
      .bind(":at", entry.at)
      .bind(":action", entry.action)
      .bind(":program", entry.program)
      .bind(":account", entry.account)
      .bind(":details", entry.details)
      .bind(":hash", head.hash)
      .run();
  return head;
}

std::optional<std::string> audit_damage(Connection& connection) {
  Query query(connection, "SELECT entry, at_ms, action, program, account, details, hash FROM audit ORDER BY entry");
  AuditHead last;
  while (query.step()) {
    Columns in(query);
    AuditEntry entry;
    entry.entry = in.count();
    entry.at = in.instant().value();
    entry.action = in.text();
    entry.program = in.text();
    entry.account = in.text();
    entry.details = in.text();
    const base::Sha256 hash = digest_of(in.blob());
    if (entry.entry != last.entry + 1) return fmt::format("entry {} is missing", last.entry + 1);
    if (hash != audit_hash(last.hash, entry)) return fmt::format("entry {} was changed", entry.entry);
    last = {entry.entry, hash};
  }
  if (last.entry == 0) return "every entry is missing";
  return std::nullopt;
}

std::string account_name() {
  struct passwd found {};
  struct passwd* result = nullptr;
  std::array<char, 4096> buffer{};
  if (::getpwuid_r(::geteuid(), &found, buffer.data(), buffer.size(), &result) == 0 && result != nullptr)
    return found.pw_name;
  return std::to_string(::geteuid());
}

}  // namespace wxcc::store
