// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::base {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view bytes);
// HMAC-SHA256 (RFC 2104).
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);

// RFC 4648 section 5, without padding, as PKCE (RFC 7636) wants it.
std::string to_base64url(std::string_view bytes);
// Also takes padding and the standard alphabet; nothing for other characters.
std::optional<std::string> from_base64url(std::string_view text);

// From the kernel's generator. Throws Error when there is none.
std::string random_bytes(std::size_t count);

// A version 4 UUID (RFC 9562) in lower case.
std::string random_uuid();

}  // namespace wxcc::base
