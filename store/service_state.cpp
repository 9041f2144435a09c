// SPDX-License-Identifier: Apache-2.0
#include "store/service_state.h"

#include "store/statement.h"

namespace wxcc::store {

ServiceRecord read_service_record(Connection& connection) {
  Statement statement(
      connection,
      "SELECT last_success_ms, last_error_ms, last_error, needs_login, needs_login_ms, "
      "access_expires_ms, refresh_expires_ms, reconciled_ms, backfill_from_ms, backfill_lookback_ms FROM service");
  Rows row = statement.query_one();
  ServiceRecord record;
  record.last_success = row.instant();
  record.last_error_at = row.instant();
  record.last_error = row.text();
  record.needs_login = row.text();
  record.needs_login_since = row.instant();
  record.access_expires_at = row.instant();
  record.refresh_expires_at = row.instant();
  record.reconciled_at = row.instant();
  const std::optional<base::Instant> backfill_from = row.instant();
  const std::optional<base::Millis> backfill_lookback = row.millis();
  if (backfill_lookback) record.backfill_start = {backfill_from, *backfill_lookback};
  return record;
}

ServiceState::ServiceState(Connection& connection) : connection_(connection) {}

void ServiceState::record_success(base::Instant now) {
  Transaction transaction(connection_, "recording the success");
  Statement(connection_, "UPDATE service SET last_success_ms = :now").run(now);
  transaction.commit();
}

void ServiceState::record_error(std::string_view message, base::Instant now) {
  Transaction transaction(connection_, "recording the error");
  Statement(connection_, "UPDATE service SET last_error_ms = :now, last_error = :message").run(now, message);
  transaction.commit();
}

void ServiceState::record_login(std::string_view needed, std::optional<base::Instant> access_expires_at,
                                std::optional<base::Instant> refresh_expires_at, base::Instant now) {
  Transaction transaction(connection_, "recording whether login is needed");
  Statement(connection_,
            "UPDATE service SET needs_login = :needed, needs_login_ms = :since WHERE needs_login IS NOT :needed")
      .run(needed, needed.empty() ? std::nullopt : std::optional(now));
  Statement(connection_,
            "UPDATE service SET access_expires_ms = :access, refresh_expires_ms = :refresh "
            "WHERE access_expires_ms IS NOT :access OR refresh_expires_ms IS NOT :refresh")
      .run(access_expires_at, refresh_expires_at);
  transaction.commit();
}

void ServiceState::record_backfill_start(const model::BackfillStart& start) {
  Transaction transaction(connection_, "recording where the backfill begins");
  Statement(connection_,
            "UPDATE service SET backfill_from_ms = :from, backfill_lookback_ms = :lookback "
            "WHERE backfill_from_ms IS NOT :from OR backfill_lookback_ms IS NOT :lookback")
      .run(start.date, start.lookback);
  transaction.commit();
}

void ServiceState::record_reconciliation(base::Instant now) {
  Transaction transaction(connection_, "recording the reconciliation");
  Statement(connection_, "UPDATE service SET reconciled_ms = :now").run(now);
  transaction.commit();
}

bool ServiceState::is_purge_pending() {
  return Statement(connection_, "SELECT purge_pending FROM service").query_one().count() != 0;
}

void ServiceState::set_purge_pending() {
  Statement(connection_, "UPDATE service SET purge_pending = 1 WHERE purge_pending = 0").run();
}

void ServiceState::clear_purge_pending() {
  Statement(connection_, "UPDATE service SET purge_pending = 0").run();
}

std::int64_t ServiceState::reparsed_up_to(const std::string& program) {
  Statement statement(connection_, "SELECT reparsed_task_key FROM service WHERE reparsed_program = :program");
  Rows row = statement.query_one(program);
  return row ? row.integer().value_or(0) : 0;
}

void ServiceState::set_reparsed_up_to(const std::string& program, std::int64_t task_key) {
  Statement(connection_, "UPDATE service SET reparsed_program = :program, reparsed_task_key = :key")
      .run(program, task_key);
}

void ServiceState::clear_reparsed() {
  Statement(connection_, "UPDATE service SET reparsed_program = NULL, reparsed_task_key = NULL").run();
}

void ServiceState::advance_retained_from(base::Instant before) {
  Statement(connection_,
            "UPDATE service SET retained_from_ms = :before WHERE retained_from_ms IS NULL OR retained_from_ms < "
            ":before")
      .run(before);
}

void ServiceState::redact_error(const std::string& task_id) {
  Statement(connection_,
            "UPDATE service SET last_error = 'removed: the message named an erased conversation' "
            "WHERE instr(last_error, :id) > 0")
      .run(task_id);
}

std::optional<base::Instant> ServiceState::copied_at() {
  return Statement(connection_, "SELECT copy_of_ms FROM service").query_one().instant();
}

void ServiceState::set_copied_at(std::optional<base::Instant> at) {
  Statement(connection_, "UPDATE service SET copy_of_ms = :at").run(at);
}

}  // namespace wxcc::store
