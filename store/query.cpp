// SPDX-License-Identifier: Apache-2.0
#include "store/query.h"

#include <stdexcept>

namespace wxcc::store {

Query::~Query() {
  if (kept_as_ == nullptr) return;
  // A failed statement reports its failure again on reset; it has been thrown already.
  statement_->tryReset();
  try {
    statement_->clearBindings();
    connection_.give_back(kept_as_, std::move(statement_));
  } catch (const std::exception&) {
    statement_.reset();
  }
}

Query& Query::bind(const char* name, std::int64_t value) {
  statement_->bind(name, value);
  ++bound_;
  return *this;
}

Query& Query::bind(const char* name, const std::string& text) {
  if (text.empty()) return bind_null(name);
  statement_->bind(name, text);
  ++bound_;
  return *this;
}

Query& Query::bind(const char* name, const base::Sha256& digest) {
  statement_->bind(name, digest.data(), static_cast<int>(digest.size()));
  ++bound_;
  return *this;
}

Query& Query::bind_blob(const char* name, const std::string& bytes) {
  statement_->bindNoCopy(name, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
  ++bound_;
  return *this;
}

Query& Query::bind_null(const char* name) {
  statement_->bind(name);
  ++bound_;
  return *this;
}

void Query::check_bindings() const {
  if (bound_ != statement_->getBindParameterCount())
    throw std::logic_error("parameters left unbound in: " + statement_->getQuery());
}

bool Query::step() {
  check_bindings();
  return statement_->executeStep();
}

int Query::run() {
  check_bindings();
  while (statement_->executeStep()) continue;
  return statement_->getChanges();
}

std::string Columns::text() {
  // getString() takes a blob or text with its length: texts may hold NUL characters.
  return statement_.getColumn(next_++).getString();
}

std::optional<std::int64_t> Columns::integer() {
  const SQLite::Column column = statement_.getColumn(next_++);
  if (column.isNull()) return std::nullopt;
  return column.getInt64();
}

std::optional<base::Instant> Columns::instant() {
  const std::optional<std::int64_t> ms = integer();
  if (!ms) return std::nullopt;
  return base::from_ms(*ms);
}

}  // namespace wxcc::store
