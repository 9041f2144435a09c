// SPDX-License-Identifier: Apache-2.0
#include "cli/check_steps.h"

#include <fmt/format.h>

namespace wxcc::cli {
namespace {

std::string_view remedy_for_status(int status) {
  if (status == 403)
    return "; the login needs the scope cjp:config_read and an administrator's or supervisor's role, in this org_id";
  if (status == 404) return "; is api_urls.contact_center the right region's host?";
  return "";
}

}  // namespace

void CheckSteps::ok(std::string_view step, std::string_view detail) {
  fmt::print("ok    {:<14} {}\n", step, detail);
}

void CheckSteps::warn(std::string_view step, std::string_view detail) {
  fmt::print("warn  {:<14} {}\n", step, detail);
}

void CheckSteps::wrong(std::string_view step, std::string_view detail, int code) {
  fmt::print("FAIL  {:<14} {}\n", step, detail);
  if (code_ == kDone) code_ = code;
}

void CheckSteps::wrong(std::string_view step, const model::Failure& failure) {
  switch (failure.kind) {
    case model::Failure::Kind::AuthRequired:
      return wrong(step, failure.message, kLoginRequired);
    case model::Failure::Kind::Transient:
      return wrong(step, failure.message, kTemporaryFailure);
    case model::Failure::Kind::Permanent:
      return wrong(step, failure.message + std::string(remedy_for_status(failure.http_status)), kConfiguration);
  }
}

}  // namespace wxcc::cli
