// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::base {

using Sha256 = std::array<unsigned char, 32>;

Sha256 sha256(std::string_view bytes);
// SHA-256 of bytes that arrive in parts.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void add(std::string_view bytes);
  // Of all bytes added. To be called once, last.
  Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// HMAC-SHA256 (RFC 2104).
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

std::string to_hex(std::string_view bytes);
std::string to_hex(const Sha256& digest);

// RFC 4648 section 5, without padding, as PKCE (RFC 7636) wants it.
std::string to_base64url(std::string_view bytes);
// Also takes padding and the standard alphabet; std::nullopt for other characters.
std::optional<std::string> from_base64url(std::string_view text);

// From the kernel's generator. Throws Error when it fails.
std::string random_bytes(std::size_t count);

}  // namespace wxcc::base
