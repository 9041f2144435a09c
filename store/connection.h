// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/file.h"
#include "store/types.h"

namespace wxcc::store {

// A connection to one archive file: its statements, kept prepared, its transactions, and what SQLite's errors mean.
class Connection {
 public:
  enum class Access {
    Write,
    Read,       // takes SQLite's locks; sees what a writer commits meanwhile
    Immutable,  // takes no locks and looks at the main file alone: only right when no writer can be at work
  };
  // How long a statement waits for another process. The event loop waits with it.
  static constexpr int kBusyTimeoutMs = 5000;

  // The file must exist. Throws StoreError.
  Connection(base::Path path, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const base::Path& path() const { return path_; }
  [[nodiscard]] SQLite::Database& database() { return database_; }

  // SQL without parameters, one or more statements.
  void execute(const std::string& sql);

  // A prepared statement for this text, nobody else's until it is given back; Query does both.
  std::unique_ptr<SQLite::Statement> take_statement(const char* sql);
  void give_back(const char* sql, std::unique_ptr<SQLite::Statement> statement);

  // Runs the work and makes a StoreError of what SQLite throws: "<doing> in <path>: <reason>; <advice>".
  template <std::invocable Work>
  auto guarded(std::string_view doing, Work&& work) {
    try {
      return std::forward<Work>(work)();
    } catch (const SQLite::Exception& exception) {
      throw store_error(doing, exception);
    }
  }

  // The same in a transaction of its own: durable when it returns, without effect when it throws. Afterwards the
  // connection is usable either way.
  template <std::invocable Work>
  auto transaction(std::string_view doing, Work&& work) {
    const RollbackUnlessCommitted rollback(*this);
    refuse_moved_file(doing);
    return guarded(doing, [&] {
      execute("BEGIN IMMEDIATE");
      if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
        std::forward<Work>(work)();
        execute("COMMIT");
      } else {
        auto result = std::forward<Work>(work)();
        execute("COMMIT");
        return result;
      }
    });
  }

 private:
  class RollbackUnlessCommitted {
   public:
    explicit RollbackUnlessCommitted(Connection& connection) : connection_(connection) {}
    RollbackUnlessCommitted(const RollbackUnlessCommitted&) = delete;
    RollbackUnlessCommitted& operator=(const RollbackUnlessCommitted&) = delete;
    ~RollbackUnlessCommitted();

   private:
    Connection& connection_;
  };

  // What is written to a file that has no name any more is lost with this process.
  void refuse_moved_file(std::string_view doing);
  StoreError store_error(std::string_view doing, const SQLite::Exception& exception) const;

  base::Path path_;
  SQLite::Database database_;
  // By the text's address: texts are literals or outlive the connection. Several when one is in use while another asks.
  std::multimap<const char*, std::unique_ptr<SQLite::Statement>> idle_;
};

}  // namespace wxcc::store
