// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/period.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/reader.h"

namespace wxcc::cli {
namespace {

// The snippet with its matches between `begin` and `end`.
std::string marked(const std::string& snippet, std::string_view begin, std::string_view end) {
  std::string result;
  std::string plain;
  const auto flush = [&] {
    result += escape_for_terminal(plain, "    ");
    plain.clear();
  };
  for (const char c : snippet) {
    if (c != store::kHitBegin && c != store::kHitEnd) {
      plain += c;
      continue;
    }
    flush();
    result += c == store::kHitBegin ? begin : end;
  }
  flush();
  return result;
}

void print_text(const std::vector<store::SearchHit>& hits, const base::Zone& zone) {
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  for (const store::SearchHit& hit : hits) {
    const std::string& who = hit.participant_name.empty() ? hit.participant_role : hit.participant_name;
    const auto at = hit.sent ? hit.sent : hit.ended;
    fmt::print("{}  {}  {}\n    {}{}{}\n", at ? zone.format(*at) : "-", escape_for_terminal(hit.task_id, ""),
               escape_for_terminal(hit.queue.empty() ? hit.agent : hit.queue, ""), escape_for_terminal(who, ""),
               who.empty() ? "" : ": ", marked(hit.snippet, terminal ? "\033[1m" : "[", terminal ? "\033[0m" : "]"));
  }
}

void print_json(const std::vector<store::SearchHit>& hits) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_array();
  for (const store::SearchHit& hit : hits) {
    out.begin_object().member("task_id", hit.task_id).member("seq", hit.seq);
    out.member("sent_at", hit.sent).member("ended_at", hit.ended);
    out.member_or_null("queue", hit.queue);
    out.member_or_null("agent", hit.agent);
    out.member_or_null("participant_name", hit.participant_name);
    out.member_or_null("participant_role", hit.participant_role);
    out.member_or_null("snippet", marked(hit.snippet, "[", "]"));
    out.end_object();
  }
  std::puts(out.end_array().text().c_str());
}

}  // namespace

int run_search(const GlobalOptions& global, const SearchArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  store::ConversationFilter filter = arguments.filter;
  for (const std::string& word : arguments.words) filter.text += (filter.text.empty() ? "" : " ") + word;
  filter.range = parse_period(arguments.period, setup.zone(), base::SystemClock().now());
  // An empty text is no condition in a filter; a blank is an invalid query.
  if (filter.text.empty()) filter.text = " ";
  const auto [hits, ranked] = store::Reader::open(setup.archive).search(filter, arguments.limit);
  if (arguments.json) {
    print_json(hits);
  } else {
    print_text(hits, setup.zone());
    if (hits.empty()) fmt::print(stderr, "no match\n");
    if (static_cast<int>(hits.size()) == arguments.limit)
      fmt::print(stderr, "limit of {} reached; raise it with --limit\n", base::count_of(arguments.limit, "result"));
  }
  if (!ranked && !hits.empty())
    fmt::print(stderr, "too many matches to rank, newest first; add a word to the query to rank them\n");
  return kDone;
}

}  // namespace wxcc::cli
