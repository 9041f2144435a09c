// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "base/instant.h"
#include "store/store_error.h"

namespace wxcc::store {

// SQLite as the archive uses it. Everything here throws StoreError, with the operation, the path, SQLite's reason and
// what may help; nothing outside sqlite.cpp sees an exception of SQLiteCpp.

// A connection to one archive file.
class Connection {
 public:
  enum class Access {
    Write,
    Read,       // takes SQLite's locks; sees what a writer commits meanwhile
    Immutable,  // takes no locks and looks at the main file alone: only right when no writer can be at work
  };
  // How long a statement waits for another process. The event loop waits with it.
  static constexpr int kBusyTimeoutMs = 5000;

  // The file must exist.
  Connection(base::Path path, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const base::Path& path() const { return path_; }

  // SQL without parameters, one or more statements.
  void execute(const std::string& sql);

  // Leaves -wal and -shm where they are when the connection closes: without them, readers that may not write in the
  // directory cannot open the archive while nobody writes.
  void persist_wal_files();
  // Whether closing the connection may copy the WAL into the file. It may, unless this says otherwise.
  enum class CheckpointOnClose { Never, Allowed };
  void set_checkpoint_on_close(CheckpointOnClose allowed);
  // Copies the WAL into the file and truncates it when no reader is in the way; whether it could.
  bool checkpoint();
  // Gives up cached pages that can be read again.
  void release_memory();
  // How many rows were written through this connection, ever.
  [[nodiscard]] std::int64_t total_changes() const;
  // Copies all pages into the other database in portions, each followed by a call of the progress, which may be empty.
  // Within a transaction of this connection all portions see one state.
  void copy_into(Connection& target, const std::function<void(int done_pages, int of_pages)>& progress);

  // What the messages of errors say was being done; the innermost Operation or Transaction names it.
  [[nodiscard]] const std::string& operation() const { return operation_; }
  [[nodiscard]] StoreError error(const SQLite::Exception& exception) const;

 private:
  friend class Operation;
  friend class Statement;
  friend class Transaction;
  friend class ProgressHandler;

  // Runs the work; what SQLite throws becomes a StoreError.
  template <std::invocable Work>
  auto translate_errors(Work&& work) const {
    try {
      return std::forward<Work>(work)();
    } catch (const SQLite::Exception& exception) {
      throw error(exception);
    }
  }

  base::Path path_;
  SQLite::Database database_;
  std::string operation_ = "reading";
};

// Names what is being done, for the messages of errors, as long as it lives.
class Operation {
 public:
  Operation(Connection& connection, std::string name)
      : connection_(connection), outer_(std::exchange(connection.operation_, std::move(name))) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() { connection_.operation_ = std::move(outer_); }

 private:
  Connection& connection_;
  std::string outer_;
};

// A transaction for writing: durable when commit() returns, without effect unless it is called. Afterwards the
// connection is usable either way. Throws before anything is written when the file was moved or deleted while in use.
class Transaction {
 public:
  Transaction(Connection& connection, std::string operation);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();
  // SQLite itself rolls back on some errors; then nothing more can be done in it.
  [[nodiscard]] bool is_active() const;

 private:
  Operation operation_;
  Connection& connection_;
};

// A part of a transaction that is undone alone: without effect unless commit() is called.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint();
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// Calls the function about every second while SQLite works on a statement of the connection. What it throws is ignored.
class ProgressHandler {
 public:
  ProgressHandler(Connection& connection, std::function<void()> on_progress);
  ProgressHandler(const ProgressHandler&) = delete;
  ProgressHandler& operator=(const ProgressHandler&) = delete;
  ~ProgressHandler();

 private:
  Connection& connection_;
  std::function<void()> on_progress_;
};

// Bytes that are bound without a copy: they must stay as they are until the rows of the execution are gone.
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

// A statement, prepared at its first execution and then kept: a member of the class that uses it often, a local
// variable otherwise. Values are bound in the order in which the parameters first occur in the text; their number is
// checked. An empty text binds NULL, as the schema stores what the API did not give.
class Statement {
 public:
  // The connection must outlive the statement.
  Statement(Connection& connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // To the end; returns the number of rows written. Texts are not copied.
  template <typename... Values>
  int run(const Values&... values) {
    copy_texts_ = false;
    bind_all(values...);
    return run_bound();
  }
  template <typename... Values>
  Rows query(const Values&... values) {
    copy_texts_ = true;
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
    copy_texts_ = true;
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
  void bind_value(int index, const std::string& text);
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
  bool copy_texts_ = true;
  bool in_use_ = false;
};

}  // namespace wxcc::store
