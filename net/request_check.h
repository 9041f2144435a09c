// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace wxcc::net {

// localhost, 127.0.0.0/8, ::1, and the unspecified addresses 0.0.0.0 and ::, in any spelling: the hosts that plain http
// is for, and that no proxy stands before. Says nothing of where a server may listen.
bool is_this_machine(std::string_view host);

// Why this request must not leave, if it must not: a URL that is not http(s), plain http to another machine, characters
// that would end a header, an Authorization header besides the bearer's, a GET with a body. Names no value.
std::optional<std::string> objection_to(const Request& request);

}  // namespace wxcc::net
