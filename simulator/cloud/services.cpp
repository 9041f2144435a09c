// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/services.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/cloud/search.h"

namespace wxcc::simulator {
namespace {

Route route_of(const Request& request) {
  if (request.path == "/v1/authorize") return Route::Authorize;
  if (request.path == "/v1/access_token") return Route::Token;
  if (request.path == "/search") return Route::Search;
  if (request.path == "/v1/captures/query") return Route::Captures;
  return Route::Other;
}

bool grants_reading(const std::string& scope) {
  for (const std::string_view word : base::split(scope, ' '))
    if (word == "cjp:config" || word == "cjp:config_read") return true;
  return false;
}

// See Occasion. The order of task ids makes no difference to a captures query, nor do the selected fields to a search.
std::string subject_of(Route route, const Request& request) {
  if (route == Route::Download) return request.path;
  const auto body = base::JsonDocument::parse(request.body);
  if (body && route == Route::Captures) {
    std::vector<std::string> ids;
    for (const base::JsonNode id : body->root()["query"]["taskIds"]) ids.emplace_back(id.text().value_or(""));
    std::sort(ids.begin(), ids.end());
    return fmt::format("{}", fmt::join(ids, "\n"));
  }
  if (body && route == Route::Search && body->root()["variables"].is_object())
    return body->root()["variables"].to_json();
  return request.body + "\n" + base::form_encode(request.query);
}

base::Expected<base::JsonDocument, Response> read_json(const Request& request) {
  if (base::trim(request.body).empty())
    return base::make_unexpected(contact_center_error(request, 422, "The JSON content is empty"));
  auto document = base::JsonDocument::parse(request.body);
  if (!document || !document->root().is_object())
    return base::make_unexpected(contact_center_error(request, 400, "Invalid request: the body is no JSON object"));
  return std::move(*document);
}

}  // namespace

Services::Services(Options options, const base::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      tasks_(options_, options_.start.value_or(clock.now())),
      transcripts_(options_, tasks_),
      store_(options_, transcripts_),
      oauth_(options_),
      limiter_(options_.requests_per_minute),
      faults_(options_.seed) {}

void Services::set_addresses(std::string api, std::string store) {
  const std::lock_guard lock(mutex_);
  api_url_ = std::move(api);
  store_url_ = std::move(store);
}

Response Services::handle_api(Request request) {
  const Route route = route_of(request);
  return serve(route, std::move(request));
}

Response Services::handle_store(Request request) {
  return serve(Route::Download, std::move(request));
}

Occasion Services::count_occasion(Route route, const Request& request) {
  const std::uint64_t subject = index_of(fmt::format("{} {}", kRouteNames.text_of(route), subject_of(route, request)));
  return {route, subject + attempts_[subject]++ * 0x9E3779B97F4A7C15U};
}

Response Services::serve(Route route, Request request) {
  const std::lock_guard lock(mutex_);
  const base::Instant now = clock_.now();
  tasks_.advance(now);
  if (route == Route::Other && request.path.starts_with("/sim/")) return control(request, now);

  const std::string name(kRouteNames.text_of(route));
  const Occasion occasion = count_occasion(route, request);
  ++statistics_.requests[name];
  if (route == Route::Download && !request.authorization.empty())
    count_violation("authorization header sent to the object store");
  const std::string given_id = request.tracking_id;
  if (given_id.empty()) request.tracking_id = series_of(options_.seed, Series::Response, occasion.index).uuid();
  Response response = respond(occasion, request, now);
  response.headers.emplace_back("Date", base::to_http_date(now));
  if (!given_id.empty()) response.headers.emplace_back("TrackingId", given_id);
  ++statistics_.responses[name][response.status];
  return response;
}

Response Services::respond(const Occasion& occasion, const Request& request, base::Instant now) {
  const FaultKind* fault = faults_.next(occasion);
  if (fault == nullptr) return dispatch(occasion, request, now);
  ++statistics_.faults;
  base::SeededRandom rng = series_of(options_.seed, Series::Fault, occasion.index);
  if (fault->instead != nullptr) return fault->instead({request, occasion.route, now, rng});
  Response response = dispatch(occasion, request, now);
  if (fault->corrupt != nullptr) response.body = fault->corrupt(response.body, rng);
  response.transmission = fault->transmission;
  return response;
}

Response Services::dispatch(const Occasion& occasion, const Request& request, base::Instant now) {
  const bool is_post = request.method == "POST";
  base::SeededRandom rng = series_of(options_.seed, Series::Token, occasion.index);
  switch (occasion.route) {
    case Route::Authorize:
      return oauth_.authorize(request, now, rng);
    case Route::Token:
      return is_post ? oauth_.token(request, now, rng) : platform_error(request, 405, "Method not allowed");
    case Route::Search:
      return is_post ? search(request, now) : contact_center_error(request, 405, "Method not allowed");
    case Route::Captures:
      return is_post ? captures(request, now) : contact_center_error(request, 405, "Method not allowed");
    case Route::Download:
      return store_.get(request, now);
    case Route::Other:
      break;
  }
  return contact_center_error(request, 404, "Not found");
}

base::Expected<OAuthServer::Bearer, Response> Services::authorize_request(const Request& request, base::Instant now) {
  const auto reject = [&](int status, const std::string& text) {
    return base::make_unexpected(contact_center_error(request, status, text));
  };
  const auto bearer = oauth_.check(request.authorization, now);
  if (!bearer && bearer.error() == OAuthServer::Rejection::Missing) {
    count_violation("request without a bearer token");
    return reject(400, "Authorization header is missing or not a Bearer token");
  }
  if (!bearer) return reject(401, "Invalid access token.");

  if (retry_after_until_ && now < *retry_after_until_) count_violation("request before Retry-After had passed");
  if (const auto delay = limiter_.reject(now)) {
    ++statistics_.rate_limited;
    retry_after_until_ = now + *delay - std::chrono::milliseconds{50};
    Response response = contact_center_error(request, 429, "Too Many Requests");
    response.headers.emplace_back("Retry-After", std::to_string(delay->count()));
    return base::make_unexpected(std::move(response));
  }
  if (!grants_reading(bearer->scope)) return reject(403, "The token lacks the scope cjp:config_read");
  return *bearer;
}

Response Services::search(const Request& request, base::Instant now) {
  const auto bearer = authorize_request(request, now);
  if (!bearer) return bearer.error();
  const auto org = base::find_parameter(request.query, "orgId");
  if (org.value_or(bearer->org_id) != bearer->org_id || bearer->org_id != options_.org_id)
    return contact_center_error(request, 403, "The token does not belong to the organisation");
  const auto body = read_json(request);
  if (!body) return body.error();
  auto result = run_search(options_, tasks_, now, body->root());
  if (!result) {
    count_violation("search rejected");
    return contact_center_error(request, 400, result.error());
  }
  return {200, std::move(*result)};
}

Response Services::captures(const Request& request, base::Instant now) {
  const auto bearer = authorize_request(request, now);
  if (!bearer) return bearer.error();
  const auto body = read_json(request);
  if (!body) return body.error();
  const auto query = read_captures_query(body->root(), options_, bearer->org_id);
  if (!query) {
    if (!query.error().violation.empty()) count_violation(query.error().violation);
    return contact_center_error(request, query.error().status, query.error().description);
  }
  if (bearer->org_id != options_.org_id)
    return contact_center_error(request, 403, "The token does not belong to the organisation");
  return {200, captures_response(*query, options_, tasks_, transcripts_, store_, store_url_, now)};
}

}  // namespace wxcc::simulator
