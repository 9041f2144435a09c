// SPDX-License-Identifier: Apache-2.0
// The same seed, options, clock and requests give the same bytes, independent of order and threads.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "moved_clock.h"
#include "simulator/cloud/services.h"

namespace wxcc::simulator {
namespace {

constexpr int kAttempts = 3;
constexpr std::size_t kThreads = 8;

struct Planned {
  Route route;
  Request request;
};

std::string text_of(const Response& response) {
  std::string text =
      fmt::format("{} {} {}\n", response.status, static_cast<int>(response.transmission), response.content_type);
  for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\n", name, value);
  return text + "\n" + response.body;
}

class RepeatedRun {
 public:
  explicit RepeatedRun(std::uint64_t seed) : services_(options(seed), clock_) {
    services_.add_fault("all:500:0.2");
    services_.add_fault("all:stall:0.1");
    services_.add_fault("all:wrong-types:0.1");
    services_.add_fault("all:garbage:0.1");
    tokens_ = services_.issue_tokens();
    for (const GroundTruthEntry& entry : services_.ground_truth(GroundTruthDetail::Tasks)) ids_.push_back(entry.id);
  }

  // By route, subject and attempt.
  std::map<std::string, std::string> responses(std::uint64_t order) {
    std::vector<Planned> requests = planned();
    std::shuffle(requests.begin(), requests.end(), std::mt19937_64(order));
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < kThreads; ++thread)
      threads.emplace_back([&, thread] {
        for (std::size_t i = thread; i < requests.size(); i += kThreads) send(requests[i]);
      });
    for (std::thread& thread : threads) thread.join();
    return responses_;
  }

 private:
  static Options options(std::uint64_t seed) {
    Options options;
    options.seed = seed;
    options.tasks = 60;
    options.requests_per_minute = 0;
    options.rotate_refresh_token = true;
    return options;
  }

  [[nodiscard]] std::vector<Planned> planned() const {
    std::vector<Planned> result;
    const std::string bearer = "Bearer " + tokens_.access_token;
    const auto add = [&](Route route, const std::string& path, std::string body) {
      Request request;
      request.method = route == Route::Download ? "GET" : "POST";
      request.path = path;
      request.body = std::move(body);
      if (route == Route::Search || route == Route::Captures) request.authorization = bearer;
      for (int i = 0; i < kAttempts; ++i) result.push_back({route, request});
    };
    add(Route::Token, "/v1/access_token",
        base::form_encode({{"grant_type", "refresh_token"},
                           {"client_id", services_.options().client_id},
                           {"client_secret", services_.options().client_secret},
                           {"refresh_token", tokens_.refresh_token}}));
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      add(Route::Captures, "/v1/captures/query", fmt::format(R"({{"query":{{"taskIds":["{}"]}}}})", ids_[i]));
      add(Route::Download, fmt::format("/{}/{}/chatTranscript.json", services_.options().org_id, ids_[i]), "");
      add(Route::Search, "/search",
          fmt::format(R"({{"query":"{{ task(from: 1, to: 2) {{ tasks {{ id }} }} }}","variables":{{"n":{}}}}})", i));
    }
    return result;
  }

  // The lock assigns each attempt of a subject its number.
  void send(const Planned& planned) {
    const std::lock_guard lock(mutex_);
    const std::string subject = planned.request.path + planned.request.body;
    const int attempt = ++attempts_[subject];
    const Response response = planned.route == Route::Download ? services_.handle_store(planned.request)
                                                               : services_.handle_api(planned.request);
    responses_[fmt::format("{} #{}", subject, attempt)] = text_of(response);
  }

  MovedClock clock_;
  Services services_;
  IssuedTokens tokens_;
  std::vector<std::string> ids_;
  std::mutex mutex_;
  std::map<std::string, int> attempts_;
  std::map<std::string, std::string> responses_;
};

TEST(Repeatability, SameSeedGivesSameBytesInAnyOrder) {
  const auto first = RepeatedRun(1).responses(1);
  EXPECT_EQ(first, RepeatedRun(1).responses(1));
  EXPECT_EQ(first, RepeatedRun(1).responses(2));
  EXPECT_EQ(first, RepeatedRun(1).responses(3));
  EXPECT_NE(first, RepeatedRun(2).responses(1));
  const auto failed = std::count_if(first.begin(), first.end(),
                                    [](const auto& response) { return response.second.starts_with("500"); });
  EXPECT_NEAR(static_cast<double>(failed), 0.2 * static_cast<double>(first.size()), 60);
}

TEST(Repeatability, OrderOfTaskIdsDoesNotChangeFaults) {
  const MovedClock clock;
  const auto status_of = [&](const char* first, const char* second) {
    Options options;
    Services services(options, clock);
    services.add_fault("captures:500:0.5");
    std::string statuses;
    for (const char* ids : {first, second}) {
      Request request;
      request.method = "POST";
      request.path = "/v1/captures/query";
      request.authorization = "Bearer " + services.issue_tokens().access_token;
      request.body = fmt::format(R"({{"query":{{"taskIds":[{}]}}}})", ids);
      statuses += std::to_string(services.handle_api(request).status) + " ";
    }
    return statuses;
  };
  EXPECT_EQ(status_of(R"("a","b")", R"("b","a")"), status_of(R"("b","a")", R"("a","b")"));
}

TEST(Repeatability, RequestLimitFollowsTheClock) {
  MovedClock clock;
  Options options;
  options.requests_per_minute = 1;
  Services services(options, clock);
  Request request;
  request.method = "POST";
  request.path = "/v1/captures/query";
  request.authorization = "Bearer " + services.issue_tokens().access_token;
  request.body = R"({"query":{"taskIds":["a"]}})";
  EXPECT_EQ(services.handle_api(request).status, 200);
  EXPECT_EQ(services.handle_api(request).status, 429);
  clock.advance(std::chrono::seconds{60});
  EXPECT_EQ(services.handle_api(request).status, 200);
  EXPECT_TRUE(services.statistics().violations.empty());
}

}  // namespace
}  // namespace wxcc::simulator
