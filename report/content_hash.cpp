// SPDX-License-Identifier: Apache-2.0
#include "report/content_hash.h"

#include <span>

#include "base/text.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kBufferSize = 32UL * 1024;

// Local times and links depend on the zone and the format.
bool is_content(CellKind kind) {
  return kind != CellKind::LocalTime && kind != CellKind::Link;
}

// As JSON Lines spells it, without quotes; empty for null.
std::string text_of(const CellValue& value) {
  if (const auto* duration = std::get_if<base::Millis>(&value)) return std::to_string(duration->count());
  return plain_text(CellKind::UtcTime, value, base::Zone::utc());
}

template <typename Row>
void add_row(ContentHash& hash, std::span<const Column<Row>> columns, std::span<const CellValue> cells) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (is_content(columns[i].kind) && columns[i].scope == Scope::Row) hash.add_value(text_of(cells[i]));
  hash.end_row();
}

}  // namespace

void ContentHash::add(const ConversationRecord& record) {
  add_row(*this, conversation_columns(), record.cells);
  for (std::size_t i = 0; i < record.messages.size(); ++i)
    add_row(*this, message_columns(), record.cells_of_message(i));
}

void ContentHash::add_value(std::string_view text) {
  if (base::is_utf8(text))
    pending_ += text;
  else
    pending_ += base::repair_utf8(text);
  pending_ += '\x1F';
}

void ContentHash::end_row() {
  pending_ += '\x1E';
  if (pending_.size() < kBufferSize) return;
  digest_.add(pending_);
  pending_.clear();
}

std::string ContentHash::digest() {
  digest_.add(pending_);
  pending_.clear();
  return base::to_hex(digest_.finish());
}

}  // namespace wxcc::report
