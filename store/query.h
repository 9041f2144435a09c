// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/instant.h"
#include "store/connection.h"

namespace wxcc::store {

// One use of a prepared statement: bind by name, then step or run. An empty text binds NULL, as the schema stores what
// the cloud did not give.
class Query {
 public:
  // The statement is kept prepared for the next use. The text must outlive the connection (a literal).
  Query(Connection& connection, const char* sql)
      : connection_(connection), kept_as_(sql), statement_(connection.take_statement(sql)) {}
  // A statement for this use alone, for texts that are put together.
  Query(Connection& connection, const std::string& sql)
      : connection_(connection), statement_(std::make_unique<SQLite::Statement>(connection.database(), sql)) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  Query& bind(const char* name, std::int64_t value);
  Query& bind(const char* name, int value) { return bind(name, std::int64_t{value}); }
  Query& bind(const char* name, base::Instant value) { return bind(name, base::to_ms(value)); }
  Query& bind(const char* name, const std::string& text);
  Query& bind(const char* name, const base::Sha256& digest);
  // The bytes must stay as they are until the query goes.
  Query& bind_blob(const char* name, const std::string& bytes);
  Query& bind_null(const char* name);
  Query& bind(const char* name, base::Millis value) { return bind(name, std::int64_t{value.count()}); }
  template <typename T>
  Query& bind(const char* name, const std::optional<T>& value) {
    return value ? bind(name, *value) : bind_null(name);
  }

  // True when there is a row. Every parameter must have been bound.
  bool step();
  // To the end; returns the number of rows that it wrote.
  int run();

 private:
  friend class Columns;
  void check_bindings() const;

  Connection& connection_;
  const char* kept_as_ = nullptr;
  std::unique_ptr<SQLite::Statement> statement_;
  int bound_ = 0;
};

// The columns of a query's present row, read in the order in which the query lists them. NULL texts are empty.
class Columns {
 public:
  explicit Columns(const Query& query, int first = 0) : statement_(*query.statement_), next_(first) {}

  std::string text();
  std::string blob() { return text(); }
  std::optional<std::int64_t> integer();
  std::optional<base::Instant> instant();
  // For columns that are never NULL.
  std::int64_t count() { return integer().value(); }

 private:
  const SQLite::Statement& statement_;
  int next_;
};

}  // namespace wxcc::store
