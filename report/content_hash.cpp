// SPDX-License-Identifier: Apache-2.0
#include "report/content_hash.h"

#include "base/text.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kPending = 32 * 1024;

}  // namespace

void ContentHash::add_value(std::string_view text) {
  if (base::is_utf8(text))
    pending_ += text;
  else
    pending_ += base::repair_utf8(text);
  pending_ += '\x1F';
}

void ContentHash::end_row() {
  pending_ += '\x1E';
  if (pending_.size() < kPending) return;
  digest_.add(pending_);
  pending_.clear();
}

std::string ContentHash::finish() {
  digest_.add(pending_);
  pending_.clear();
  return base::to_hex(digest_.finish());
}

}  // namespace wxcc::report
