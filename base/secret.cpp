// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"

#include <openssl/crypto.h>

namespace wxcc::base {

void wipe(std::string& text) noexcept {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

void Secret::wipe() noexcept {
  base::wipe(text_);
}

}  // namespace wxcc::base
