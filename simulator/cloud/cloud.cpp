// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud.h"

#include <fmt/format.h>

#include "base/text.h"
#include "simulator/damage.h"
#include "simulator/search.h"

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

}  // namespace

Cloud::Cloud(Options options, const base::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      population_(options_, options_.start.value_or(clock.now())),
      transcripts_(options_, population_),
      store_(options_, transcripts_),
      authority_(options_),
      limiter_(options_.requests_per_minute),
      faults_(options_.seed) {}

Answer Cloud::handle_api(const Request& request) {
  return serve(route_of(request), request);
}

Answer Cloud::handle_store(const Request& request) {
  return serve(Route::Download, request);
}

Answer Cloud::serve(Route route, const Request& request) {
  const std::lock_guard lock(mutex_);
  const base::Instant now = clock_.now();
  population_.advance(now);
  if (route == Route::Other && request.path.starts_with("/sim/")) return control(request, now);

  ++statistics_.requests[std::string(name_of(route))];
  if (route == Route::Download && !request.authorization.empty())
    note_violation("authorization header sent to the object store");
  const auto fault = faults_.next(route);
  if (fault) ++statistics_.faults;
  auto instead = fault ? answer_instead(*fault, route, request, now) : std::nullopt;
  Answer answer = instead ? std::move(*instead) : dispatch(route, request, now);
  if (fault && !instead) spoil(answer, *fault, options_.seed);
  answer.headers.emplace_back("Date", base::to_http_date(now));
  if (!request.tracking_id.empty()) answer.headers.emplace_back("TrackingId", request.tracking_id);
  ++statistics_.answers[std::string(name_of(route))][answer.status];
  return answer;
}

Answer Cloud::dispatch(Route route, const Request& request, base::Instant now) {
  const bool is_post = request.method == "POST";
  const auto wrong_method = [&] { return contact_center_error(405, "Method not allowed", request.tracking_id); };
  switch (route) {
    case Route::Authorize:
      return authority_.authorize(request, now);
    case Route::Token:
      return is_post ? authority_.token(request, now) : platform_error(405, "Method not allowed");
    case Route::Search:
      return is_post ? search(request, now) : wrong_method();
    case Route::Captures:
      return is_post ? captures(request, now) : wrong_method();
    case Route::Download:
      return store_.get(request, now);
    case Route::Other:
      break;
  }
  return contact_center_error(404, "Not found", request.tracking_id);
}

base::Expected<Authority::Bearer, Answer> Cloud::admit(const Request& request, base::Instant now) {
  const auto refuse = [&](int status, const std::string& text) {
    return base::make_unexpected(contact_center_error(status, text, request.tracking_id));
  };
  const auto bearer = authority_.check(request.authorization, now);
  if (!bearer && bearer.error() == Authority::Refusal::Missing) {
    note_violation("request without a bearer token");
    return refuse(400, "Authorization header is missing or not a Bearer token");
  }
  if (!bearer) return refuse(401, "Invalid access token.");

  const auto at = Steady::now();
  if (closed_until_ && at < *closed_until_) note_violation("request before Retry-After had passed");
  if (const auto wait = limiter_.refuse(at)) {
    ++statistics_.rate_limited;
    closed_until_ = at + *wait - std::chrono::milliseconds{50};
    Answer answer = contact_center_error(429, "Too Many Requests", request.tracking_id);
    answer.headers.emplace_back("Retry-After", std::to_string(wait->count()));
    return base::make_unexpected(std::move(answer));
  }
  if (!grants_reading(bearer->scope)) return refuse(403, "The token lacks the scope cjp:config_read");
  return *bearer;
}

base::Expected<base::JsonDocument, Answer> Cloud::read_json(const Request& request) const {
  if (base::trim(request.body).empty())
    return base::make_unexpected(contact_center_error(422, "The JSON content is empty", request.tracking_id));
  auto document = base::JsonDocument::parse(request.body);
  if (!document || !document->root().is_object())
    return base::make_unexpected(
        contact_center_error(400, "Invalid request: the body is no JSON object", request.tracking_id));
  return std::move(*document);
}

Answer Cloud::search(const Request& request, base::Instant now) {
  const auto bearer = admit(request, now);
  if (!bearer) return bearer.error();
  const auto org = base::find_in(request.query, "orgId");
  if (org.value_or(bearer->org_id) != bearer->org_id || bearer->org_id != options_.org_id)
    return contact_center_error(403, "The token does not belong to the organisation", request.tracking_id);
  const auto body = read_json(request);
  if (!body) return body.error();
  auto result = run_search(options_, population_, now, body->root());
  if (!result) {
    note_violation("search refused");
    return contact_center_error(400, result.error(), request.tracking_id);
  }
  Answer answer;
  answer.body = std::move(*result);
  return answer;
}

Answer Cloud::captures(const Request& request, base::Instant now) {
  const auto bearer = admit(request, now);
  if (!bearer) return bearer.error();
  const auto body = read_json(request);
  if (!body) return body.error();
  const auto query = read_captures_query(body->root(), options_, bearer->org_id);
  if (!query) {
    if (!query.error().violation.empty()) note_violation(query.error().violation);
    return contact_center_error(query.error().status, query.error().description, request.tracking_id);
  }
  if (bearer->org_id != options_.org_id)
    return contact_center_error(403, "The token does not belong to the organisation", request.tracking_id);
  Answer answer;
  answer.body = answer_captures(*query, options_, population_, transcripts_, store_, store_url_, now);
  return answer;
}

}  // namespace wxcc::simulator
