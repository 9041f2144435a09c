// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/erasure_verification.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

// More conversations require --yes.
constexpr std::size_t kConfirmationThreshold = 100;

constexpr const char* kNotCovered[] = {"earlier extracts (xlsx, csv, jsonl)",
                                       "backups and copies of the archive, including file system snapshots",
                                       "log files", "data that Webex retains"};

struct Selection {
  std::vector<std::string> ids;          // all that were requested
  std::vector<store::StoredTask> found;  // of these, in the archive
};

Selection select(const store::Reader& reader, const EraseArguments& arguments) {
  Selection selection;
  if (!arguments.customer.empty()) {
    selection.found = reader.conversations_of_customer(arguments.customer);
    for (const store::StoredTask& row : selection.found) selection.ids.push_back(row.task.id);
    return selection;
  }
  selection.ids = arguments.tasks;
  for (const std::string& id : arguments.tasks)
    if (auto row = reader.conversation(id)) selection.found.push_back(std::move(*row));
  return selection;
}

std::string count_conversations(const Selection& selection) {
  return base::count_of(static_cast<std::int64_t>(selection.found.size()), "conversation");
}

int print_plan(const Selection& selection, const base::Zone& zone) {
  for (const store::StoredTask& row : selection.found)
    fmt::print("{}  {}  {}  {}  {}\n", row.task.ended ? zone.format(*row.task.ended) : "-",
               escape_for_terminal(row.task.id, ""), escape_for_terminal(row.task.queue.name, ""),
               escape_for_terminal(row.task.customer.name, ""), base::count_of(row.message_count, "message"));
  fmt::print("would erase {}; nothing changed\n", count_conversations(selection));
  return kDone;
}

// Throws before anything is changed.
void validate(const Selection& selection, const EraseArguments& arguments, store::Archive& archive) {
  if (!arguments.customer.empty() && selection.found.empty())
    throw base::Error(fmt::format(
        "no conversation of customer {} in the archive; nothing changed; give the full name, e-mail address "
        "or phone number",
        arguments.customer));
  if (arguments.customer.empty())
    for (const std::string& id : selection.ids) {
      const bool found = std::any_of(selection.found.begin(), selection.found.end(),
                                     [&](const store::StoredTask& row) { return row.task.id == id; });
      if (!found && !archive.removal().is_erased(id))
        throw base::Error(fmt::format("no task {} in {}; nothing changed", id, archive.path().string()));
    }
  if (selection.found.size() > kConfirmationThreshold && !arguments.yes)
    throw base::UsageError(
        fmt::format("{} selected; list them with --dry-run, then confirm with --yes", count_conversations(selection)));
}

struct Receipt {
  const EraseArguments& arguments;
  const Selection& selection;
  base::Path archive;
  std::string org_id;
  base::Instant at;
  store::Removal::Erased erased;
  store::ErasureVerification proof;
  std::int64_t mentions = 0;
};

void print_json(const Receipt& receipt) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object().member("erased_at", receipt.at);
  out.member("archive", std::string_view(receipt.archive.native())).member("org_id", receipt.org_id);
  out.member_or_null("customer", receipt.arguments.customer);
  out.key("task_ids").begin_array();
  for (const std::string& id : receipt.selection.ids) out.value(std::string_view(id));
  out.end_array().key("removed").begin_object();
  write_json(out, receipt.erased.rows);
  out.end_object().key("audit").begin_object().member("entry", receipt.erased.audit.entry);
  out.member("hash", base::to_hex(receipt.erased.audit.hash)).end_object();
  const store::ErasureVerification& proof = receipt.proof;
  out.key("proof").begin_object().member("strings_searched", proof.texts);
  out.member("bytes_read", static_cast<std::int64_t>(proof.bytes_read)).member("vacuumed", proof.vacuumed);
  out.member("matches_remaining", proof.matches_remaining)
      .member("blocked_by_reader", proof.blocked_by_reader)
      .end_object();
  out.member("messages_mentioning_customer", receipt.mentions).key("not_covered").begin_array();
  for (const char* copies : kNotCovered) out.value(copies);
  std::puts(out.end_array().end_object().text().c_str());
}

void print_text(const Receipt& receipt) {
  fmt::print("erased {}; audit entry {}\n", to_text(receipt.erased.rows), receipt.erased.audit.entry);
  if (!receipt.proof.blocked_by_reader)
    fmt::print("searched {:.1f} MiB of the archive's files for {}: {} found\n",
               static_cast<double>(receipt.proof.bytes_read) / (1 << 20),
               base::count_of(static_cast<std::int64_t>(receipt.proof.texts), "string"),
               receipt.proof.matches_remaining);
  if (receipt.mentions > 0)
    fmt::print("found {} in {} of other conversations; list them with `wxcc-archive search`\n",
               receipt.arguments.customer, base::count_of(receipt.mentions, "message"));
  for (const char* copies : kNotCovered) fmt::print("not erased: {}\n", copies);
}

// The messages of other conversations that contain the customer's name, address or number.
std::int64_t mentions_of(const base::Path& archive, const std::string& customer) {
  if (customer.empty()) return 0;
  std::string phrase = "\"";
  for (const char c : customer) phrase += c == '"' ? ' ' : c;
  constexpr std::int64_t kMaxCount = 100000;
  try {
    return store::Reader::open(archive).count_matches(phrase + "\"", kMaxCount);
  } catch (const store::StoreError& error) {
    if (error.kind() != store::StoreError::Kind::BadQuery) throw;
    return 0;  // the customer contains no word
  }
}

}  // namespace

int run_erase(const GlobalOptions& global, const EraseArguments& arguments) {
  if (arguments.tasks.empty() == arguments.customer.empty()) throw base::UsageError("give either --task or --customer");
  const ReadOnlySetup setup = configure_read_only(global);
  if (arguments.dry_run) return print_plan(select(store::Reader::open(setup.archive), arguments), setup.zone());
  const base::SystemClock clock;
  store::Archive archive = open_archive_exclusive(setup, clock);
  Selection selection;
  std::vector<std::string> texts;
  std::string org_id;
  {
    const store::Reader reader = store::Reader::open(setup.archive);
    selection = select(reader, arguments);
    validate(selection, arguments, archive);
    texts = reader.identifying_strings(selection.ids);
    org_id = reader.org_id();
  }
  if (!arguments.customer.empty()) texts.push_back(arguments.customer);
  Receipt receipt{arguments, selection, std::filesystem::absolute(setup.archive), org_id, clock.now(), {}, {}, 0};
  receipt.erased = archive.removal().erase(selection.ids, arguments.customer.empty() ? "task" : "customer", receipt.at);
  receipt.proof = store::verify_erasure(archive, texts, show_progress);
  clear_progress();
  receipt.mentions = mentions_of(setup.archive, arguments.customer);
  if (arguments.json)
    print_json(receipt);
  else
    print_text(receipt);
  if (receipt.proof.blocked_by_reader) {
    fmt::print(stderr,
               "wxcc-archive: rows erased, but an open read transaction on {} blocks the WAL checkpoint; close that "
               "program and rerun `wxcc-archive erase --task` with the same tasks\n",
               setup.archive.string());
    return kTemporaryFailure;
  }
  if (receipt.proof.matches_remaining == 0) return kDone;
  fmt::print(stderr, "wxcc-archive: {} of erased strings left in {}\n",
             base::count_of(static_cast<std::int64_t>(receipt.proof.matches_remaining), "copy"),
             setup.archive.string());
  return kFailed;
}

}  // namespace wxcc::cli
