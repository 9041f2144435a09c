// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wxcc::webex {

// The URLs of the API's calls. The token host is the same for every region, the contact centre host is the region's.
struct Endpoints {
  std::string authorize;  // GET, in a browser
  std::string token;      // POST
  std::string search;     // POST, without its query
  std::string captures;   // POST
};

// From the configuration's api_urls. base is the REST root ("https://webexapis.com/v1"), authorize its authorize page
// (or the root of one), contact_center the region's host root. Trailing slashes, the full form of each URL, and a query
// behind the first two are accepted too.
Endpoints endpoints_from(std::string_view base, std::string_view authorize, std::string_view contact_center);

}  // namespace wxcc::webex
