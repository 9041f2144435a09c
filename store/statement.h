// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "base/instant.h"
#include "store/sqlite.h"

namespace wxcc::store {

// Bytes that are bound without a copy: they must stay unchanged until the Rows of the execution are destroyed.
struct Blob {
  const std::string& bytes;
};

class Statement;

// The rows of one execution of a statement, which no other execution may overlap. Columns of the current row are read
// one after the other, in the order in which the statement lists them.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_(&statement) {}
  Rows(Rows&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), column_(other.column_), has_row_(other.has_row_) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  // True when there is a next row, which is the current one then.
  bool next();
  explicit operator bool() const { return has_row_; }

  // A NULL is an empty text. Texts may hold NUL characters.
  std::string text();
  std::string blob() { return text(); }
  std::optional<std::int64_t> integer();
  std::optional<base::Instant> instant();
  std::optional<base::Millis> millis();
  std::optional<bool> flag();
  // For columns that are never NULL.
  std::int64_t count() { return integer().value(); }
  void skip(int columns = 1) { column_ += columns; }

 private:
  Statement* statement_;
  int column_ = 0;
  bool has_row_ = false;
};

// A statement, prepared at its first execution: a member of the class that uses it often, a local variable otherwise.
// Values are bound in the order in which the parameters first occur in the text; their number is checked. An empty text
// binds NULL, as the schema stores what the API did not give.
class Statement {
 public:
  // The connection must outlive the statement.
  Statement(Connection& connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // To the end; returns the number of rows written.
  template <typename... Values>
  int run(const Values&... values) {
    bind_all(values...);
    return run_bound();
  }
  template <typename... Values>
  Rows query(const Values&... values) {
    bind_all(values...);
    return start();
  }
  // The same with the first row, if there is one, as the current row.
  template <typename... Values>
  Rows query_one(const Values&... values) {
    Rows rows = query(values...);
    rows.next();
    return rows;
  }

  // By name, for texts that are put together: before query() or run() without values.
  template <typename Value>
  Statement& bind(const char* name, const Value& value) {
    bind_value(index_of(name), value);
    return *this;
  }

 private:
  friend class Rows;

  template <typename... Values>
  void bind_all(const Values&... values) {
    prepare();
    int index = 0;
    (bind_value(++index, values), ...);
    check_bindings();
  }

  void bind_value(int index, std::int64_t value);
  void bind_value(int index, int value) { bind_value(index, std::int64_t{value}); }
  template <std::same_as<bool> Flag>
  void bind_value(int index, Flag value) {
    bind_value(index, std::int64_t{value ? 1 : 0});
  }
  void bind_value(int index, std::string_view text);
  void bind_value(int index, const char* text) { bind_value(index, std::string_view(text)); }
  void bind_value(int index, base::Instant value) { bind_value(index, base::to_ms(value)); }
  void bind_value(int index, base::Millis value) { bind_value(index, std::int64_t{value.count()}); }
  void bind_value(int index, const base::Sha256& digest);
  void bind_value(int index, Blob blob);
  void bind_value(int index, std::nullopt_t);
  template <typename T>
  void bind_value(int index, const std::optional<T>& value) {
    if (value)
      bind_value(index, *value);
    else
      bind_value(index, std::nullopt);
  }

  void prepare();
  int index_of(const char* name);
  void mark_bound(int index);
  void check_bindings() const;
  bool step();
  int run_bound();
  Rows start();
  void end() noexcept;

  Connection& connection_;
  std::string sql_;
  std::optional<SQLite::Statement> statement_;
  std::uint64_t bound_ = 0;  // a bit for each parameter
  bool in_use_ = false;
};

}  // namespace wxcc::store
