// SPDX-License-Identifier: Apache-2.0
#include "cli/check_steps.h"

#include <fmt/format.h>

namespace wxcc::cli {
namespace {

std::string_view hint_for_status(int status) {
  if (status == 401) return "; start the service, which refreshes the token, or log in";
  if (status == 403)
    return "; log in with the scope cjp:config_read and as an administrator or supervisor of this org_id";
  if (status == 404) return "; check that api_urls.contact_center is the host of the right region";
  return "";
}

}  // namespace

void CheckSteps::ok(std::string_view step, std::string_view detail) {
  fmt::print("ok    {:<14} {}\n", step, detail);
}

void CheckSteps::warn(std::string_view step, std::string_view detail) {
  fmt::print("warn  {:<14} {}\n", step, detail);
}

void CheckSteps::fail(std::string_view step, std::string_view detail, int code) {
  fmt::print("FAIL  {:<14} {}\n", step, detail);
  if (code_ == kDone) code_ = code;
}

void CheckSteps::fail(std::string_view step, const model::Failure& failure) {
  switch (failure.kind) {
    case model::Failure::Kind::AuthRequired:
      return fail(step, failure.message, kLoginRequired);
    case model::Failure::Kind::Transient:
      return fail(step, failure.message + std::string(hint_for_status(failure.http_status)), kTemporaryFailure);
    case model::Failure::Kind::Permanent:
      return fail(step, failure.message + std::string(hint_for_status(failure.http_status)), kConfiguration);
  }
}

}  // namespace wxcc::cli
