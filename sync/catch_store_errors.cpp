// SPDX-License-Identifier: Apache-2.0
#include "sync/catch_store_errors.h"

namespace wxcc::sync {

model::Failure failure_of(const store::StoreError& error) {
  if (error.kind() == store::StoreError::Kind::Corrupt) throw;
  return {.source = model::Failure::Source::Archive, .kind = model::Failure::Kind::Transient, .message = error.what()};
}

}  // namespace wxcc::sync
