// SPDX-License-Identifier: Apache-2.0
#include "report/cell_text.h"
#include "report/extract.h"
#include "report/text_sink.h"

namespace wxcc::report {
namespace {

// Without it, spreadsheets read UTF-8 as the system's legacy code page.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Lines of RFC 4180.
class CsvOutput : public Output {
 public:
  CsvOutput(const ExtractContext& context, const OutputTarget& target)
      : request_(context.request), options_(request_.csv), sink_(target.fd, target.name) {
    if (options_.style == CsvOptions::Style::Spreadsheet) sink_.write(kByteOrderMark);
    if (options_.rows == CsvOptions::Rows::Conversations)
      write_header(conversation_columns());
    else
      write_header(message_columns());
  }

  void add(const ConversationRecord& record) override {
    if (options_.rows == CsvOptions::Rows::Conversations) {
      write_row(conversation_columns(), record.cells);
      return;
    }
    for (std::size_t i = 0; i < record.messages.size(); ++i) write_row(message_columns(), record.cells_of_message(i));
  }

  void finish(const ExtractSummary&) override { sink_.flush(); }

 private:
  template <typename Row>
  void write_header(std::span<const Column<Row>> columns) {
    write_line(columns, [&](std::size_t i) {
      return csv_field(header_of(columns[i].header, columns[i].kind, request_.zone), options_.style);
    });
  }
  template <typename Row>
  void write_row(std::span<const Column<Row>> columns, std::span<const CellValue> cells) {
    write_line(columns, [&](std::size_t i) { return field(columns[i].kind, cells[i]); });
  }
  template <typename Row, typename FieldOf>
  void write_line(std::span<const Column<Row>> columns, FieldOf&& field_of) {
    std::string_view separator;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].kind == CellKind::Link) continue;
      sink_.write(separator);
      sink_.write(field_of(i));
      separator = ",";
    }
    sink_.write("\r\n");
  }

  // Only texts can be read as formulas.
  [[nodiscard]] std::string field(CellKind kind, const CellValue& value) const {
    if (const auto* text = std::get_if<std::string_view>(&value)) return csv_field(*text, options_.style);
    return plain_text(kind, value, request_.zone);
  }

  const ExtractRequest& request_;
  const CsvOptions& options_;
  TextSink sink_;
};

}  // namespace

std::unique_ptr<Output> open_csv(const ExtractContext& context, const OutputTarget& target) {
  return std::make_unique<CsvOutput>(context, target);
}

}  // namespace wxcc::report
