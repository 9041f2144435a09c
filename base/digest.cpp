// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace wxcc::base {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw Error("computing a SHA-256 failed in libcrypto");
  return digest;
}

struct Sha256Stream::Context {
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  Context() {
    if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) fail();
  }
  ~Context() { EVP_MD_CTX_free(context); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[noreturn]] static void fail() { throw Error("computing a SHA-256 failed in libcrypto"); }
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->context, bytes.data(), bytes.size()) != 1) Context::fail();
}

Sha256 Sha256Stream::finish() {
  Sha256 digest{};
  if (EVP_DigestFinal_ex(context_->context, digest.data(), nullptr) != 1) Context::fail();
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  Sha256 digest{};
  unsigned int length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(), digest.data(),
           &length) == nullptr)
    throw Error("computing an HMAC failed in libcrypto");
  return digest;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  result.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    result += kDigits[byte >> 4U];
    result += kDigits[byte & 0x0FU];
  }
  return result;
}

std::string to_hex(const Sha256& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::string to_base64url(std::string_view bytes) {
  std::string result((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
  result.resize(static_cast<std::size_t>(length));
  while (!result.empty() && result.back() == '=') result.pop_back();
  for (char& c : result) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return result;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string standard(text);
  while (!standard.empty() && standard.back() == '=') standard.pop_back();
  for (char& c : standard) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    if (c == '=') return std::nullopt;
  }
  const std::size_t length = standard.size() * 3 / 4;
  if (standard.size() % 4 == 1) return std::nullopt;
  while (standard.size() % 4 != 0) standard += '=';
  std::string bytes(standard.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(standard),
                      static_cast<int>(standard.size())) < 0)
    return std::nullopt;
  bytes.resize(length);
  return bytes;
}

std::string random_bytes(std::size_t count) {
  std::string result(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(result.data() + filled, count - filled, 0);
    if (got < 0 && errno != EINTR) throw Error(fmt::format("reading random bytes failed: {}", std::strerror(errno)));
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return result;
}

}  // namespace wxcc::base
