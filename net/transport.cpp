// SPDX-License-Identifier: Apache-2.0
#include "net/transport.h"

#include <array>

#include "base/text.h"

namespace wxcc::net {
namespace {

struct FailureWords {
  TransferFailure::Kind kind;
  std::string_view summary;
  std::string_view hint;
};

constexpr std::string_view kCheckNetworkPath =
    "check for a firewall on the path; set HTTPS_PROXY if a proxy is required";
constexpr std::array<FailureWords, 8> kFailureWords{{
    {TransferFailure::Kind::Resolve, "could not resolve the host name",
     "check the host name and the local name server (/etc/resolv.conf)"},
    {TransferFailure::Kind::Connect, "could not connect", kCheckNetworkPath},
    {TransferFailure::Kind::Tls, "TLS verification failed",
     "set ca_file to the authority's certificate if a proxy opens TLS connections; else update ca-certificates"},
    {TransferFailure::Kind::Timeout, "no complete response in time", kCheckNetworkPath},
    {TransferFailure::Kind::Stalled, "no data in time", kCheckNetworkPath},
    {TransferFailure::Kind::TooLarge, "response too large", ""},
    {TransferFailure::Kind::Interrupted, "incomplete response", ""},
    {TransferFailure::Kind::BadRequest, "invalid request; the URL of a remote host must be https", ""},
}};

consteval bool is_in_order() {
  for (std::size_t i = 0; i < kFailureWords.size(); ++i)
    if (static_cast<std::size_t>(kFailureWords[i].kind) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view summary_of(TransferFailure::Kind kind) {
  return kFailureWords.at(static_cast<std::size_t>(kind)).summary;
}

std::string_view hint_for(TransferFailure::Kind kind) {
  return kFailureWords.at(static_cast<std::size_t>(kind)).hint;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [header_name, value] : headers)
    if (base::equals_ignoring_case(header_name, name)) return value;
  return std::nullopt;
}

}  // namespace wxcc::net
