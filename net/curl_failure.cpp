// SPDX-License-Identifier: Apache-2.0
#include "net/curl_failure.h"

#include <fmt/format.h>

#include <system_error>

#include "base/text.h"
#include "base/url.h"

namespace wxcc::net {

using Kind = TransferFailure::Kind;

TransferFailure failure_of(const Request& request, Kind kind, std::string_view reason) {
  const std::string_view method = request.method == Method::Get ? "GET" : "POST";
  return {kind, fmt::format("{} {}: {}", method, base::strip_credentials(request.url), reason)};
}

Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Kind::Resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return Kind::Connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
      return Kind::Tls;
    case CURLE_OPERATION_TIMEDOUT:
      return Kind::Timeout;
    case CURLE_FILESIZE_EXCEEDED:
      return Kind::TooLarge;
    case CURLE_URL_MALFORMAT:
      return Kind::BadRequest;
    default:
      return Kind::Interrupted;
  }
}

std::string reason_of(CURLcode code, std::string_view detail, long os_error) {
  const Kind kind = kind_of(code);
  if (kind == Kind::Connect && os_error != 0)
    return fmt::format("{}: {}", summary_of(kind), std::generic_category().message(static_cast<int>(os_error)));
  const bool of_connection = kind == Kind::Resolve || kind == Kind::Connect || kind == Kind::Tls;
  const std::string_view quoted =
      of_connection && !detail.empty() ? detail : std::string_view(curl_easy_strerror(code));
  return base::excerpt(fmt::format("{}: {}", summary_of(kind), quoted));
}

}  // namespace wxcc::net
