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
#include "report/columns.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

void line(std::string_view label, std::string_view text) {
  if (!text.empty()) fmt::print("{:<17}{}\n", label, escape_for_terminal(text, ""));
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

void print_text(const store::Reader& reader, const store::StoredTask& stored, const base::Zone& zone) {
  for (const model::TaskField& field : model::task_fields())
    if (field.visibility == model::Visibility::View)
      line(base::to_lower(field.heading.text), to_text(value_of(field, stored.task), zone));
  line("transcript", model::to_text(stored.transcript_state));
  for (const store::TaskFailure& failure : reader.failures_of(stored.task.id))
    line("failure",
         fmt::format("{}, {}: {}", failure.phase, base::count_of(failure.attempts, "attempt"), failure.message));
  for (const model::ArchivedMessage& message : reader.messages(stored.task.id)) {
    const std::string& who = message.participant_name.empty() ? message.participant_role : message.participant_name;
    const std::string role = message.participant_role.empty() || who == message.participant_role
                                 ? ""
                                 : " (" + message.participant_role + ")";
    fmt::print("\n{}  {}{}{}\n    {}\n", message.sent ? zone.format(*message.sent) : "", escape_for_terminal(who, ""),
               role, message.redacted.value_or(false) ? " [redacted]" : "", escape_for_terminal(message.text, "    "));
  }
}

void print_json(const store::Reader& reader, const store::StoredTask& stored) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object();
  for (const model::TaskField& field : model::task_fields())
    if (field.visibility == model::Visibility::View)
      report::write_json(out.key(view_column(field)), value_of(field, stored.task));
  out.member_or_null("transcript_state", model::to_text(stored.transcript_state));
  out.member("message_count", stored.message_count);
  out.key("messages").begin_array();
  for (const model::ArchivedMessage& message : reader.messages(stored.task.id)) {
    out.begin_object().member("seq", message.seq);
    out.member("sent_at", message.sent);
    out.member_or_null("direction", message.direction);
    out.member_or_null("participant_name", message.participant_name);
    out.member_or_null("participant_role", message.participant_role);
    out.member_or_null("participant_user_id", message.participant_user_id);
    out.member_or_null("alias_id", message.alias_id);
    out.member_or_null("text", message.text);
    out.member("redacted", message.redacted).end_object();
  }
  out.end_array().key("failures").begin_array();
  for (const store::TaskFailure& failure : reader.failures_of(stored.task.id)) {
    write_failure(out.begin_object(), failure);
    out.end_object();
  }
  out.end_array().end_object();
  std::puts(out.text().c_str());
}

// The current transcripts, byte for byte.
int print_raw(const store::Reader& reader, const std::string& task_id) {
  bool any = false;
  for (const store::RawTranscript& transcript : reader.raw_transcripts(task_id)) {
    if (!transcript.current && !transcript.format.empty()) continue;
    any = true;
    std::fwrite(transcript.bytes.data(), 1, transcript.bytes.size(), stdout);
  }
  if (!any) throw base::Error(fmt::format("task {} has no transcript in the archive", task_id));
  return std::fflush(stdout) == 0 ? kDone : kFailed;
}

}  // namespace

int run_show(const GlobalOptions& global, const ShowArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  const auto stored = reader.conversation(arguments.task_id);
  if (!stored) throw base::Error(fmt::format("no task {} in {}", arguments.task_id, setup.archive.string()));
  if (arguments.raw) return print_raw(reader, arguments.task_id);
  if (arguments.json)
    print_json(reader, *stored);
  else
    print_text(reader, *stored, setup.zone());
  return kDone;
}

}  // namespace wxcc::cli
