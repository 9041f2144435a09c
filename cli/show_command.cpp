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

void print_people(const store::Reader& reader, const store::ConversationRow& row, const base::Zone& zone) {
  const auto local = [&](const std::optional<base::Instant>& at) { return at ? zone.format(*at) : std::string(); };
  line("task", row.task_id);
  line("channel", row.channel);
  line("queue", row.queue);
  line("team", row.team);
  line("agent", row.agent);
  std::string customer = row.customer_name;
  for (const std::string& contact : {row.customer_email, row.customer_phone})
    if (!contact.empty()) customer += (customer.empty() ? "" : ", ") + contact;
  line("customer", customer);
  line("started", local(row.created));
  line("ended", local(row.ended) + " " + zone.name());
  if (row.duration) line("duration", base::for_people(ch::floor<ch::seconds>(*row.duration)));
  line("wrap-up", row.wrapup_code);
  line("transcript", model::to_text(row.transcript_state));
  for (const store::TaskFailure& failure : reader.failures_of(row.task_id))
    line("failing", fmt::format("{}, {} tries: {}", failure.phase, failure.attempts, failure.message));
  for (const store::MessageRow& message : reader.messages(row.task_id)) {
    const std::string& who = message.participant_name.empty() ? message.participant_role : message.participant_name;
    const std::string role = message.participant_role.empty() || who == message.participant_role
                                 ? ""
                                 : " (" + message.participant_role + ")";
    fmt::print("\n{}  {}{}{}\n    {}\n", local(message.sent), printable(who, ""), role,
               message.redacted.value_or(false) ? " [redacted]" : "", printable(message.text, "    "));
  }
}

void print_json(const store::Reader& reader, const store::ConversationRow& row) {
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
  text("task_id", row.task_id);
  text("channel", row.channel);
  text("status", row.status);
  instant("created_at", row.created);
  instant("ended_at", row.ended);
  out.key("duration_ms")
      .value(row.duration ? std::optional(static_cast<std::int64_t>(row.duration->count())) : std::nullopt);
  text("queue", row.queue);
  text("team", row.team);
  text("site", row.site);
  text("entry_point", row.entry_point);
  text("agent", row.agent);
  text("customer_name", row.customer_name);
  text("customer_email", row.customer_email);
  text("customer_phone", row.customer_phone);
  text("origin", row.origin);
  text("destination", row.destination);
  text("direction", row.direction);
  text("wrapup_code", row.wrapup_code);
  text("termination_type", row.termination_type);
  out.key("csat_score").value(row.csat_score);
  text("transcript_state", model::to_text(row.transcript_state));
  out.member("message_count", row.message_count);
  out.key("messages").begin_array();
  for (const store::MessageRow& message : reader.messages(row.task_id)) {
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
  for (const store::TaskFailure& failure : reader.failures_of(row.task_id))
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

int run(const GlobalOptions& global, const ShowArguments& arguments) {
  const ReadOnlySetup setup = configure_reading(global);
  const store::Reader reader = store::Reader::open(setup.archive);
  const auto row = reader.conversation(arguments.task_id);
  if (!row) throw base::Error("no task " + arguments.task_id + " in " + setup.archive.string());
  if (arguments.raw) return print_raw(reader, arguments.task_id);
  if (arguments.style == OutputStyle::Json)
    print_json(reader, *row);
  else
    print_people(reader, *row, setup.zone());
  return kDone;
}

}  // namespace wxcc::cli
