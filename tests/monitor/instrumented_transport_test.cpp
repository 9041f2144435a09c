// SPDX-License-Identifier: Apache-2.0
#include "monitor/instrumented_transport.h"

#include <gmock/gmock.h>

#include "tests/fakes.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;

TEST(InstrumentedTransport, CountsRequestsByRouteAndStatus) {
  tests::FakeClock clock;
  tests::FakeTimers timers(clock);
  Metrics metrics("1.2.3");
  auto fake = std::make_unique<tests::FakeTransport>();
  tests::FakeTransport& cloud = *fake;
  InstrumentedTransport transport(std::move(fake),
                                  {{base::Secret(), Route::Heartbeat},
                                   {base::Secret("https://api/search"), Route::Search},
                                   {base::Secret("https://t/token"), Route::Token}},
                                  metrics, timers);
  std::vector<int> statuses;
  const auto send = [&](const char* url) {
    net::Request request;
    request.url = url;
    return transport.start(std::move(request),
                           [&](const net::Outcome& outcome) { statuses.push_back(outcome ? outcome->status : 0); });
  };
  const auto first = send("https://api/search?orgId=1");
  timers.advance(ch::milliseconds(300));
  cloud.respond(429, "");
  const auto second = send("https://t/token");
  cloud.fail(net::TransferFailure::Kind::Timeout, "slow");
  const auto third = send("https://store/file?signature=1");
  cloud.respond(200, "");
  EXPECT_EQ(statuses, (std::vector<int>{429, 0, 200}));
  const std::string text = metrics.text({}, timers.monotonic_now());
  for (const char* line : {
           "\nwxcc_archive_requests_total{code=\"429\",route=\"search\"} 1\n",
           "\nwxcc_archive_request_budget_used 1\n",
           "\nwxcc_archive_requests_total{code=\"none\",route=\"token\"} 1\n",
           "\nwxcc_archive_requests_total{code=\"200\",route=\"download\"} 1\n",
           "\nwxcc_archive_request_duration_seconds_bucket{route=\"search\",le=\"0.25\"} 0\n",
           "\nwxcc_archive_request_duration_seconds_bucket{route=\"search\",le=\"0.5\"} 1\n",
       })
    EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace wxcc::monitor
