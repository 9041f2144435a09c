// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace wxcc::net {

// localhost, 127.0.0.0/8, ::1, and the unspecified addresses 0.0.0.0 and ::, in any spelling: the hosts to which plain
// http is allowed and no proxy applies. Does not restrict where a server may listen.
bool is_loopback_host(std::string_view host);

// Why the request must not be sent; std::nullopt: it may be. Invalid are a URL that is not http(s), plain http to a
// remote host, characters that would end a header, an Authorization header besides the bearer's, and a GET with a
// body. The text contains no value of the request.
std::optional<std::string> validate(const Request& request);

}  // namespace wxcc::net
