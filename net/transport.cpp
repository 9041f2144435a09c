// SPDX-License-Identifier: Apache-2.0
#include "net/transport.h"

#include "base/text.h"

namespace wxcc::net {

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [header_name, value] : headers)
    if (base::equals_ignoring_case(header_name, name)) return value;
  return std::nullopt;
}

}  // namespace wxcc::net
