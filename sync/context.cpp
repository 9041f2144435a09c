// SPDX-License-Identifier: Apache-2.0
#include "sync/context.h"

namespace wxcc::sync {

webex::Result<void> on_archive(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const store::StoreError& error) {
    if (error.kind() == store::StoreError::Kind::Corrupt) throw;
    return base::make_unexpected(webex::ApiFailure{webex::ApiFailure::Kind::Transient, 0, error.what()});
  }
}

}  // namespace wxcc::sync
