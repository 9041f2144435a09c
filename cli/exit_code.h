// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wxcc::cli {

// sysexits(3) where it has a number for it; the unit file and monitors rely on them.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kIncomplete = 4;  // done, but some transcripts failed or are still pending
inline constexpr int kTemporaryFailure = 75;
inline constexpr int kLoginRequired = 77;
inline constexpr int kConfiguration = 78;

}  // namespace wxcc::cli
