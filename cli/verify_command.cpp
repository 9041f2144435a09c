// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/printing.h"
#include "cli/wiring.h"
#include "store/verify.h"

namespace wxcc::cli {
namespace {

using Outcome = store::Check::Outcome;

void print_text(const std::vector<store::Check>& checks) {
  for (const store::Check& check : checks) {
    fmt::print("{:<11}{:<13}{}\n", store::to_text(check.outcome), check.name,
               base::count_of(check.examined, check.unit));
    for (const std::string& finding : check.findings)
      fmt::print("           {}\n", escape_for_terminal(finding, "           "));
    const auto more = check.found - static_cast<std::int64_t>(check.findings.size());
    if (more > 0) fmt::print("           and {} more\n", more);
  }
}

void print_json(const std::vector<store::Check>& checks) {
  base::JsonWriter out(base::JsonWriter::Style::Indented);
  out.begin_object().member("outcome", store::to_text(store::outcome_of(checks))).key("checks").begin_array();
  for (const store::Check& check : checks) {
    out.begin_object().member("name", check.name).member("outcome", store::to_text(check.outcome));
    out.member("examined", check.examined)
        .member("unit", check.unit)
        .member("found", check.found)
        .key("findings")
        .begin_array();
    for (const std::string& finding : check.findings) out.value(std::string_view(finding));
    out.end_array().end_object();
  }
  std::puts(out.end_array().end_object().text().c_str());
}

}  // namespace

int run_verify(const GlobalOptions& global, const VerifyArguments& arguments) {
  const ReadOnlySetup setup = configure_read_only(global);
  store::VerifyOptions options;
  options.parser = transcript_parser();
  options.progress = [](std::int64_t done, std::int64_t of) { show_progress("transcripts", done, of); };
  options.now = base::SystemClock().now();
  const std::vector<store::Check> checks = store::verify(setup.archive, options);
  if (arguments.json)
    print_json(checks);
  else
    print_text(checks);
  switch (store::outcome_of(checks)) {
    case Outcome::Ok:
      return kDone;
    case Outcome::Incomplete:
      return kIncomplete;
    case Outcome::Corrupt:
      return kFailed;
  }
  return kFailed;
}

}  // namespace wxcc::cli
