// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/erasure_verification.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

// More than these need --yes.
constexpr std::size_t kConfirmationThreshold = 100;

constexpr const char* kOutside[] = {"extracts made before (xlsx, csv, jsonl)",
                                    "backups and copies of the archive, also of the file system", "log files",
                                    "what Webex itself retains"};

struct Selection {
  std::vector<std::string> ids;          // all that were asked for
  std::vector<store::StoredTask> there;  // of these
};

Selection select(const store::Reader& reader, const EraseArguments& arguments) {
  Selection selection;
  if (!arguments.customer.empty()) {
    selection.there = reader.conversations_of_customer(arguments.customer);
    for (const store::StoredTask& row : selection.there) selection.ids.push_back(row.task.id);
    return selection;
  }
  selection.ids = arguments.tasks;
  for (const std::string& id : arguments.tasks)
    if (auto row = reader.conversation(id)) selection.there.push_back(std::move(*row));
  return selection;
}

int print_plan(const Selection& selection, const base::Zone& zone) {
  for (const store::StoredTask& row : selection.there)
    fmt::print("{}  {}  {}  {}  {} messages\n", row.task.ended ? zone.format(*row.task.ended) : "-",
               escape_for_terminal(row.task.id, ""), escape_for_terminal(row.task.queue.name, ""),
               escape_for_terminal(row.task.customer.name, ""), row.message_count);
  fmt::print("{} conversations would be erased; nothing is changed\n", selection.there.size());
  return kDone;
}

// Refuses before anything is changed.
void validate(const Selection& selection, const EraseArguments& arguments, store::Archive& archive) {
  if (!arguments.customer.empty() && selection.there.empty())
    throw base::Error(
        fmt::format("no conversation of a customer {} in the archive; nothing is changed. The whole "
                    "name, e-mail address or phone number is compared",
                    arguments.customer));
  if (arguments.customer.empty())
    for (const std::string& id : selection.ids) {
      const bool there = std::any_of(selection.there.begin(), selection.there.end(),
                                     [&](const store::StoredTask& row) { return row.task.id == id; });
      if (!there && !archive.removal().is_erased(id))
        throw base::Error(fmt::format("no task {} in {}; nothing is changed", id, archive.path().string()));
    }
  if (selection.there.size() > kConfirmationThreshold && !arguments.yes)
    throw base::UsageError(
        fmt::format("these are {} conversations; check them with --dry-run, then add --yes", selection.there.size()));
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
  out.key("proof").begin_object().member("texts_looked_for", proof.texts);
  out.member("bytes_read", static_cast<std::int64_t>(proof.bytes_read)).member("file_rebuilt", proof.vacuumed);
  out.member("traces_left", proof.matches_remaining).member("reader_in_the_way", proof.blocked_by_reader).end_object();
  out.member("messages_that_mention_the_customer", receipt.mentions).key("outside").begin_array();
  for (const char* outside : kOutside) out.value(outside);
  std::puts(out.end_array().end_object().text().c_str());
}

void print_text(const Receipt& receipt) {
  fmt::print("erased {}; audit entry {}\n", to_text(receipt.erased.rows), receipt.erased.audit.entry);
  if (!receipt.proof.blocked_by_reader)
    fmt::print("{} texts searched in {:.1f} MiB of the archive's files: {} found\n", receipt.proof.texts,
               static_cast<double>(receipt.proof.bytes_read) / (1 << 20), receipt.proof.matches_remaining);
  if (receipt.mentions > 0)
    fmt::print("{} messages of other conversations mention {}; `wxcc-archive search` finds them\n", receipt.mentions,
               receipt.arguments.customer);
  for (const char* outside : kOutside) fmt::print("not erased: {}\n", outside);
}

// Of other conversations, in their words.
std::int64_t mentions_of(const base::Path& archive, const std::string& customer) {
  if (customer.empty()) return 0;
  std::string phrase = "\"";
  for (const char c : customer) phrase += c == '"' ? ' ' : c;
  constexpr std::int64_t kCounted = 100000;
  try {
    return store::Reader::open(archive).count_matches(phrase + "\"", kCounted);
  } catch (const store::StoreError& error) {
    if (error.kind() != store::StoreError::Kind::BadQuery) throw;
    return 0;  // no word in it
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
               "program and rerun "
               "`wxcc-archive erase --task` with the same tasks again\n",
               setup.archive.string());
    return kTemporaryFailure;
  }
  if (receipt.proof.matches_remaining == 0) return kDone;
  fmt::print(stderr, "wxcc-archive: {} traces are left in the bytes of {}\n", receipt.proof.matches_remaining,
             setup.archive.string());
  return kFailed;
}

}  // namespace wxcc::cli
