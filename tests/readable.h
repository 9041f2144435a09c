// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace wxcc::tests {

// Waits until the descriptor can be read or is at its end; false when the deadline comes first.
bool becomes_readable(int fd, std::chrono::steady_clock::time_point deadline);

}  // namespace wxcc::tests
