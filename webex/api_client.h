// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/timers.h"
#include "model/failure.h"
#include "net/transport.h"
#include "webex/call_state.h"
#include "webex/captures.h"
#include "webex/circuit_breaker.h"
#include "webex/request_queue.h"
#include "webex/search_page.h"
#include "webex/search_query.h"
#include "webex/settings.h"
#include "webex/token_keeper.h"

namespace wxcc::webex {

// How many requests have been sent so far.
struct RequestCounts {
  std::int64_t searches = 0;
  std::int64_t captures = 0;
  std::int64_t downloads = 0;
  std::int64_t throttled = 0;  // responses with status 429
};

// The calls of the Webex API that archiving needs. Each takes its place in the request budget, carries a valid token,
// is retried as CallState decides, and calls back once, from the event loop. After destruction nothing is called back;
// it must not be destroyed from within a callback.
class ApiClient {
 public:
  // The references must outlive the client.
  ApiClient(Settings settings, TokenKeeper& tokens, net::Transport& transport, base::Timers& timers,
            const base::Clock& clock, base::Random& random);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  using SearchDone = std::function<void(model::Result<SearchPage>)>;
  void search(const SearchRequest& request, Priority priority, SearchDone done);

  // At most kMaxCaptureTaskIds distinct ids. A failure of status 404 means that one of several is unknown to the API; a
  // single one that is unknown has no transcripts.
  using CapturesDone = std::function<void(model::Result<std::vector<TaskCaptures>>)>;
  void captures(std::vector<std::string> task_ids, Priority priority, CapturesDone done);

  // Downloads a transcript; no budget and no token. A failure of status 403 means that the location has expired or is
  // rejected. The bytes are the receiver's, to be moved from.
  using DownloadDone = std::function<void(model::Result<std::string>)>;
  void download(const base::Secret& url, DownloadDone done);

  [[nodiscard]] const RequestCounts& request_counts() const { return request_counts_; }

 private:
  class Call;
  class Exchange;
  class SearchExchange;
  class CapturesExchange;
  class DownloadExchange;

  void start(Route route, std::string name, net::Request request, Priority priority,
             std::unique_ptr<Exchange> exchange);
  void forget(const Call* call);
  std::int64_t& counter_of(Route route);

  // The body or message of a response that rejects the query itself; std::nullopt: no such response.
  using QueryRejection = std::optional<std::string>;
  using PageDone = std::function<void(model::Result<SearchPage>, const QueryRejection&)>;
  void search_with_fallback(const SearchRequest& request, Priority priority, SearchDone done);
  void send_search(const SearchRequest& request, const FieldList& fields, Priority priority, PageDone done);
  void adopt_reduced_fields(FieldList fewer);
  void send_captures(CapturesRequest request, Priority priority, CapturesDone done);

  Settings settings_;
  TokenKeeper& tokens_;
  net::Transport& transport_;
  base::Timers& timers_;
  const base::Clock& clock_;
  base::Random& random_;

  // What this organisation's API rejected, until kFieldRetryInterval has passed.
  FieldList fields_;
  std::optional<base::Instant> fields_dropped_at_;
  std::optional<base::Instant> versions_rejected_at_;  // captures have no includeAllDigitalVersions since then

  RequestQueue queue_;
  CircuitBreaker circuit_;
  bool unreachable_logged_ = false;
  RequestCounts request_counts_;
  // Owns the calls; the queue and the token keeper hold weak references.
  std::map<const Call*, std::shared_ptr<Call>> calls_;
};

}  // namespace wxcc::webex
