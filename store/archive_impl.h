// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/archive.h"
#include "store/connection.h"
#include "store/fetch_rows.h"
#include "store/task_rows.h"

namespace wxcc::store {

// What the parts of Archive's implementation share: archive.cpp the work of the engine, archive_upkeep.cpp the rest.
struct Archive::Impl {
  Impl(base::FileLock writer_lock, std::unique_ptr<Connection> open_connection, std::string program_name)
      : lock(std::move(writer_lock)),
        connection(std::move(open_connection)),
        program(std::move(program_name)),
        tasks(*connection),
        fetches(*connection),
        reader(*connection) {}

  // Given up last.
  base::FileLock lock;
  std::unique_ptr<Connection> connection;
  std::string program;
  TaskRows tasks;
  FetchRows fetches;
  Reader reader;
  bool merging = false;  // the index is being merged into one piece

  AuditHead enter(std::string_view action, std::string details, base::Instant now) {
    return append_audit(*connection, {0, now, std::string(action), program, account_name(), std::move(details)});
  }
  std::optional<std::string> setting(std::string_view name);
  void set_setting(std::string_view name, std::string_view value);
  void forget_setting(std::string_view name);
  void note_restore(base::Instant now);
  bool merge_step(int pages);
  Reparsed reparse(std::int64_t task_key, const Parser& parser, base::Instant now);
  StoreResult commit(const FetchResult& result, base::Instant now);
  Kept keep(const std::string& task_id, const std::vector<FetchedTranscript>& transcripts,
            std::optional<base::Instant> second_look, base::Instant now);
};

}  // namespace wxcc::store
