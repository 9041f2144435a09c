// SPDX-License-Identifier: Apache-2.0
#include "simulator/simulator.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "simulator/cloud.h"
#include "simulator/http_server.h"

namespace wxcc::simulator {

struct Simulator::Parts {
  Parts(Options options, const base::Clock& the_clock)
      : clock(the_clock),
        cloud(std::move(options), the_clock),
        limits{cloud.options().stall_for, cloud.options().slow_for, cloud.options().huge_body_bytes},
        api([this](const Request& request) { return cloud.handle_api(request); }, limits),
        store([this](const Request& request) { return cloud.handle_store(request); }, limits) {}

  const base::Clock& clock;
  Cloud cloud;
  TransmissionLimits limits;
  int api_port = 0;
  int store_port = 0;
  // Last, so that their threads end first.
  HttpServer api;
  HttpServer store;
};

Simulator::Simulator(Options options, const base::Clock& clock)
    : parts_(std::make_unique<Parts>(std::move(options), clock)) {}

Simulator::~Simulator() = default;

void Simulator::start() {
  parts_->store_port = parts_->store.start(options().store_port);
  parts_->cloud.set_store_url(store_url());
  parts_->api_port = parts_->api.start(options().port);
}

void Simulator::stop() {
  parts_->api.stop();
  parts_->store.stop();
}

std::string Simulator::contact_center_url() const {
  return fmt::format("http://127.0.0.1:{}", parts_->api_port);
}
std::string Simulator::base_url() const {
  return contact_center_url() + "/v1";
}
std::string Simulator::authorize_url() const {
  return base_url() + "/authorize";
}
std::string Simulator::store_url() const {
  return fmt::format("http://127.0.0.1:{}", parts_->store_port);
}
std::string Simulator::control_url() const {
  return contact_center_url() + "/sim";
}
const Options& Simulator::options() const {
  return parts_->cloud.options();
}

Grant Simulator::issue_grant() {
  return parts_->cloud.issue_grant();
}
void Simulator::revoke_access_tokens() {
  parts_->cloud.revoke_access_tokens();
}
void Simulator::revoke_refresh_tokens() {
  parts_->cloud.revoke_refresh_tokens();
}

bool Simulator::move_end(const std::string& task_id, base::Instant ended) {
  return parts_->cloud.move_end(task_id, ended);
}

std::vector<std::string> Simulator::issued_secrets() {
  return parts_->cloud.issued_secrets();
}

std::string Simulator::config_json(const base::Path& token_file) const {
  base::JsonWriter json(base::JsonWriter::Style::Indented);
  json.begin_object().member("auth_method", "curl");
  json.member("client_id", options().client_id).member("client_secret", options().client_secret);
  json.member("org_id", options().org_id)
      .member("redirect_uri", options().redirect_uri)
      .member("scope", options().scope);
  json.key("api_urls").begin_object().member("base", base_url()).member("auth", authorize_url());
  json.member("contact_center", contact_center_url()).end_object();
  json.member("token_file", token_file.string()).end_object();
  return json.text() + "\n";
}

std::string Simulator::token_file_json() {
  const Grant grant = issue_grant();
  base::JsonWriter json(base::JsonWriter::Style::Indented);
  json.begin_object().member("access_token", grant.access_token);
  json.member("expires_in", std::int64_t{grant.expires_in.count()}).member("refresh_token", grant.refresh_token);
  json.member("refresh_token_expires_in", std::int64_t{grant.refresh_token_expires_in.count()});
  json.member("token_type", "Bearer").member("scope", grant.scope);
  json.member("expires_at", base::to_iso8601_seconds(parts_->clock.now() + grant.expires_in)).end_object();
  return json.text() + "\n";
}

void Simulator::write_config(const base::Path& directory) {
  const base::Path token_file = std::filesystem::absolute(directory) / "access_token.json";
  base::write_file_durably(token_file, token_file_json(), 0600);
  base::write_file_durably(directory / "config.json", config_json(token_file), 0600);
}

void Simulator::add_fault(std::string_view spec) {
  const auto fault = parse_fault(spec);
  if (!fault) throw base::UsageError(fault.error());
  parts_->cloud.add_fault(*fault);
}

void Simulator::clear_faults() {
  parts_->cloud.clear_faults();
}
Statistics Simulator::statistics() {
  return parts_->cloud.statistics();
}
std::vector<TruthEntry> Simulator::truth(TruthDetail detail) {
  return parts_->cloud.truth(detail);
}
std::optional<std::vector<std::string>> Simulator::texts_of(const std::string& task_id) {
  return parts_->cloud.texts_of(task_id);
}

}  // namespace wxcc::simulator
