// SPDX-License-Identifier: Apache-2.0
// What tests and demonstrations see and steer: the functions of Cloud that have no counterpart in the real service.
#include <fmt/format.h>

#include "base/text.h"
#include "simulator/cloud.h"

namespace wxcc::simulator {
namespace {

Answer plain(int status, const std::string& text) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/plain;charset=UTF-8";
  answer.body = text + "\n";
  return answer;
}

}  // namespace

Answer Cloud::control(const Request& request, base::Instant now) {
  const bool is_post = request.method == "POST";
  if (request.path == "/sim/truth" && !is_post) {
    const bool tasks_only = base::find_in(request.query, "detail") == "tasks";
    Answer answer;
    answer.content_type = "application/jsonl;charset=UTF-8";
    for (const TruthEntry& entry :
         truth_of(options_, population_, transcripts_, now, tasks_only ? TruthDetail::Tasks : TruthDetail::Messages))
      answer.body += to_json(entry) + "\n";
    return answer;
  }
  if (request.path == "/sim/stats" && !is_post) {
    statistics_.logins = authority_.logins();
    statistics_.refreshes = authority_.refreshes();
    Answer answer;
    answer.body = to_json(statistics_);
    return answer;
  }
  if (request.path == "/sim/faults" && is_post) return set_faults(request.body);
  if (request.path == "/sim/revoke" && is_post) {
    const std::string_view what = base::trim(request.body);
    if (what != "access" && what != "refresh") return plain(400, "expected access or refresh");
    if (what == "access")
      authority_.revoke_access_tokens();
    else
      authority_.revoke_refresh_tokens();
    return plain(200, "revoked");
  }
  return plain(404, "expected GET /sim/truth, GET /sim/stats, POST /sim/faults or POST /sim/revoke");
}

// One fault per line; an empty body takes all faults away.
Answer Cloud::set_faults(const std::string& body) {
  std::vector<FaultSpec> specs;
  for (const std::string_view line : base::split(body, '\n')) {
    const std::string_view text = base::trim(line);
    if (text.empty()) continue;
    auto spec = parse_fault(text);
    if (!spec) return plain(400, spec.error());
    specs.push_back(*spec);
  }
  faults_.clear();
  for (const FaultSpec& spec : specs) faults_.add(spec);
  return plain(200, fmt::format("{} faults", specs.size()));
}

Grant Cloud::issue_grant() {
  const std::lock_guard lock(mutex_);
  return authority_.issue(clock_.now());
}

void Cloud::revoke_access_tokens() {
  const std::lock_guard lock(mutex_);
  authority_.revoke_access_tokens();
}

void Cloud::revoke_refresh_tokens() {
  const std::lock_guard lock(mutex_);
  authority_.revoke_refresh_tokens();
}

std::vector<std::string> Cloud::issued_secrets() {
  const std::lock_guard lock(mutex_);
  return authority_.issued();
}

void Cloud::add_fault(const FaultSpec& fault) {
  const std::lock_guard lock(mutex_);
  faults_.add(fault);
}

void Cloud::clear_faults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

Statistics Cloud::statistics() {
  const std::lock_guard lock(mutex_);
  statistics_.logins = authority_.logins();
  statistics_.refreshes = authority_.refreshes();
  return statistics_;
}

std::vector<TruthEntry> Cloud::truth(TruthDetail detail) {
  const std::lock_guard lock(mutex_);
  population_.advance(clock_.now());
  return truth_of(options_, population_, transcripts_, clock_.now(), detail);
}

bool Cloud::move_end(const std::string& task_id, base::Instant ended) {
  const std::lock_guard lock(mutex_);
  const auto number = population_.find(task_id);
  if (number) population_.move_end(*number, ended);
  return number.has_value();
}

std::optional<std::vector<std::string>> Cloud::texts_of(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  const auto number = population_.find(task_id);
  if (!number) return std::nullopt;
  return transcripts_.texts(*number, clock_.now());
}

}  // namespace wxcc::simulator
