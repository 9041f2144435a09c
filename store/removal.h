// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/audit.h"

namespace wxcc::base {
class JsonWriter;
}

namespace wxcc::store {

class Connection;
class Conversations;
class ServiceState;

// Numbers of rows that were removed, or would be.
struct RemovedRows {
  std::int64_t conversations = 0;
  std::int64_t transcripts = 0;
  std::int64_t messages = 0;
  std::int64_t raw_bytes = 0;
  std::int64_t customers = 0;  // without a remaining conversation

  RemovedRows& operator+=(const RemovedRows& other) {
    conversations += other.conversations;
    transcripts += other.transcripts;
    messages += other.messages;
    raw_bytes += other.raw_bytes;
    customers += other.customers;
    return *this;
  }
};
// As members of the object that is being written.
void write_json(base::JsonWriter& out, const RemovedRows& rows);

// Removes conversations from every table. Each call is a transaction. The bytes remain in the files until
// purge_step() returns Done; the archive records that a purge is pending. See erasure_verification.h.
class Removal {
 public:
  Removal(Connection& connection, Conversations& conversations, ServiceState& service, AuditLog& audit)
      : connection_(connection), conversations_(conversations), service_(service), audit_(audit) {}

  // Removes the conversations, adds a tombstone for each, and writes the audit entry (how: the receipt's reason). An
  // unknown id gets a tombstone too: the API may offer such a task tomorrow.
  struct Erased {
    RemovedRows rows;
    AuditHead audit;
  };
  Erased erase(const std::vector<std::string>& task_ids, std::string_view how, base::Instant now);
  // True for a task that erase() was given.
  [[nodiscard]] bool is_erased(const std::string& task_id);

  // The oldest conversations that ended before; from the first call on, none that ended before is stored again. To be
  // called until nothing is removed; then finish_retention() writes the audit entry.
  RemovedRows remove_ended_before(base::Instant before, int limit);
  AuditHead finish_retention(base::Instant before, const RemovedRows& removed, base::Instant now);

  // One step of purging the removed bytes: merges a part of the full text index, at the end truncates the WAL. Done:
  // no purge is pending. BlockedByReader: retry later.
  enum class PurgeResult { Done, More, BlockedByReader };
  PurgeResult purge_step(int pages);
  // Rewrites the whole file without remains of deleted rows. Needs the size of the archive in free space.
  void vacuum();

 private:
  bool merge_step(int pages);

  Connection& connection_;
  Conversations& conversations_;
  ServiceState& service_;
  AuditLog& audit_;
  // The index is being merged into one piece. Not stored: after a restart the merge starts again.
  bool merging_ = false;
};

// The rows that remove_ended_before() would remove.
RemovedRows rows_ended_before(Connection& connection, base::Instant before);

}  // namespace wxcc::store
