// SPDX-License-Identifier: Apache-2.0
#include "report/formats.h"

#include "base/text.h"

namespace wxcc::report {
namespace {

constexpr bool all_complete_and_distinct() {
  for (const Format& format : kFormats)
    if (format.name.empty() || !format.ending.starts_with('.') || find_format(format.name) != &format) return false;
  return true;
}
static_assert(all_complete_and_distinct());

}  // namespace

const Format* format_of_file(const base::Path& file) {
  const std::string name = base::to_lower(file.filename().string());
  for (const Format& format : kFormats)
    if (name.ends_with(format.ending)) return &format;
  return nullptr;
}

}  // namespace wxcc::report
