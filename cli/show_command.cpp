// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "base/duration.h"
#include "base/error.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/setup.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

void line(std::string_view label, std::string_view text) {
  if (!text.empty()) fmt::print("{:<13}{}\n", label, printable(text, ""));
}

void print_people(const store::Reader& reader, const store::StoredTask& row, const base::Zone& zone) {
  const auto local = [&](const std::optional<base::Instant>& at) { return at ? zone.format(*at) : std::string(); };
  line("task", row.task.id);
  line("channel", row.task.channel);
  line("queue", row.task.queue.name);
  line("team", row.task.team.name);
  line("agent", row.task.agent.name);
  std::string customer = row.task.customer.name;
  for (const std::string& contact : {row.task.customer.email, row.task.customer.phone})
    if (!contact.empty()) customer += (customer.empty() ? "" : ", ") + contact;
  line("customer", customer);
  line("started", local(row.task.created));
  line("ended", local(row.task.ended) + " " + zone.name());
  if (row.task.duration) line("duration", base::for_people(ch::floor<ch::seconds>(*row.task.duration)));
  line("wrap-up", row.task.wrapup_code);
  line("transcript", model::to_text(row.transcript_state));
  for (const store::TaskFailure& failure : reader.failures_of(row.task.id))
    line("failing", fmt::format("{}, {} tries: {}", failure.phase, failure.attempts, failure.message));
  for (const model::ArchivedMessage& message : reader.messages(row.task.id)) {
    const std::string& who = message.participant_name.empty() ? message.participant_role : message.participant_name;
    const std::string role = message.participant_role.empty() || who == message.participant_role
                                 ? ""
                                 : " (" + message.participant_role + ")";
    fmt::print("\n{}  {}{}{}\n    {}\n", local(message.sent), printable(who, ""), role,
               message.redacted.value_or(false) ? " [redacted]" : "", printable(message.text, "    "));
  }
}

void print_json(const store::Reader& reader, const store::StoredTask& row) {
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
  text("task_id", row.task.id);
  text("channel", row.task.channel);
  text("status", row.task.status);
  instant("created_at", row.task.created);
  instant("ended_at", row.task.ended);
  out.key("duration_ms")
      .value(row.task.duration ? std::optional(static_cast<std::int64_t>(row.task.duration->count())) : std::nullopt);
  text("queue", row.task.queue.name);
  text("team", row.task.team.name);
  text("site", row.task.site.name);
  text("entry_point", row.task.entry_point.name);
  text("agent", row.task.agent.name);
  text("customer_name", row.task.customer.name);
  text("customer_email", row.task.customer.email);
  text("customer_phone", row.task.customer.phone);
  text("origin", row.task.origin);
  text("destination", row.task.destination);
  text("direction", row.task.direction);
  text("wrapup_code", row.task.wrapup_code);
  text("termination_type", row.task.termination_type);
  out.key("csat_score").value(row.task.csat_score);
  text("transcript_state", model::to_text(row.transcript_state));
  out.member("message_count", row.message_count);
  out.key("messages").begin_array();
  for (const model::ArchivedMessage& message : reader.messages(row.task.id)) {
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
  for (const store::TaskFailure& failure : reader.failures_of(row.task.id))
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
    if (!transcript.shown && !transcript.format.empty()) continue;
    any = true;
    std::fwrite(transcript.bytes.data(), 1, transcript.bytes.size(), stdout);
  }
  if (!any) throw base::Error("task " + task_id + " has no transcript in the archive");
  return std::fflush(stdout) == 0 ? kDone : kFailed;
}

}  // namespace

int run_show(const GlobalOptions& global, const ShowArguments& arguments) {
  const ReadOnlySetup setup = configure_reading(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  const auto row = reader.conversation(arguments.task_id);
  if (!row) throw base::Error("no task " + arguments.task_id + " in " + setup.archive.string());
  if (arguments.raw) return print_raw(reader, arguments.task_id);
  if (arguments.format == OutputFormat::Json)
    print_json(reader, *row);
  else
    print_people(reader, *row, setup.zone());
  return kDone;
}

}  // namespace wxcc::cli
