// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/instant.h"
#include "net/retry_delays.h"
#include "webex/endpoints.h"

namespace wxcc::webex {

struct ApiSettings {
  Endpoints endpoints{};
  std::string org_id{};
  int requests_per_minute = 300;
  int url_expiration_minutes = 60;  // of the locations of transcripts, 1..60
  net::RetryPolicy retries = net::kCallRetries;
  base::Millis initial_contact_timeout = net::kInitialContactTimeout;
};

}  // namespace wxcc::webex
