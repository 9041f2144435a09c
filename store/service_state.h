// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "model/backfill_start.h"

namespace wxcc::store {

class Connection;

// The state that the service last recorded, for `status`, which may run when the service does not.
struct ServiceRecord {
  std::optional<base::Instant> last_success;  // of a pass that read everything that was due
  std::optional<base::Instant> last_error_at;
  std::string last_error;
  std::string needs_login;  // the reason; empty: no login needed
  std::optional<base::Instant> needs_login_since;
  // Of the tokens in use.
  std::optional<base::Instant> access_expires_at;
  std::optional<base::Instant> refresh_expires_at;
  std::optional<base::Instant> reconciled_at;  // the start of the last completed reconciliation
  // std::nullopt until a service or a whole pass has run.
  std::optional<model::BackfillStart> backfill_start;
};

ServiceRecord read_service_record(Connection& connection);

// The one row of the table `service`: the record of the service, and the progress of long work, which continues after a
// restart.
class ServiceState {
 public:
  explicit ServiceState(Connection& connection);

  // --- The record; each call is a transaction ---

  void record_success(base::Instant now);
  void record_error(std::string_view message, base::Instant now);
  // Why a login is needed (empty: it is not), and when the tokens in use expire. Writes only what has changed.
  void record_login(std::string_view needed, std::optional<base::Instant> access_expires_at,
                    std::optional<base::Instant> refresh_expires_at, base::Instant now);
  // Where the backfill is to begin, for coverage gaps. Writes only what has changed.
  void record_backfill_start(const model::BackfillStart& start);
  void record_reconciliation(base::Instant now);

  // --- Progress; to be called within a transaction ---

  // Pending from the transaction that removes rows until the removed bytes are purged from the file and its WAL.
  [[nodiscard]] bool is_purge_pending();
  void set_purge_pending();
  void clear_purge_pending();

  // The last task whose transcripts this program parsed again; 0 if another program did, or none.
  [[nodiscard]] std::int64_t reparsed_up_to(const std::string& program);
  void set_reparsed_up_to(const std::string& program, std::int64_t task_key);
  void clear_reparsed();

  // No task that ended before is stored again; never moves back.
  void advance_retained_from(base::Instant before);
  // Replaces the last error if it names the erased task.
  void redact_error(const std::string& task_id);

  // When the copy was made, if this archive is a copy that no writer has opened yet.
  [[nodiscard]] std::optional<base::Instant> copied_at();
  void set_copied_at(std::optional<base::Instant> at);

 private:
  Connection& connection_;
};

}  // namespace wxcc::store
