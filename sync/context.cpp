// SPDX-License-Identifier: Apache-2.0
#include "sync/context.h"

namespace wxcc::sync {

model::Result<void> on_archive(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const store::StoreError& error) {
    if (error.kind() == store::StoreError::Kind::Corrupt) throw;
    return base::make_unexpected(model::Failure{
        .source = model::Failure::Source::Archive, .kind = model::Failure::Kind::Transient, .message = error.what()});
  }
}

}  // namespace wxcc::sync
