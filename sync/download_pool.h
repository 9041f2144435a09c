// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "webex/api_client.h"

namespace wxcc::sync {

// Downloads transcripts, a limited number at once, in the order in which they were added. The client outlives it.
class DownloadPool {
 public:
  using OnDownload = std::function<void(const std::string& task_id, const model::TranscriptItem& item,
                                        model::Result<std::string> bytes)>;
  DownloadPool(webex::ApiClient& api, int max_concurrent, OnDownload on_download)
      : api_(api), max_concurrent_(max_concurrent), on_download_(std::move(on_download)) {}

  void add(const std::string& task_id, webex::TranscriptLocation location) {
    waiting_.push_back({task_id, std::move(location)});
    start();
  }
  [[nodiscard]] bool idle() const { return under_way_ == 0 && waiting_.empty(); }

 private:
  struct Download {
    std::string task_id;
    webex::TranscriptLocation location;
  };

  void start() {
    while (under_way_ < max_concurrent_ && !waiting_.empty()) {
      Download next = std::move(waiting_.front());
      waiting_.pop_front();
      ++under_way_;
      api_.download(next.location.url, [this, id = std::move(next.task_id),
                                        item = std::move(next.location.item)](model::Result<std::string> bytes) {
        --under_way_;
        on_download_(id, item, std::move(bytes));
        start();
      });
    }
  }

  webex::ApiClient& api_;
  int max_concurrent_;
  OnDownload on_download_;
  std::deque<Download> waiting_;
  int under_way_ = 0;
};

}  // namespace wxcc::sync
