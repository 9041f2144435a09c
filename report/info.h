// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "report/extract.h"

namespace wxcc::report {

// What the archive says of itself at the moment of the extract.
struct ArchiveFacts {
  std::string org_id;
  int schema_version = 0;
  std::optional<base::Instant> high_water_mark;
  std::optional<base::Instant> last_success;
};

// One line of the Info sheet. Without a value it is the heading of what follows.
struct InfoLine {
  std::string label;
  std::variant<std::monostate, std::string, std::int64_t> value;
  friend bool operator==(const InfoLine&, const InfoLine&) = default;
};

// "Queue: Parcels; Text: refund"; empty when nothing narrows the extract. Pure.
std::string filters_in_words(const ExtractRequest& request);

// Everything a reader has to know to trust the extract, or not to. Pure.
std::vector<InfoLine> info_lines(const ExtractRequest& request, const ExtractResult& result,
                                 const ArchiveFacts& archive, base::Instant now);

}  // namespace wxcc::report
