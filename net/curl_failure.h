// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "net/transport.h"

namespace wxcc::net {

// "GET https://host/path: " and the reason, without the URL's query.
TransferFailure failure_of(const Request& request, TransferFailure::Kind kind, std::string_view reason);

TransferFailure::Kind kind_of(CURLcode code);

// The code as text. `detail` is libcurl's error buffer; it is quoted for failed connections only, since otherwise it
// may contain a part of the response. `os_error` is the errno of a failed connect, or 0.
std::string reason_of(CURLcode code, std::string_view detail, long os_error);

}  // namespace wxcc::net
