// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/archive.h"

namespace wxcc::store {

// What looking for removed texts in the bytes of the archive's files has found.
struct Proof {
  std::size_t texts = 0;         // looked for
  std::uint64_t bytes_read = 0;  // of the file, its log and what else lies beside it
  bool file_rebuilt = false;     // the first look found some, so the file was written anew
  std::size_t traces_left = 0;
  bool reader_in_the_way = false;  // the log could not be shortened; nothing was looked at, later it works
};

// What is being done, and how much of it is; of is 0 where nobody knows.
using ProofProgress = std::function<void(std::string_view doing, std::int64_t done, std::int64_t of)>;

// Makes the bytes of removed rows go, and looks whether they are gone. The texts are those that told the conversations
// (Reader::telling_texts(), asked before the removal); what is left in the archive may have some of them rightfully,
// and these do not count. In a large archive it takes minutes.
Proof prove_removal(Archive& archive, const std::vector<std::string>& texts, const ProofProgress& progress = {});

}  // namespace wxcc::store
