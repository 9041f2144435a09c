// SPDX-License-Identifier: Apache-2.0
#include "webex/api_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "base/url.h"
#include "net/retry_delays.h"
#include "webex/api_call.h"

namespace wxcc::webex {
namespace {

net::Request api_request(std::string url, std::string body) {
  net::Request request;
  request.method = net::Method::Post;
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = std::move(body);
  return request;
}

}  // namespace

ApiClient::ApiClient(Settings settings, TokenKeeper& tokens, net::Transport& transport, base::Timers& timers,
                     const base::Clock& clock, base::Random& random)
    : settings_(std::move(settings)),
      tokens_(tokens),
      transport_(transport),
      timers_(timers),
      clock_(clock),
      random_(random),
      queue_(settings_.requests_per_minute, timers),
      circuit_(settings_.initial_contact_timeout) {}

ApiClient::~ApiClient() = default;

void ApiClient::start(Route route, std::string name, net::Request request, Priority priority,
                      std::unique_ptr<Exchange> exchange) {
  const auto call =
      std::make_shared<Call>(*this, route, std::move(name), std::move(request), priority, std::move(exchange));
  calls_.emplace(call.get(), call);
  call->send();
}

void ApiClient::forget(const Call* call) {
  calls_.erase(call);
}

std::int64_t& ApiClient::counter_of(Route route) {
  switch (route) {
    case Route::Search:
      return request_counts_.searches;
    case Route::Captures:
      return request_counts_.captures;
    case Route::Download:
      break;
  }
  return request_counts_.downloads;
}

// -- search
// ------------------------------------------------------------------------------------------------------------

class ApiClient::SearchExchange final : public Exchange {
 public:
  explicit SearchExchange(PageDone done) : done_(std::move(done)) {}

  BodyCheck read(net::Response&& response) override {
    auto page = parse_search_page(response.body);
    if (page) {
      if (const auto date = response.header("Date")) page->server_time = base::parse_http_date(*date);
      page_ = std::move(*page);
      if (page_->suspect_reason.empty()) return {};
      return {BodyCheck::Quality::Suspect, "search: suspect response: " + page_->suspect_reason};
    }
    std::string message = "search: " + page.error().message;
    if (!page.error().is_graphql_error || !mentions_undefined_field(response.body))
      return {BodyCheck::Quality::Unusable, std::move(message)};
    rejection_ = {.message = std::move(message), .http_status = response.status};
    rejecting_body_ = std::move(response.body);
    return {};
  }

  void accept() override {
    if (rejecting_body_) return done_(base::make_unexpected(rejection_), rejecting_body_);
    if (!page_->suspect_reason.empty())
      base::log::warning("search: accepting a suspect response: {}", page_->suspect_reason);
    done_(std::move(*page_), std::nullopt);
  }

  void fail(const model::Failure& failure) override {
    const bool of_query = failure.http_status == 400 && !is_token_rejection(failure.http_status, failure.message);
    done_(base::make_unexpected(failure), of_query ? QueryRejection(failure.message) : std::nullopt);
  }

 private:
  PageDone done_;
  std::optional<SearchPage> page_;
  model::Failure rejection_;
  QueryRejection rejecting_body_;
};

void ApiClient::search(const SearchRequest& request, Priority priority, SearchDone done) {
  if (fields_dropped_at_ && clock_.now() - *fields_dropped_at_ >= net::kFieldRetryInterval) {
    fields_.restore();
    fields_dropped_at_.reset();
  }
  search_with_fallback(request, priority, std::move(done));
}

void ApiClient::search_with_fallback(const SearchRequest& request, Priority priority, SearchDone done) {
  send_search(request, fields_, priority,
              [this, request, priority, done](model::Result<SearchPage> page, const QueryRejection& rejection) {
                if (!rejection) return done(std::move(page));
                FieldList fewer = fields_;
                if (fewer.drop_undefined(*rejection)) {
                  adopt_reduced_fields(std::move(fewer));
                  return search_with_fallback(request, priority, done);
                }
                if (!fewer.drop_non_core()) return done(std::move(page));
                // Rejected again, the fields are not the reason.
                send_search(request, fewer, priority,
                            [this, fewer, first = page.error(), done](model::Result<SearchPage> again,
                                                                      const QueryRejection& second) {
                              if (second) return done(base::make_unexpected(first));
                              if (again) adopt_reduced_fields(fewer);
                              done(std::move(again));
                            });
              });
}

void ApiClient::adopt_reduced_fields(FieldList fewer) {
  const auto known = static_cast<std::ptrdiff_t>(std::min(fields_.dropped().size(), fewer.dropped().size()));
  fields_ = std::move(fewer);
  fields_dropped_at_ = clock_.now();
  base::log::warning("search: the API rejected {}: {}; omitted for 24 h",
                     base::count_of(std::ssize(fields_.dropped()) - known, "field"),
                     fmt::join(fields_.dropped().begin() + known, fields_.dropped().end(), ", "));
}

void ApiClient::send_search(const SearchRequest& request, const FieldList& fields, Priority priority, PageDone done) {
  start(Route::Search, "search",
        api_request(settings_.endpoints.search + "?" + base::form_encode({{"orgId", settings_.org_id}}),
                    search_body(request, fields)),
        priority, std::make_unique<SearchExchange>(std::move(done)));
}

// -- captures
// ----------------------------------------------------------------------------------------------------------

class ApiClient::CapturesExchange final : public Exchange {
 public:
  CapturesExchange(ApiClient& api, CapturesRequest request, Priority priority, CapturesDone done)
      : api_(api), request_(std::move(request)), priority_(priority), done_(std::move(done)) {}

