// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/timers.h"
#include "model/failure.h"
#include "net/retry_delays.h"
#include "net/transport.h"
#include "webex/captures.h"
#include "webex/endpoints.h"
#include "webex/error_response.h"
#include "webex/request_queue.h"
#include "webex/search_page.h"
#include "webex/search_query.h"
#include "webex/token_keeper.h"

namespace wxcc::webex {

// How many requests have been sent so far.
struct RequestCounts {
  std::int64_t searches = 0;
  std::int64_t captures = 0;
  std::int64_t downloads = 0;
  std::int64_t throttled = 0;  // responses with status 429
};

// The calls of the Webex API that archiving needs. Each takes its place in the request budget, carries a good token,
// repeats what is worth repeating, and calls back once, from the event loop. After destruction nothing is called back;
// it must not be destroyed from within a callback.
class ApiClient {
 public:
  struct Options {
    Endpoints endpoints;
    std::string org_id;
    int requests_per_minute = 300;
    int url_expiration_minutes = 60;
    net::RetryPolicy retries = net::kCallRetries;
    // Until the cloud has answered anything, a call is not repeated for longer than this: a wrong address or a machine
    // without a network is told soon.
    base::Millis first_contact = net::kInitialContactTimeout;
  };
  // The references must outlive the cloud.
  ApiClient(Options options, TokenKeeper& tokens, net::Transport& transport, base::Timers& timers,
            const base::Clock& clock);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  using SearchDone = std::function<void(model::Result<SearchPage>)>;
  void search(const SearchRequest& request, Priority priority, SearchDone done);

  // At most kCapturesBatch distinct ids. A failure of status 404 means that one of several is unknown to the cloud; a
  // single one that is unknown has no transcripts.
  using CapturesDone = std::function<void(model::Result<std::vector<TaskCaptures>>)>;
  void captures(std::vector<std::string> task_ids, Priority priority, CapturesDone done);

  // Downloads a transcript; no budget and no token. Failures with status 403 mean that the location has expired or is
  // refused.
  using DownloadDone = std::function<void(model::Result<std::string>)>;
  void download(const base::Secret& url, DownloadDone done);

  [[nodiscard]] const RequestCounts& request_counts() const { return request_counts_; }

 private:
  class Call;
  friend class Call;
  void begin(std::shared_ptr<Call> call);
  void end(const Call* call);
  void search_with_fields(const SearchRequest& request, Priority priority, SearchDone done);
  using Refusal = std::optional<std::string>;
  using PageDone = std::function<void(model::Result<SearchPage>, const Refusal&)>;
  void ask_page(const SearchRequest& request, const FieldList& fields, Priority priority, PageDone done);
  void keep_to(FieldList fewer);
  // An answer that looks damaged is asked for once more, and believed when it is the same again.
  enum class Belief { Doubts, Believes };
  void captures_with(CapturesRequest request, Priority priority, Belief belief, CapturesDone done);

  Options options_;
  TokenKeeper& tokens_;
  net::Transport& transport_;
  base::Timers& timers_;
  const base::Clock& clock_;
  RequestQueue queue_;
  FieldList fields_;
  std::optional<base::Instant> fields_dropped_at_;
  std::optional<base::Instant> versions_refused_at_;  // captures without includeAllDigitalVersions since then
  std::map<const Call*, std::shared_ptr<Call>> calls_;
  // By route, search, captures and downloads: the last call failed after all its tries. Until one works again, each
  // call gets one try only, so that an outage costs little however long it lasts.
  std::array<bool, 3> down_{};
  bool reached_ = false;  // the API has answered something
  bool absence_told_ = false;
  RequestCounts request_counts_;
};

}  // namespace wxcc::webex
