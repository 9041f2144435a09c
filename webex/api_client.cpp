// SPDX-License-Identifier: Apache-2.0
#include "webex/api_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "base/url.h"
#include "net/outcome_class.h"
#include "net/retry_delays.h"

namespace wxcc::webex {
namespace {

// The contact centre says this of a revoked token with status 400 or 403, where others say 401.
bool refuses_token(int status, std::string_view text) {
  if (status != 400 && status != 403) return false;
  const std::string said = base::to_lower(text);
  return said.find("invalid access token") != std::string::npos ||
         said.find("fail_validate_token") != std::string::npos;
}

double random_unit() {
  static std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

net::Request api_request(std::string url, std::string body) {
  net::Request request;
  request.method = net::Method::Post;
  request.url = std::move(url);
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = std::move(body);
  return request;
}

}  // namespace

// One call on its way: budget, token, transfer, and again while that is worth it.
class ApiClient::Call : public std::enable_shared_from_this<Call> {
 public:
  enum class Route { Search, Captures, Download };
  using Success = std::function<model::Result<void>(net::Response&&)>;
  using Failure = std::function<void(const model::Failure&)>;

  Call(ApiClient& api, Route route, std::string what, net::Request request, Priority priority, std::int64_t& counter)
      : api_(api),
        route_(route),
        what_(std::move(what)),
        request_(std::move(request)),
        priority_(priority),
        counter_(counter) {}

  // Success is asked first; what it finds wrong with the answer counts as a failed try.
  void on_end(Success success, Failure failure) {
    success_ = std::move(success);
    failure_ = std::move(failure);
  }

  void begin() {
    if (tries_ == 0) began_ = api_.timers_.monotonic_now();
    if (route_ == Route::Download) return send({});
    api_.queue_.submit(priority_, weak_from_this(), [this] { authorize(); });
  }

 private:
  void authorize() {
    const std::weak_ptr<Call> weak = weak_from_this();
    api_.tokens_.get([weak](const model::Result<base::Secret>& token) {
      const auto self = weak.lock();
      if (!self) return;
      if (token)
        self->send(*token);
      else
        self->no_token(token.error());
    });
  }

  void send(const base::Secret& token) {
    token_ = token;
    net::Request request = request_;
    request.bearer = token;
    if (!redirect_.empty()) request.url = redirect_.reveal();
    if (route_ != Route::Download) request.headers.emplace_back("TrackingId", tracking_id_ = base::random_uuid());
    ++counter_;
    transfer_ =
        api_.transport_.start(std::move(request), [this](net::Outcome&& outcome) { answered(std::move(outcome)); });
  }

  void answered(net::Outcome&& outcome) {
    const auto self = shared_from_this();
    if (outcome && route_ != Route::Download) api_.reached_ = true;
    switch (net::classify(outcome)) {
      case net::OutcomeClass::Success:
        if (auto read = success_(std::move(*outcome)); !read) return retry(outcome, read.error());
        api_.down_[static_cast<std::size_t>(route_)] = false;
        return api_.end(this);
      case net::OutcomeClass::Unauthorized:
        if (route_ != Route::Download) return renew(outcome);
        break;
      case net::OutcomeClass::Throttled:
        return throttled(outcome);
      case net::OutcomeClass::Transient:
        return retry(outcome, failure_of(model::Failure::Kind::Transient, outcome));
      case net::OutcomeClass::Permanent:
        if (route_ == Route::Download && outcome && !outcome->redirect.empty() && redirects_ < net::kMaxRedirects)
          return follow(outcome->redirect);
        // Said of a renewed token it means another thing, a missing right, say.
        if (route_ != Route::Download && !ever_renewed_ && outcome && refuses_token(outcome->status, outcome->body))
          return renew(outcome);
        break;
    }
    fail(failure_of(model::Failure::Kind::Permanent, outcome));
  }

  // The transport refuses what is neither https nor this machine.
  void follow(const base::Secret& target) {
    ++redirects_;
    redirect_ = target;
    send({});
  }

  void renew(const net::Outcome& outcome) {
    const std::weak_ptr<Call> weak = weak_from_this();
    const model::Failure refusal = failure_of(model::Failure::Kind::Transient, outcome);
    api_.tokens_.replace(token_, [weak, refusal](const model::Result<base::Secret>& token) {
      const auto self = weak.lock();
      if (!self) return;
      if (token && !self->renewed_) {
        self->renewed_ = self->ever_renewed_ = true;
        return self->begin();
      }
      if (!token && token.error().kind == model::Failure::Kind::AuthRequired) return self->fail(token.error());
      self->retry(base::make_unexpected(net::TransferFailure{}), refusal);
    });
  }

  void no_token(const model::Failure& failure) {
    if (failure.kind == model::Failure::Kind::AuthRequired) return fail(failure);
    retry(base::make_unexpected(net::TransferFailure{}), failure);
  }

