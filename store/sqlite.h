// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "store/store_error.h"

namespace wxcc::store {

// SQLite as the archive uses it. Everything here throws StoreError, with the operation, the path, SQLite's reason and
// a remedy; no exception of SQLiteCpp leaves sqlite.cpp and statement.cpp.

// A connection to one archive file.
class Connection {
 public:
  enum class Access {
    Write,
    Read,       // takes SQLite's locks; sees what a writer commits meanwhile
    Immutable,  // takes no locks and reads the main file only: correct if no writer can be active
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

  // Retains -wal and -shm when the connection closes: without them, readers without write permission in the directory
  // cannot open the archive while no writer has it open.
  void persist_wal_files();
  // Whether closing the connection may copy the WAL into the file; Allowed by default.
  enum class CheckpointOnClose { Never, Allowed };
  void set_checkpoint_on_close(CheckpointOnClose allowed);
  // Copies the WAL into the file and truncates it; false when a reader blocks that.
  bool checkpoint();
  // Frees cached pages.
  void release_memory();
  // How many rows were written through this connection, ever.
  [[nodiscard]] std::int64_t total_changes() const;
  // Copies all pages into the other database in portions, each followed by a call of the progress, which may be empty.
  // Within a transaction of this connection all portions see one state.
  void copy_into(Connection& target, const std::function<void(int done_pages, int of_pages)>& progress);

  // The operation that error messages name, set by the innermost Operation or Transaction.
  [[nodiscard]] const std::string& operation() const { return operation_; }
  [[nodiscard]] StoreError error(const SQLite::Exception& exception) const;

 private:
  friend class Operation;
  friend class Statement;
  friend class Transaction;
  friend class ProgressHandler;

  // Runs the work; an exception of SQLiteCpp becomes a StoreError.
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

// Names the current operation for error messages, during its lifetime.
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
  // False after commit(), and after errors on which SQLite itself rolls back.
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

// Calls the function about every second while SQLite works on a statement of the connection. Its exceptions are
// ignored.
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

}  // namespace wxcc::store
