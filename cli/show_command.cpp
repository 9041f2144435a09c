// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "base/duration.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "model/task_fields.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

void line(std::string_view label, std::string_view text) {
  if (!text.empty()) fmt::print("{:<17}{}\n", label, escape_for_terminal(text, ""));
}

std::string local_time(const std::optional<base::Instant>& instant, const base::Zone& zone) {
  return instant ? zone.format(*instant) : std::string();
}

std::string to_text(const model::FieldValue& value, const base::Zone& zone) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* instant = std::get_if<base::Instant>(&value)) return zone.format(*instant) + " " + zone.name();
  if (const auto* duration = std::get_if<base::Millis>(&value))
    return base::humanize(ch::floor<ch::seconds>(*duration));
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  return {};
}

void put(base::JsonWriter& out, const model::FieldValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value))
    out.value(*text);
  else if (const auto* instant = std::get_if<base::Instant>(&value))
    out.value(base::to_iso8601(*instant));
  else if (const auto* duration = std::get_if<base::Millis>(&value))
    out.value(static_cast<std::int64_t>(duration->count()));
  else if (const auto* number = std::get_if<std::int64_t>(&value))
    out.value(*number);
  else if (const auto* flag = std::get_if<bool>(&value))
    out.value(*flag);
  else
    out.null();
}

void print_text(const store::Reader& reader, const store::StoredTask& stored, const base::Zone& zone) {
  for (const model::TaskField& field : model::task_fields())
    if (field.visibility == model::Visibility::View)
      line(base::to_lower(field.heading.text), to_text(value_of(field, stored.task), zone));
  line("transcript", model::to_text(stored.transcript_state));
  for (const store::TaskFailure& failure : reader.failures_of(stored.task.id))
    line("failing", fmt::format("{}, {} tries: {}", failure.phase, failure.attempts, failure.message));
  for (const model::ArchivedMessage& message : reader.messages(stored.task.id)) {
    const std::string& who = message.participant_name.empty() ? message.participant_role : message.participant_name;
    const std::string role = message.participant_role.empty() || who == message.participant_role
                                 ? ""
                                 : " (" + message.participant_role + ")";
    fmt::print("\n{}  {}{}{}\n    {}\n", local_time(message.sent, zone), escape_for_terminal(who, ""), role,
               message.redacted.value_or(false) ? " [redacted]" : "", escape_for_terminal(message.text, "    "));
  }
}

void print_json(const store::Reader& reader, const store::StoredTask& stored) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  const auto text = [&](std::string_view name, std::string_view value) {
    out.key(name);
    if (value.empty())
      out.null();
    else
      out.value(value);
  };
  const auto instant = [&](std::string_view name, const std::optional<base::Instant>& at) {
    text(name, at ? base::to_iso8601(*at) : "");
  };
  out.begin_object();
  for (const model::TaskField& field : model::task_fields())
    if (field.visibility == model::Visibility::View) put(out.key(view_column(field)), value_of(field, stored.task));
  text("transcript_state", model::to_text(stored.transcript_state));
  out.member("message_count", stored.message_count);
  out.key("messages").begin_array();
  for (const model::ArchivedMessage& message : reader.messages(stored.task.id)) {
    out.begin_object().member("seq", message.seq);
    instant("sent_at", message.sent);
    text("direction", message.direction);
    text("participant_name", message.participant_name);
    text("participant_role", message.participant_role);
    text("participant_user_id", message.participant_user_id);
    text("alias_id", message.alias_id);
    text("text", message.text);
    out.key("redacted").value(message.redacted).end_object();
  }
  out.end_array().key("failures").begin_array();
  for (const store::TaskFailure& failure : reader.failures_of(stored.task.id))
    out.begin_object()
        .member("phase", std::string_view(failure.phase))
        .member("kind", std::string_view(failure.kind))
        .member("message", std::string_view(failure.message))
        .member("first", base::to_iso8601(failure.first))
        .member("last", base::to_iso8601(failure.last))
        .member("attempts", failure.attempts)
        .end_object();
  out.end_array().end_object();
  std::puts(out.text().c_str());
}

// The transcripts that the views show, byte for byte.
int print_raw(const store::Reader& reader, const std::string& task_id) {
  bool any = false;
  for (const store::RawTranscript& transcript : reader.raw_transcripts(task_id)) {
    if (!transcript.current && !transcript.format.empty()) continue;
    any = true;
    std::fwrite(transcript.bytes.data(), 1, transcript.bytes.size(), stdout);
  }
  if (!any) throw base::Error("task " + task_id + " has no transcript in the archive");
  return std::fflush(stdout) == 0 ? kDone : kFailed;
}

}  // namespace

int run_show(const GlobalOptions& global, const ShowArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  const auto stored = reader.conversation(arguments.task_id);
  if (!stored) throw base::Error("no task " + arguments.task_id + " in " + setup.archive.string());
  if (arguments.raw) return print_raw(reader, arguments.task_id);
  if (arguments.format == OutputFormat::Json)
    print_json(reader, *stored);
  else
    print_text(reader, *stored, setup.zone());
  return kDone;
}

}  // namespace wxcc::cli