  void throttled(const net::Outcome& outcome) {
    ++api_.request_counts_.throttled;
    const base::Millis pause = net::retry_after(*outcome, api_.clock_.now()).value_or(net::kDefaultRetryAfter);
    base::log::debug("{}: answered 429; pausing {} ms", what_, pause.count());
    if (route_ != Route::Download) api_.queue_.pause_for(pause);
    bool& down = api_.down_[static_cast<std::size_t>(route_)];
    if (down || ++throttled_ > net::kMaxThrottledRetries) {
      down = true;
      return fail(failure_of(model::Failure::Kind::Transient, outcome));
    }
    if (route_ == Route::Download) return again_after(pause);
    begin();
  }

  void retry(const net::Outcome& outcome, const model::Failure& failure) {
    bool& down = api_.down_[static_cast<std::size_t>(route_)];
    const auto asked_for = outcome ? net::retry_after(*outcome, api_.clock_.now()) : std::nullopt;
    const auto pause = api_.options_.retries.next_delay(++tries_, random_unit(), asked_for);
    if (down || !pause || is_absent(*pause, failure)) {
      down = true;
      return fail(failure);
    }
    base::log::write(base::log::Level::Debug,
                     fmt::format("{}; try {} in {} ms", failure.message, tries_ + 1, pause->count()),
                     model::log_fields(failure));
    again_after(*pause);
  }

  // The cloud has never answered, and not for so long now that its absence is not a matter of moments.
  bool is_absent(base::Millis pause, const model::Failure& failure) {
    if (api_.reached_ || route_ == Route::Download) return false;
    if (!std::exchange(api_.absence_told_, true)) base::log::warning("{}; trying again", failure.message);
    if (api_.timers_.monotonic_now() + pause - began_ <= api_.options_.first_contact) return false;
    for (const Route route : {Route::Search, Route::Captures}) api_.down_[static_cast<std::size_t>(route)] = true;
    return true;
  }

  void again_after(base::Millis pause) {
    if (!timer_)
      timer_ = api_.timers_.add_timer([this] {
        renewed_ = false;
        // Where the first answer pointed may have ended meanwhile.
        redirect_ = {};
        redirects_ = 0;
        begin();
      });
    timer_->start(pause);
  }

  model::Failure failure_of(model::Failure::Kind kind, const net::Outcome& outcome) const {
    return {.kind = kind,
            .message = fmt::format("{}: {}", what_, describe(outcome, {token_})),
            .http_status = outcome ? outcome->status : 0,
            .tracking_id = tracking_id_};
  }

  void fail(const model::Failure& failure) {
    const auto self = shared_from_this();
    api_.end(this);
    failure_(failure);
  }

