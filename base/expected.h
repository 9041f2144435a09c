// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

namespace wxcc::base {

// A value or an error. For outcomes that the caller branches on; see ARCHITECTURE.md, "Errors".
template <typename T, typename E>
using Expected = tl::expected<T, E>;

using tl::make_unexpected;
using tl::unexpected;

}  // namespace wxcc::base
