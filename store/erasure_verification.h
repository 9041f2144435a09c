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
  std::uint64_t bytes_read = 0;  // of the file, its WAL and what else lies beside it
  bool vacuumed = false;         // the first scan found some, so the file was written anew
  std::size_t matches_remaining = 0;
  bool blocked_by_reader = false;  // the WAL could not be truncated; nothing was scanned, later it works
};

// What is being done, and how much of it is; of is 0 where it is unknown.
using VerificationProgress = std::function<void(std::string_view operation, std::int64_t done, std::int64_t of)>;

// Makes the bytes of removed rows go, and scans the files for them. The texts are those that identify the conversations
// (Reader::identifying_strings(), read before the removal); rows that are left in the archive may have some of them
// too, and these do not count. In a large archive it takes minutes.
ErasureVerification verify_erasure(Archive& archive, const std::vector<std::string>& texts,
                                   const VerificationProgress& progress = {});

// The texts that identify the conversations: ids of tasks, captures and messages, messages (their
// beginnings), and the customer's name and addresses. To be read before the removal.
std::vector<std::string> identifying_strings(Connection& connection, const std::vector<std::string>& task_ids);

// Of the texts, those that no row left in the archive has. Those of fewer than ResidueScanner::kMinLength bytes are
// passed over. Reads every transcript when some are in no other row.
std::vector<std::string> exclude_still_referenced(Connection& connection, std::vector<std::string> texts);

}  // namespace wxcc::store
