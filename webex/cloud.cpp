// SPDX-License-Identifier: Apache-2.0
#include "webex/cloud.h"

#include <fmt/format.h>

#include <optional>
#include <random>
#include <utility>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "base/url.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

// Tenants and cells learn: what was refused is asked for again after this long.
constexpr ch::hours kAskAgain{24};
// A server that says 429 to every repetition does not want this call now.
constexpr int kMaxThrottled = 20;

double dice() {
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
class Cloud::Call : public std::enable_shared_from_this<Call> {
 public:
  enum class Route { Search, Captures, Download };
  using Success = std::function<Result<void>(const net::Response&)>;
  using Failure = std::function<void(const ApiFailure&)>;

  Call(Cloud& cloud, Route route, std::string what, net::Request request, Priority priority, std::int64_t& counter)
      : cloud_(cloud),
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
    if (tries_ == 0) began_ = cloud_.timers_.elapsed();
    if (route_ == Route::Download) return send({});
    cloud_.gate_.enter(priority_, weak_from_this(), [this] { authorize(); });
  }

 private:
  void authorize() {
    const std::weak_ptr<Call> weak = weak_from_this();
    cloud_.tokens_.get([weak](const Result<base::Secret>& token) {
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
    if (route_ != Route::Download) request.headers.emplace_back("TrackingId", base::random_uuid());
    ++counter_;
    transfer_ = cloud_.transport_.start(std::move(request), [this](const net::Outcome& outcome) { answered(outcome); });
  }

  void answered(const net::Outcome& outcome) {
    const auto self = shared_from_this();
    if (outcome && route_ != Route::Download) cloud_.reached_ = true;
    switch (net::verdict_of(outcome)) {
      case net::Verdict::Success:
        if (auto read = success_(*outcome); !read) return retry(outcome, read.error());
        cloud_.down_[static_cast<std::size_t>(route_)] = false;
        return cloud_.end(this);
      case net::Verdict::Unauthorized:
        if (route_ != Route::Download) return renew(outcome);
        break;
      case net::Verdict::Throttled:
        return throttled(outcome);
      case net::Verdict::Transient:
        return retry(outcome, failure_of(ApiFailure::Kind::Transient, outcome));
      case net::Verdict::Permanent:
        break;
    }
    fail(failure_of(ApiFailure::Kind::Permanent, outcome));
  }

  void renew(const net::Outcome& outcome) {
    const std::weak_ptr<Call> weak = weak_from_this();
    const ApiFailure refusal = failure_of(ApiFailure::Kind::Transient, outcome);
    cloud_.tokens_.replace(token_, [weak, refusal](const Result<base::Secret>& token) {
      const auto self = weak.lock();
      if (!self) return;
      if (token && !self->renewed_) {
        self->renewed_ = true;
        return self->begin();
      }
      if (!token && token.error().kind == ApiFailure::Kind::Grant) return self->fail(token.error());
      self->retry(base::make_unexpected(net::TransferFailure{}), refusal);
    });
  }

  void no_token(const ApiFailure& failure) {
    if (failure.kind == ApiFailure::Kind::Grant) return fail(failure);
    retry(base::make_unexpected(net::TransferFailure{}), failure);
  }

  void throttled(const net::Outcome& outcome) {
    ++cloud_.tally_.throttled;
    constexpr ch::seconds kUnsaid{5};
    const base::Millis pause = net::retry_after(*outcome, cloud_.clock_.now()).value_or(kUnsaid);
    base::log::debug("{}: answered 429; pausing {} ms", what_, pause.count());
    if (route_ != Route::Download) cloud_.gate_.hold(pause);
    bool& down = cloud_.down_[static_cast<std::size_t>(route_)];
    if (down || ++throttled_ > kMaxThrottled) {
      down = true;
      return fail(failure_of(ApiFailure::Kind::Transient, outcome));
    }
    if (route_ == Route::Download) return again_after(pause);
    begin();
  }

  void retry(const net::Outcome& outcome, const ApiFailure& failure) {
    bool& down = cloud_.down_[static_cast<std::size_t>(route_)];
    const auto asked_for = outcome ? net::retry_after(*outcome, cloud_.clock_.now()) : std::nullopt;
    const auto pause = cloud_.options_.retries.next_pause(++tries_, dice(), asked_for);
    if (down || !pause || is_absent(*pause, failure)) {
      down = true;
      return fail(failure);
    }
    base::log::debug("{}; try {} in {} ms", failure.message, tries_ + 1, pause->count());
    again_after(*pause);
  }

  // The cloud has never answered, and not for so long now that its absence is not a matter of moments.
  bool is_absent(base::Millis pause, const ApiFailure& failure) {
    if (cloud_.reached_ || route_ == Route::Download) return false;
    if (!std::exchange(cloud_.absence_told_, true)) base::log::warning("{}; trying again", failure.message);
    if (cloud_.timers_.elapsed() + pause - began_ <= cloud_.options_.first_contact) return false;
    for (const Route route : {Route::Search, Route::Captures}) cloud_.down_[static_cast<std::size_t>(route)] = true;
    return true;
  }

  void again_after(base::Millis pause) {
    if (!timer_)
      timer_ = cloud_.timers_.add_timer([this] {
        renewed_ = false;
        begin();
      });
    timer_->start(pause);
  }

  ApiFailure failure_of(ApiFailure::Kind kind, const net::Outcome& outcome) const {
    return {kind, outcome ? outcome->status : 0, fmt::format("{}: {}", what_, describe(outcome))};
  }

  void fail(const ApiFailure& failure) {
    const auto self = shared_from_this();
    cloud_.end(this);
    failure_(failure);
  }

  Cloud& cloud_;
  Route route_;
  std::string what_;
  net::Request request_;
  Priority priority_;
  std::int64_t& counter_;
  Success success_;
  Failure failure_;
  base::Secret token_;
  bool renewed_ = false;  // since the last pause
  int tries_ = 0;
  base::Millis began_{};  // on the timers' clock
  int throttled_ = 0;
  std::unique_ptr<net::Transfer> transfer_;
  std::unique_ptr<base::Timer> timer_;
};

Cloud::Cloud(Options options, TokenKeeper& tokens, net::Transport& transport, base::Timers& timers,
             const base::Clock& clock)
    : options_(std::move(options)),
      tokens_(tokens),
      transport_(transport),
      timers_(timers),
      clock_(clock),
      gate_(options_.requests_per_minute, timers) {}

Cloud::~Cloud() = default;

void Cloud::begin(std::shared_ptr<Call> call) {
  calls_.emplace(call.get(), call);
  call->begin();
}

void Cloud::end(const Call* call) {
  calls_.erase(call);
}

void Cloud::search(const SearchRequest& request, Priority priority, SearchDone done) {
  if (fields_dropped_at_ && clock_.now() - *fields_dropped_at_ >= kAskAgain) {
    fields_.restore();
    fields_dropped_at_.reset();
  }
  search_with_fields(request, priority, std::move(done));
}

void Cloud::search_with_fields(const SearchRequest& request, Priority priority, SearchDone done) {
  auto call = std::make_shared<Call>(
      *this, Call::Route::Search, "search",
      api_request(options_.endpoints.search + "?" + base::form_encode({{"orgId", options_.org_id}}),
                  search_body(request, fields_)),
      priority, tally_.searches);
  const auto refused = [this, request, priority, done](std::string_view said, const ApiFailure& failure) {
    const std::size_t before = fields_.dropped().size();
    if (!fields_.drop_undefined(said)) return done(base::make_unexpected(failure));
    fields_dropped_at_ = clock_.now();
    base::log::warning(
        "this organisation's search does not know {}; going on without, trying again in a day",
        fmt::join(fields_.dropped().begin() + static_cast<std::ptrdiff_t>(before), fields_.dropped().end(), ", "));
    search_with_fields(request, priority, done);
  };
  call->on_end(
      [done, refused, belief = Belief::Doubts](const net::Response& response) mutable -> Result<void> {
        auto page = parse_search_page(response.body);
        if (page && !page->doubt.empty()) {
          const std::string message = "search: the answer looks damaged: " + page->doubt;
          if (std::exchange(belief, Belief::Believes) == Belief::Doubts)
            return base::make_unexpected(ApiFailure{ApiFailure::Kind::Transient, response.status, message});
          base::log::warning("{}", message);
        }
        if (page) {
          if (const auto date = response.header("Date")) page->server_time = base::parse_http_date(*date);
          done(std::move(*page));
          return {};
        }
        const ApiFailure failure{ApiFailure::Kind::Transient, response.status, "search: " + page.error().message};
        if (page.error().refused && response.body.find("ndefined") != std::string::npos) {
          refused(response.body, failure);
          return {};
        }
        return base::make_unexpected(failure);
      },
      [done, refused](const ApiFailure& failure) {
        if (failure.status == 400) return refused(failure.message, failure);
        done(base::make_unexpected(failure));
      });
  begin(std::move(call));
}

void Cloud::captures(std::vector<std::string> task_ids, Priority priority, CapturesDone done) {
  if (versions_refused_at_ && clock_.now() - *versions_refused_at_ >= kAskAgain) versions_refused_at_.reset();
  captures_with({options_.org_id, std::move(task_ids), options_.url_expiration_minutes, !versions_refused_at_},
                priority, Belief::Doubts, std::move(done));
}

void Cloud::captures_with(CapturesRequest request, Priority priority, Belief belief, CapturesDone done) {
  auto call = std::make_shared<Call>(*this, Call::Route::Captures, "captures",
                                     api_request(options_.endpoints.captures, captures_body(request)), priority,
                                     tally_.captures);
  call->on_end(
      [done, belief](const net::Response& response) mutable -> Result<void> {
        auto answer = parse_captures(response.body);
        if (!answer)
          return base::make_unexpected(
              ApiFailure{ApiFailure::Kind::Transient, response.status, "captures: " + answer.error()});
        if (!answer->problems.empty() && std::exchange(belief, Belief::Believes) == Belief::Doubts)
          return base::make_unexpected(ApiFailure{ApiFailure::Kind::Transient, response.status,
                                                  "captures: the answer looks damaged: " + answer->problems.front()});
        for (const std::string& problem : answer->problems) base::log::warning("captures: {}", problem);
        done(std::move(answer->tasks));
        return {};
      },
      [this, request, priority, belief, done](const ApiFailure& failure) {
        // "Not found or not available", or a gateway's: said twice it is the former. Then it says something of one
        // task, but of several only that one may be unknown.
        if (failure.status == 404 && belief == Belief::Doubts)
          return captures_with(request, priority, Belief::Believes, done);
        if (failure.status == 404 && request.task_ids.size() == 1) return done(std::vector<TaskCaptures>{});
        if (failure.status == 400 && request.all_digital_versions) {
          CapturesRequest plain = request;
          plain.all_digital_versions = false;
          return captures_with(
              std::move(plain), priority, belief, [this, done](Result<std::vector<TaskCaptures>> answer) {
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

void Cloud::download(const base::Secret& url, DownloadDone done) {
  net::Request request;
  request.url = url.reveal();
  auto call = std::make_shared<Call>(*this, Call::Route::Download,
                                     fmt::format("download from {}", base::without_credentials(url.reveal())),
                                     std::move(request), Priority::Live, tally_.downloads);
  call->on_end(
      [done](const net::Response& response) -> Result<void> {
        done(response.body);
        return {};
      },
      [done](const ApiFailure& failure) { done(base::make_unexpected(failure)); });
  begin(std::move(call));
}

}  // namespace wxcc::webex
