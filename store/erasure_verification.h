// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace wxcc::store {

class Archive;
class Connection;

// Whether strings of removed conversations are still in the bytes of the archive's files.
struct ErasureVerification {
  std::size_t texts = 0;         // searched for
  std::uint64_t bytes_read = 0;  // of the file, its WAL, -shm and journal
  bool vacuumed = false;         // the first scan found some, so the file was vacuumed
  std::size_t matches_remaining = 0;
  bool blocked_by_reader = false;  // the WAL could not be truncated; nothing was scanned; retry later
};

// The current step and how much of it is done; of is 0 if unknown.
using VerificationProgress = std::function<void(std::string_view operation, std::int64_t done, std::int64_t of)>;

// Purges the bytes of removed rows, and scans the files for them. The texts are those that identify the conversations
// (Reader::identifying_strings(), read before the removal); those that remaining rows have too do not count. Takes
// minutes in a large archive.
ErasureVerification verify_erasure(Archive& archive, const std::vector<std::string>& texts,
                                   const VerificationProgress& progress = {});

// The texts that identify the conversations: ids of tasks, captures and messages, messages (their beginnings), and the
// customer's name and addresses. To be read before the removal.
std::vector<std::string> identifying_strings(Connection& connection, const std::vector<std::string>& task_ids);

// Of the texts, those that no row left in the archive has. Those of fewer than ResidueScanner::kMinLength bytes are
// excluded. Reads every transcript if some are in no other row.
std::vector<std::string> exclude_still_referenced(Connection& connection, std::vector<std::string> texts);

}  // namespace wxcc::store
