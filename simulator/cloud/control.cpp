// SPDX-License-Identifier: Apache-2.0
// The functions of Services without a counterpart in the real services, for tests and demonstrations.
#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "simulator/cloud/services.h"

namespace wxcc::simulator {
namespace {

Response plain(int status, const std::string& text) {
  return {status, text + "\n", "text/plain;charset=UTF-8"};
}

std::string to_json(const Statistics& statistics) {
  base::JsonWriter json;
  json.begin_object().key("requests").begin_object();
  for (const auto& [route, count] : statistics.requests) json.member(route, count);
  json.end_object().key("responses").begin_object();
  for (const auto& [route, by_status] : statistics.responses) {
    json.key(route).begin_object();
    for (const auto& [status, count] : by_status) json.member(std::to_string(status), count);
    json.end_object();
  }
  json.end_object().member("rate_limited", statistics.rate_limited).member("faults", statistics.faults);
  json.member("logins", statistics.logins).member("token_refreshes", statistics.refreshes);
  json.key("violations").begin_object();
  for (const auto& [what, count] : statistics.violations) json.member(what, count);
  json.end_object().end_object();
  return json.text();
}

}  // namespace

Response Services::control(const Request& request, base::Instant now) {
  const std::string operation = request.method + " " + request.path;
  if (operation == "GET /sim/ground-truth") {
    const bool tasks_only = base::find_parameter(request.query, "detail") == "tasks";
    Response response{200, "", "application/jsonl;charset=UTF-8"};
    for (const GroundTruthEntry& entry : compute_ground_truth(
             options_, tasks_, transcripts_, now, tasks_only ? GroundTruthDetail::Tasks : GroundTruthDetail::Messages))
      response.body += to_json(entry) + "\n";
    return response;
  }
  if (operation == "GET /sim/stats") return {200, to_json(current_statistics())};
  if (operation == "POST /sim/faults") return set_faults(request.body);
  if (operation == "POST /sim/revoke") {
    const std::string_view kind = base::trim(request.body);
    if (kind != "access" && kind != "refresh") return plain(400, "expected access or refresh");
    kind == "access" ? oauth_.revoke_access_tokens() : oauth_.revoke_refresh_tokens();
    return plain(200, "revoked");
  }
  return plain(404, "expected GET /sim/ground-truth, GET /sim/stats, POST /sim/faults or POST /sim/revoke");
}

// One fault per line; an empty body removes all faults.
Response Services::set_faults(const std::string& body) {
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
  return plain(200, base::count_of(static_cast<std::int64_t>(specs.size()), "fault"));
}

void Services::add_fault(std::string_view spec) {
  const auto fault = parse_fault(spec);
  if (!fault) throw base::UsageError(fault.error());
  const std::lock_guard lock(mutex_);
  faults_.add(*fault);
}

void Services::clear_faults() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

IssuedTokens Services::issue_tokens() {
  const std::lock_guard lock(mutex_);
  base::SeededRandom rng = series_of(options_.seed, Series::Token, issued_token_sets_++);
  return oauth_.issue(options_.scope, clock_.now(), rng);
}

void Services::revoke_access_tokens() {
  const std::lock_guard lock(mutex_);
  oauth_.revoke_access_tokens();
}

void Services::revoke_refresh_tokens() {
  const std::lock_guard lock(mutex_);
  oauth_.revoke_refresh_tokens();
}

std::vector<std::string> Services::issued_secrets() {
  const std::lock_guard lock(mutex_);
  return oauth_.issued();
}

Statistics Services::current_statistics() const {
  Statistics result = statistics_;
  result.logins = oauth_.logins();
  result.refreshes = oauth_.refreshes();
  return result;
}

Statistics Services::statistics() {
  const std::lock_guard lock(mutex_);
  return current_statistics();
}

std::vector<GroundTruthEntry> Services::ground_truth(GroundTruthDetail detail) {
  const std::lock_guard lock(mutex_);
  const base::Instant now = clock_.now();
  tasks_.advance(now);
  return compute_ground_truth(options_, tasks_, transcripts_, now, detail);
}

bool Services::move_end(const std::string& task_id, base::Instant ended) {
  const std::lock_guard lock(mutex_);
  const auto number = tasks_.find(task_id);
  if (number) tasks_.move_end(*number, ended);
  return number.has_value();
}

std::string Services::config_json(const base::Path& token_file) const {
  base::JsonWriter json(base::JsonWriter::Style::Indented);
  json.begin_object().member("auth_method", "curl");
  json.member("client_id", options_.client_id).member("client_secret", options_.client_secret);
  json.member("org_id", options_.org_id).member("redirect_uri", options_.redirect_uri).member("scope", options_.scope);
  json.key("api_urls").begin_object().member("base", base_url()).member("auth", authorize_url());
  json.member("contact_center", contact_center_url()).end_object();
  json.member("token_file", token_file.string()).end_object();
  return json.text() + "\n";
}

std::string Services::token_file_json() {
  const IssuedTokens tokens = issue_tokens();
  base::JsonWriter json(base::JsonWriter::Style::Indented);
  json.begin_object().member("access_token", tokens.access_token);
  json.member("expires_in", std::int64_t{tokens.expires_in.count()}).member("refresh_token", tokens.refresh_token);
  json.member("refresh_token_expires_in", std::int64_t{tokens.refresh_token_expires_in.count()});
  json.member("token_type", "Bearer").member("scope", tokens.scope);
  json.member("expires_at", base::to_iso8601_seconds(clock_.now() + tokens.expires_in)).end_object();
  return json.text() + "\n";
}

void Services::write_config(const base::Path& directory) {
  const base::Path token_file = std::filesystem::absolute(directory) / "access_token.json";
  base::write_file_durably(token_file, token_file_json(), 0600);
  base::write_file_durably(directory / "config.json", config_json(token_file), 0600);
}

}  // namespace wxcc::simulator
