// SPDX-License-Identifier: Apache-2.0
#include "store/statement.h"

#include <stdexcept>

namespace wxcc::store {

Rows::~Rows() {
  if (statement_ != nullptr) statement_->end();
}

bool Rows::next() {
  column_ = 0;
  has_row_ = statement_->step();
  return has_row_;
}

std::string Rows::text() {
  // getString() takes a blob or text with its length.
  return statement_->statement_->getColumn(column_++).getString();
}

std::optional<std::int64_t> Rows::integer() {
  const SQLite::Column column = statement_->statement_->getColumn(column_++);
  if (column.isNull()) return std::nullopt;
  return column.getInt64();
}

std::optional<base::Instant> Rows::instant() {
  const std::optional<std::int64_t> ms = integer();
  return ms ? std::optional(base::from_ms(*ms)) : std::nullopt;
}

std::optional<base::Millis> Rows::millis() {
  const std::optional<std::int64_t> ms = integer();
  return ms ? std::optional(base::Millis(*ms)) : std::nullopt;
}

std::optional<bool> Rows::flag() {
  const std::optional<std::int64_t> value = integer();
  return value ? std::optional(*value != 0) : std::nullopt;
}

void Statement::prepare() {
  if (in_use_) throw std::logic_error("executed while its rows are still being read: " + sql_);
  if (!statement_) connection_.translate_errors([&] { statement_.emplace(connection_.database_, sql_); });
}

int Statement::index_of(const char* name) {
  prepare();
  return connection_.translate_errors([&] { return statement_->getIndex(name); });
}

void Statement::bind_value(int index, std::int64_t value) {
  connection_.translate_errors([&] { statement_->bind(index, value); });
  mark_bound(index);
}

void Statement::bind_value(int index, std::string_view text) {
  if (text.empty()) return bind_value(index, std::nullopt);
  connection_.translate_errors([&] { statement_->bind(index, std::string(text)); });
  mark_bound(index);
}

void Statement::bind_value(int index, const base::Sha256& digest) {
  connection_.translate_errors([&] { statement_->bind(index, digest.data(), static_cast<int>(digest.size())); });
  mark_bound(index);
}

void Statement::bind_value(int index, Blob blob) {
  connection_.translate_errors([&] {
    statement_->bindNoCopy(index, static_cast<const void*>(blob.bytes.data()), static_cast<int>(blob.bytes.size()));
  });
  mark_bound(index);
}

void Statement::bind_value(int index, std::nullopt_t) {
  connection_.translate_errors([&] { statement_->bind(index); });
  mark_bound(index);
}

void Statement::mark_bound(int index) {
  bound_ |= std::uint64_t{1} << index;
}

void Statement::check_bindings() const {
  const std::uint64_t all = (std::uint64_t{2} << statement_->getBindParameterCount()) - 2;
  if (bound_ != all) throw std::logic_error("parameters left unbound in: " + sql_);
}

bool Statement::step() {
  return connection_.translate_errors([&] { return statement_->executeStep(); });
}

int Statement::run_bound() {
  const Rows rows = start();
  while (step()) continue;
  return statement_->getChanges();
}

Rows Statement::start() {
  in_use_ = true;
  return Rows(*this);
}

void Statement::end() noexcept {
  in_use_ = false;
  bound_ = 0;
  // A failed statement reports its failure again on reset; it has been thrown already.
  statement_->tryReset();
  try {
    statement_->clearBindings();
  } catch (const SQLite::Exception&) {
    statement_.reset();
  }
}

}  // namespace wxcc::store
