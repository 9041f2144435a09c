// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "report/formats.h"

namespace wxcc::report {
namespace {

void put(base::JsonWriter& json, CellKind kind, const CellValue& value, const base::Zone& zone) {
  if (const auto* text = std::get_if<std::string_view>(&value))
    json.value(*text);
  else if (const auto* number = std::get_if<std::int64_t>(&value))
    json.value(*number);
  else if (const auto* flag = std::get_if<bool>(&value))
    json.value(*flag);
  else if (const auto* duration = std::get_if<base::Millis>(&value))
    json.value(static_cast<std::int64_t>(duration->count()));
  else if (const auto* instant = std::get_if<base::Instant>(&value))
    json.value(kind == CellKind::LocalTime ? local_iso8601(*instant, zone) : base::to_iso8601(*instant));
  else
    json.null();
}

void put(base::JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(std::string_view(text));
  json.end_array();
}

void put(base::JsonWriter& json, std::string_view name, const std::optional<base::Instant>& instant) {
  json.key(name);
  if (instant)
    json.value(base::to_iso8601(*instant));
  else
    json.null();
}

std::string manifest(const ExtractJob& job) {
  const ExtractRequest& request = job.request;
  const store::ConversationFilter& filter = request.filter;
  base::JsonWriter json;
  json.begin_object().member("type", "manifest").member("program", request.program);
  json.member("command", request.redact ? std::string_view("[removed]") : request.command_line)
      .member("generated_at", base::to_iso8601(job.now));
  json.member("from", base::to_iso8601(filter.range->from)).member("to", base::to_iso8601(filter.range->to));
  json.member("by", model::to_text(filter.by));
  json.member("timezone", request.zone.name());
  const bool redacted = request.redact.has_value();
  const auto hidden_if = [](bool hide, const std::vector<std::string>& values) {
    return hide && !values.empty() ? std::vector<std::string>{"[removed]"} : values;
  };
  put(json, "queues", filter.queues);
  put(json, "teams", filter.teams);
  put(json, "agents", hidden_if(redacted && *request.redact != RedactionProfile::Customers, filter.agents));
  put(json, "customers", hidden_if(redacted, filter.customers));
  put(json, "channels", filter.channels);
  json.key("states").begin_array();
  for (const model::TranscriptState state : filter.states) json.value(model::to_text(state));
  json.end_array().member("text", redacted && !filter.text.empty() ? std::string_view("[removed]") : filter.text);
  json.key("redacted");
  if (redacted)
    json.value(to_text(*request.redact));
  else
    json.null();
  json.member("org_id", job.archive.org_id).member("schema_version", job.archive.schema_version);
  put(json, "high_water_mark", job.archive.high_water_mark);
  put(json, "last_success", job.archive.last_success);
  return json.end_object().text();
}

std::string conversation_line(const base::Zone& zone, const store::StoredTask& row,
                              const std::vector<model::ArchivedMessage>& messages,
                              const model::ConversationMetrics& metrics) {
  base::JsonWriter json;
  json.begin_object().member("type", "conversation");
  for (const auto& column : conversation_columns())
    if (column.kind != CellKind::Link) put(json.key(column.key), column.kind, column.value({row, metrics, {}}), zone);
  json.key("messages").begin_array();
  for (const auto& message : messages) {
    json.begin_object();
    for (const auto& column : message_columns())
      if (column.belongs == Belongs::ToRow) put(json.key(column.key), column.kind, column.value({row, message}), zone);
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
  for (const auto& state : model::kTranscriptStateNames) json.member(state.text, result.transcripts[state.value]);
  json.end_object();
  json.member("complete_until", base::to_iso8601(result.complete_until))
      .member("content_sha256", result.content_sha256);
  json.key("never_scanned").begin_array();
  for (const auto& span : result.never_scanned)
    json.begin_object()
        .member("from", base::to_iso8601(span.from))
        .member("to", base::to_iso8601(span.to))
        .end_object();
  return json.end_array().end_object().text();
}

}  // namespace

void write_jsonl(ExtractJob& job, TextSink& sink) {
  sink.write(manifest(job) + "\n");
  for_each_conversation(job, [&](const store::StoredTask& row, const std::vector<model::ArchivedMessage>& messages,
                                 const model::ConversationMetrics& metrics) {
    sink.write(conversation_line(job.request.zone, row, messages, metrics) + "\n");
  });
  sink.write(completion(job.result) + "\n");
}

}  // namespace wxcc::report
