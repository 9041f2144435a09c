// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

#include "model/failure.h"
#include "store/store_error.h"

namespace wxcc::sync {

// Runs a piece of work on the archive; its result, or its StoreError as a failure: of a full disk, a missing permission
// or a moved file, after which the same work can be done again. The error of a damaged archive passes through.
template <typename Work>
[[nodiscard]] auto catch_store_errors(Work&& work) -> model::Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      std::forward<Work>(work)();
      return {};
    } else {
      return std::forward<Work>(work)();
    }
  } catch (const store::StoreError& error) {
    if (error.kind() == store::StoreError::Kind::Corrupt) throw;
    return model::failed(model::Failure{
        .source = model::Failure::Source::Archive, .kind = model::Failure::Kind::Transient, .message = error.what()});
  }
}

}  // namespace wxcc::sync
