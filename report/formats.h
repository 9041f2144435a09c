// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "base/file.h"
#include "report/output.h"

namespace wxcc::report {

// A format of extracts. A further one is a function that opens its output, and a row of kFormats.
struct Format {
  enum class Destinations { FileOnly, FileOrStandardOutput };
  std::string_view name;    // of --format
  std::string_view ending;  // of its files' names
  Destinations destinations;
  OpenOutput open;
};

std::unique_ptr<Output> open_xlsx(const ExtractContext& context, const OutputTarget& target);
std::unique_ptr<Output> open_csv(const ExtractContext& context, const OutputTarget& target);
std::unique_ptr<Output> open_jsonl(const ExtractContext& context, const OutputTarget& target);

// The first is the default.
inline constexpr auto kFormats = std::to_array<Format>({
    {"xlsx", ".xlsx", Format::Destinations::FileOnly, open_xlsx},
    {"csv", ".csv", Format::Destinations::FileOrStandardOutput, open_csv},
    {"jsonl", ".jsonl", Format::Destinations::FileOrStandardOutput, open_jsonl},
});

// nullptr if no format has that name.
[[nodiscard]] constexpr const Format* find_format(std::string_view name) {
  for (const Format& format : kFormats)
    if (format.name == name) return &format;
  return nullptr;
}
// By the ending of the file's name, whatever its case; nullptr when no format has it.
[[nodiscard]] const Format* format_of_file(const base::Path& file);

}  // namespace wxcc::report