  ApiClient& api_;
  Route route_;
  std::string what_;
  net::Request request_;
  Priority priority_;
  std::int64_t& counter_;
  Success success_;
  Failure failure_;
  base::Secret token_;
  std::string tracking_id_;
  bool renewed_ = false;  // since the last pause
  bool ever_renewed_ = false;
  base::Secret redirect_;
  int redirects_ = 0;  // since the last pause
  int tries_ = 0;
  base::Millis began_{};  // on the timers' clock
  int throttled_ = 0;
  std::unique_ptr<net::Transfer> transfer_;
  std::unique_ptr<base::Timer> timer_;
};

ApiClient::ApiClient(Options options, TokenKeeper& tokens, net::Transport& transport, base::Timers& timers,
                     const base::Clock& clock)
    : options_(std::move(options)),
      tokens_(tokens),
      transport_(transport),
      timers_(timers),
      clock_(clock),
      queue_(options_.requests_per_minute, timers) {}

ApiClient::~ApiClient() = default;

void ApiClient::begin(std::shared_ptr<Call> call) {
  calls_.emplace(call.get(), call);
  call->begin();
}

void ApiClient::end(const Call* call) {
  calls_.erase(call);
}

void ApiClient::search(const SearchRequest& request, Priority priority, SearchDone done) {
  if (fields_dropped_at_ && clock_.now() - *fields_dropped_at_ >= net::kFieldRetryInterval) {
    fields_.restore();
    fields_dropped_at_.reset();
  }
  search_with_fields(request, priority, std::move(done));
}

void ApiClient::search_with_fields(const SearchRequest& request, Priority priority, SearchDone done) {
  ask_page(request, fields_, priority,
           [this, request, priority, done](model::Result<SearchPage> page, const Refusal& refusal) {
             if (!refusal) return done(std::move(page));
             FieldList fewer = fields_;
             if (fewer.drop_undefined(*refusal)) {
               keep_to(std::move(fewer));
               return search_with_fields(request, priority, done);
             }
             if (!fewer.drop_non_core()) return done(std::move(page));
             // Refused again, it is not the fields' fault.
             ask_page(
                 request, fewer, priority,
                 [this, fewer, first = page.error(), done](model::Result<SearchPage> again, const Refusal& refused) {
                   if (refused) return done(base::make_unexpected(first));
                   if (again) keep_to(fewer);
                   done(std::move(again));
                 });
           });
}

void ApiClient::keep_to(FieldList fewer) {
  const auto known = static_cast<std::ptrdiff_t>(std::min(fields_.dropped().size(), fewer.dropped().size()));
  fields_ = std::move(fewer);
  fields_dropped_at_ = clock_.now();
  base::log::warning("this organisation's search does not know {}; going on without, trying again in a day",
                     fmt::join(fields_.dropped().begin() + known, fields_.dropped().end(), ", "));
}

// A refusal is the cloud's word on the query itself, as it came.
void ApiClient::ask_page(const SearchRequest& request, const FieldList& fields, Priority priority, PageDone done) {
  auto call = std::make_shared<Call>(
      *this, Call::Route::Search, "search",
      api_request(options_.endpoints.search + "?" + base::form_encode({{"orgId", options_.org_id}}),
                  search_body(request, fields)),
      priority, request_counts_.searches);
  call->on_end(
      [done, belief = Belief::Doubts](const net::Response& response) mutable -> model::Result<void> {
        auto page = parse_search_page(response.body);
        if (page && !page->suspect_reason.empty()) {
          const std::string message = "search: the answer looks damaged: " + page->suspect_reason;
          if (std::exchange(belief, Belief::Believes) == Belief::Doubts)
            return base::make_unexpected(model::Failure{
                .kind = model::Failure::Kind::Transient, .message = message, .http_status = response.status});
          base::log::warning("{}", message);
        }
        if (page) {
          if (const auto date = response.header("Date")) page->server_time = base::parse_http_date(*date);
          done(std::move(*page), std::nullopt);
          return {};
        }
        const model::Failure failure{.message = "search: " + page.error().message, .http_status = response.status};
        if (page.error().is_graphql_error && mentions_undefined_field(response.body)) {
          done(base::make_unexpected(failure), response.body);
          return {};
        }
        return base::make_unexpected(failure);
      },
      [done](const model::Failure& failure) {
        const bool of_query = failure.http_status == 400 && !refuses_token(failure.http_status, failure.message);
        done(base::make_unexpected(failure), of_query ? Refusal(failure.message) : std::nullopt);
      });
  begin(std::move(call));
}

void ApiClient::captures(std::vector<std::string> task_ids, Priority priority, CapturesDone done) {
  if (versions_refused_at_ && clock_.now() - *versions_refused_at_ >= net::kFieldRetryInterval)
    versions_refused_at_.reset();
  captures_with({options_.org_id, std::move(task_ids), options_.url_expiration_minutes, !versions_refused_at_},
                priority, Belief::Doubts, std::move(done));
}

void ApiClient::captures_with(CapturesRequest request, Priority priority, Belief belief, CapturesDone done) {
  auto call = std::make_shared<Call>(*this, Call::Route::Captures, "captures",
                                     api_request(options_.endpoints.captures, captures_body(request)), priority,
                                     request_counts_.captures);
  call->on_end(
      [done, belief, asked = request.task_ids](const net::Response& response) mutable -> model::Result<void> {
        auto answer = parse_captures(response.body);
        if (!answer)
          return base::make_unexpected(model::Failure{.kind = model::Failure::Kind::Transient,
                                                      .message = "captures: " + answer.error(),
                                                      .http_status = response.status});
        if (const auto missing = left_out(*answer, asked); missing > 0)
          answer->problems.push_back(fmt::format("$.data: no element for {} of {} tasks", missing, asked.size()));
        if (!answer->problems.empty() && std::exchange(belief, Belief::Believes) == Belief::Doubts)
          return base::make_unexpected(
              model::Failure{.kind = model::Failure::Kind::Transient,
                             .message = "captures: the answer looks damaged: " + answer->problems.front(),
                             .http_status = response.status});
        for (const std::string& problem : answer->problems) base::log::warning("captures: {}", problem);
        done(std::move(answer->tasks));
        return {};
      },
      [this, request, priority, belief, done](const model::Failure& failure) {
        // "Not found or not available", or a gateway's: said twice it is the former. Then it says something of one
        // task, but of several only that one may be unknown.
        if (failure.http_status == 404 && belief == Belief::Doubts)
          return captures_with(request, priority, Belief::Believes, done);
        if (failure.http_status == 404 && request.task_ids.size() == 1) return done(std::vector<TaskCaptures>{});
        if (failure.http_status == 400 && request.all_digital_versions) {
          CapturesRequest plain = request;
          plain.all_digital_versions = false;
          return captures_with(
              std::move(plain), priority, belief, [this, done](model::Result<std::vector<TaskCaptures>> answer) {
                if (answer && !versions_refused_at_) {
                  versions_refused_at_ = clock_.now();
                  base::log::info("captures does not know includeAllDigitalVersions here; going on without for a day");
                }
                done(std::move(answer));
              });
        }
        done(base::make_unexpected(failure));
      });
  begin(std::move(call));
}

void ApiClient::download(const base::Secret& url, DownloadDone done) {
  net::Request request;
  request.url = url.reveal();
  auto call = std::make_shared<Call>(*this, Call::Route::Download,
                                     fmt::format("download from {}", base::without_credentials(url.reveal())),
                                     std::move(request), Priority::Live, request_counts_.downloads);
  call->on_end(
      [done](net::Response&& response) -> model::Result<void> {
        done(std::move(response.body));
        return {};
      },
      [done](const model::Failure& failure) { done(base::make_unexpected(failure)); });
  begin(std::move(call));
}

}  // namespace wxcc::webex
