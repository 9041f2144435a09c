// SPDX-License-Identifier: Apache-2.0
#include "net/curl_transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "net/curl_failure.h"
#include "net/request_validation.h"

namespace wxcc::net {
namespace {

constexpr std::size_t kHeaderLimit = 256U << 10U;

// libcurl takes 0 for "its own default"; a limit of zero expires at once instead.
long milliseconds(base::Millis limit) {
  return std::clamp<long>(limit.count(), 1, 24L * 3600 * 1000);
}

// 300 and 304 may have a Location too, which is then no redirect (RFC 9110 15.4).
bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

CurlTransfer::CurlTransfer(Request request, Transport::Done done)
    : request_(std::move(request)), done_(std::move(done)), started_(std::chrono::steady_clock::now()) {}

CurlTransfer::~CurlTransfer() {
  // A token request's body holds the client's secret and the grant.
  base::wipe(request_.body);
}

void CurlTransfer::attach(const CurlTransport::Options& options) {
  easy_.reset(curl_easy_init());
  if (!easy_) throw std::bad_alloc();
  set_connection_options(options);
  set_request_options();
}

void CurlTransfer::set_connection_options(const CurlTransport::Options& options) {
  CURL* const easy = easy_.get();
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set_option(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  // Otherwise cancelling waits for a name server that does not respond.
  set_option(easy, CURLOPT_QUICK_EXIT, 1L);
  set_option(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set_option(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.ca_file.empty()) {
    // Without a CAPATH of none, Debian's libcurl would continue to trust /etc/ssl/certs too.
    set_option(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    set_option(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    set_option(easy, CURLOPT_PROXY_CAINFO, options.ca_file.c_str());
    set_option(easy, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  }
  set_option(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.limits.connect));
  set_option(easy, CURLOPT_TIMEOUT_MS, milliseconds(request_.limits.total));
  set_option(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set_option(easy, CURLOPT_LOW_SPEED_TIME, std::max<long>(request_.limits.idle_timeout.count(), 1));

  const auto url = base::parse_url(request_.url);
  // Wait until it is known whether the first connection carries many transfers (HTTP/2), instead of opening one each.
  if (url && url->scheme == "https") set_option(easy, CURLOPT_PIPEWAIT, 1L);
  // An empty proxy overrules the environment's.
  if (url && is_loopback_host(url->host)) set_option(easy, CURLOPT_PROXY, "");
}

void CurlTransfer::set_request_options() {
  CURL* const easy = easy_.get();
  set_option(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set_option(easy, CURLOPT_ERRORBUFFER, error_.data());
  set_option(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set_option(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set_option(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set_option(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_option(easy, CURLOPT_URL, request_.url.c_str());
  set_option(easy, CURLOPT_ACCEPT_ENCODING, "");
  set_option(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.limits.response_bytes));
  if (request_.method == Method::Post) {
    set_option(easy, CURLOPT_POST, 1L);
    set_option(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set_option(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
    header_lines_.append("Expect:");
  }
  // "Name;" is libcurl's spelling of a header without a value.
  for (const auto& [name, value] : request_.headers)
    header_lines_.append(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  if (!request_.bearer.empty()) {
    std::string line = "Authorization: Bearer " + request_.bearer.reveal();
    header_lines_.append(line);
    base::wipe(line);
  }
  set_option(easy, CURLOPT_HTTPHEADER, header_lines_.get());
  // These lines are for the server alone, not for a proxy on the way.
  set_option(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  set_option(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  std::size_t taken = 0;
  transfer.trap_.guard([&] { taken = transfer.add_header_line({data, size * count}) ? size * count : 0; });
  return taken;
}

bool CurlTransfer::add_header_line(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    exceeded_limit_ = "header";
    return false;
  }
  if (line.starts_with("HTTP/")) {
    // What came before was an interim response (1xx).
    response_.headers.clear();
    header_complete_ = false;
    return true;
  }
  const std::string_view text = base::trim(line);
  if (text.empty()) {
    header_complete_ = true;
    return true;
  }
  const bool continues = line.front() == ' ' || line.front() == '\t';  // RFC 9112 5.2, obsolete but in use
  if (continues && !response_.headers.empty()) {
    response_.headers.back().second.append(" ").append(text);
    return true;
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(base::trim(text.substr(0, colon)), base::trim(text.substr(colon + 1)));
  return true;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  std::size_t taken = 0;
  transfer.trap_.guard([&] { taken = transfer.add_body({data, size * count}) ? size * count : 0; });
  return taken;
}

bool CurlTransfer::add_body(std::string_view bytes) {
  if (bytes.size() > request_.limits.response_bytes - response_.body.size()) {
    exceeded_limit_ = "body";
    return false;
  }
  if (response_.body.empty()) reserve_body();
  response_.body.append(bytes);
  return true;
}

void CurlTransfer::reserve_body() {
  curl_off_t announced = -1;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  if (announced <= 0) return;
  response_.body.reserve(std::min(static_cast<std::size_t>(announced), request_.limits.response_bytes));
}

// libcurl has one code for three time-outs.
TransferFailure CurlTransfer::timeout_failure() const {
  const Limits& limits = request_.limits;
  // libcurl truncates to milliseconds, so its time-out may come a little early.
  constexpr std::chrono::milliseconds kTolerance{10};
  if (std::chrono::steady_clock::now() - started_ + kTolerance >= limits.total)
    return failure_of(request_, TransferFailure::Kind::Timeout,
                      fmt::format("incomplete response after {} ms", limits.total.count()));
  curl_off_t connected = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
  if (connected > 0)
    return failure_of(request_, TransferFailure::Kind::Stalled,
                      fmt::format("no data from the server for {} s", limits.idle_timeout.count()));
  return failure_of(request_, TransferFailure::Kind::Timeout,
                    fmt::format("could not connect within {} ms", limits.connect.count()));
}

TransferFailure CurlTransfer::failure(CURLcode code) const {
  if (!exceeded_limit_.empty() || code == CURLE_FILESIZE_EXCEEDED) {
    const bool header = exceeded_limit_ == "header";
    return failure_of(request_, TransferFailure::Kind::TooLarge,
                      fmt::format("the response's {} is larger than {} bytes", header ? "header" : "body",
                                  header ? kHeaderLimit : request_.limits.response_bytes));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return timeout_failure();
  long os_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
  return failure_of(request_, kind_of(code), reason_of(code, error_.data(), os_error));
}

Outcome CurlTransfer::outcome(CURLcode code) {
  trap_.rethrow_pending();
  if (!exceeded_limit_.empty() || code != CURLE_OK) return base::make_unexpected(failure(code));
  // libcurl takes a connection that closes within the header for the end of an empty response.
  if (!header_complete_)
    return base::make_unexpected(
        failure_of(request_, TransferFailure::Kind::Interrupted, "the connection closed within the response's header"));
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  if (is_redirect(status)) {
    const char* target = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &target);
    if (target != nullptr) response_.redirect = base::Secret(target);
  }
  return std::move(response_);
}

}  // namespace wxcc::net
