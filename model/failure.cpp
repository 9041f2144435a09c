// SPDX-License-Identifier: Apache-2.0
#include "model/failure.h"

namespace wxcc::model {

base::log::Fields log_fields(const Failure& failure) {
  return {{"WXCC_ERROR_SOURCE", std::string(kFailureSourceNames.text_of(failure.source))},
          {"WXCC_ERROR_KIND", std::string(kFailureKindNames.text_of(failure.kind))},
          {"WXCC_HTTP_STATUS", failure.http_status != 0 ? std::to_string(failure.http_status) : ""},
          {"WXCC_TRACKING_ID", failure.tracking_id}};
}

}  // namespace wxcc::model
