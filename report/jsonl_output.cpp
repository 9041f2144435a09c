// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "report/extract.h"
#include "report/filter_description.h"
#include "report/text_sink.h"

namespace wxcc::report {
namespace {

void write(base::JsonWriter& json, CellKind kind, const CellValue& value, const base::Zone& zone) {
  const auto* instant = std::get_if<base::Instant>(&value);
  if (instant != nullptr && kind == CellKind::LocalTime)
    json.value(local_iso8601(*instant, zone));
  else
    write_json(json, value);
}

void write(base::JsonWriter& json, const FilterCondition& condition) {
  json.key(condition.key);
  if (!condition.repeatable) {
    json.value(condition.values.empty() ? std::string_view() : condition.values.front());
    return;
  }
  json.begin_array();
  for (const std::string& value : condition.values) json.value(std::string_view(value));
  json.end_array();
}

std::string manifest(const ExtractContext& context) {
  const ExtractRequest& request = context.request;
  const store::ConversationFilter& filter = request.filter;
  base::JsonWriter json;
  json.begin_object().member("type", "manifest").member("program", request.program);
  json.member("command", request.redact ? model::kRemoved : request.command_line).member("generated_at", context.now);
  json.member("from", filter.range->from).member("to", filter.range->to).member("by", model::to_text(filter.by));
  json.member("timezone", request.zone.name());
  for (const FilterCondition& condition : describe_filter(filter, request.redact)) write(json, condition);
  json.member_or_null("redacted", request.redact ? model::to_text(*request.redact) : "");
  json.member("org_id", context.archive.org_id).member("schema_version", context.archive.schema_version);
  json.member("high_water_mark", context.archive.high_water_mark);
  json.member("last_success", context.archive.last_success);
  return json.end_object().text();
}

std::string conversation_line(const base::Zone& zone, const ConversationRecord& record) {
  base::JsonWriter json;
  json.begin_object().member("type", "conversation");
  const auto columns = conversation_columns();
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].kind != CellKind::Link) write(json.key(columns[i].key), columns[i].kind, record.cells[i], zone);
  json.key("messages").begin_array();
  for (std::size_t message = 0; message < record.messages.size(); ++message) {
    const auto cells = record.cells_of_message(message);
    json.begin_object();
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (const auto& column = message_columns()[i]; column.scope == Scope::Row)
        write(json.key(column.key), column.kind, cells[i], zone);
    json.end_object();
  }
  return json.end_array().end_object().text();
}

// A file without this line is not complete.
std::string completion(const ExtractResult& result) {
  base::JsonWriter json;
  json.begin_object().member("type", "complete");
  json.member("conversations", result.conversations).member("messages", result.messages);
  json.key("transcripts").begin_object();
  write_json(json, result.transcripts);
  json.end_object();
  json.member("complete_until", result.complete_until).member("content_sha256", result.content_sha256);
  json.key("coverage_gaps").begin_array();
  for (const auto& span : result.coverage_gaps)
    json.begin_object().member("from", span.from).member("to", span.to).end_object();
  return json.end_array().end_object().text();
}

class JsonlOutput : public Output {
 public:
  JsonlOutput(const ExtractContext& context, const OutputTarget& target)
      : zone_(context.request.zone), sink_(target.fd, target.name) {
    write_line(manifest(context));
  }

  void add(const ConversationRecord& record) override { write_line(conversation_line(zone_, record)); }
  void finish(const ExtractSummary& summary) override {
    write_line(completion(summary.result));
    sink_.flush();
  }

 private:
  void write_line(const std::string& json) {
    sink_.write(json);
    sink_.write("\n");
  }

  base::Zone zone_;
  TextSink sink_;
};

}  // namespace

std::unique_ptr<Output> open_jsonl(const ExtractContext& context, const OutputTarget& target) {
  return std::make_unique<JsonlOutput>(context, target);
}

}  // namespace wxcc::report