  BodyCheck read(net::Response&& response) override {
    auto parsed = parse_captures(response.body);
    if (!parsed) return {BodyCheck::Quality::Unusable, "captures: " + parsed.error()};
    parsed_ = std::move(*parsed);
    if (const auto missing = count_missing_tasks(parsed_, request_.task_ids); missing > 0)
      parsed_.warnings.push_back(fmt::format("$.data: no element for {} of {}", missing,
                                             base::count_of(std::ssize(request_.task_ids), "task")));
    if (parsed_.warnings.empty()) return {};
    return {BodyCheck::Quality::Suspect, "captures: suspect response: " + parsed_.warnings.front()};
  }

  void accept() override {
    for (const std::string& warning : parsed_.warnings) base::log::warning("captures: {}", warning);
    done_(std::move(parsed_.tasks));
  }

  // "Not found or not available": of one task it is the result, of several only one may be unknown.
  void fail(const model::Failure& failure) override {
    if (failure.http_status == 404 && request_.task_ids.size() == 1) return done_(std::vector<TaskCaptures>{});
    if (failure.http_status != 400 || !request_.all_digital_versions) return done_(base::make_unexpected(failure));
    CapturesRequest plain = request_;
    plain.all_digital_versions = false;
    api_.send_captures(std::move(plain), priority_,
                       [&api = api_, done = done_](model::Result<std::vector<TaskCaptures>> tasks) {
                         if (tasks && !api.versions_rejected_at_) {
                           api.versions_rejected_at_ = api.clock_.now();
                           base::log::info(
                               "captures: the API rejected "
                               "includeAllDigitalVersions; omitted for 24 h");
                         }
                         done(std::move(tasks));
                       });
  }

 private:
  ApiClient& api_;
  CapturesRequest request_;
  Priority priority_;
  CapturesDone done_;
  CapturesResponse parsed_;
};

void ApiClient::captures(std::vector<std::string> task_ids, Priority priority, CapturesDone done) {
  if (versions_rejected_at_ && clock_.now() - *versions_rejected_at_ >= net::kFieldRetryInterval)
    versions_rejected_at_.reset();
  send_captures({settings_.org_id, std::move(task_ids), static_cast<int>(settings_.url_expiration.count()),
                 !versions_rejected_at_.has_value()},
                priority, std::move(done));
}

void ApiClient::send_captures(CapturesRequest request, Priority priority, CapturesDone done) {
  net::Request http = api_request(settings_.endpoints.captures, captures_body(request));
  start(Route::Captures, "captures", std::move(http), priority,
        std::make_unique<CapturesExchange>(*this, std::move(request), priority, std::move(done)));
}

// -- download
// ----------------------------------------------------------------------------------------------------------

class ApiClient::DownloadExchange final : public Exchange {
 public:
  explicit DownloadExchange(DownloadDone done) : done_(std::move(done)) {}
  BodyCheck read(net::Response&& response) override {
    bytes_ = std::move(response.body);
    return {};
  }
  void accept() override { done_(std::move(bytes_)); }
  void fail(const model::Failure& failure) override { done_(base::make_unexpected(failure)); }

 private:
  DownloadDone done_;
  std::string bytes_;
};

void ApiClient::download(const base::Secret& url, DownloadDone done) {
  net::Request request;
  request.url = url.reveal();
  start(Route::Download, fmt::format("download from {}", base::strip_credentials(url.reveal())), std::move(request),
        Priority::Live, std::make_unique<DownloadExchange>(std::move(done)));
}

}  // namespace wxcc::webex
