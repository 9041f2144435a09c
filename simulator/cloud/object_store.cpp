// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/object_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <ctime>

#include "base/digest.h"
#include "base/text.h"

namespace wxcc::simulator {
namespace {

// The form of X-Amz-Date: 20260101T000652Z.
std::optional<base::Instant> parse_amz_date(const std::string& text) {
  std::tm time{};
  const char* const end = ::strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &time);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return base::Instant(std::chrono::seconds{::timegm(&time)});
}

}  // namespace

ObjectStore::ObjectStore(const Options& options, const Transcripts& transcripts)
    : options_(options), transcripts_(transcripts), secret_("object store " + std::to_string(options.seed)) {}

std::string ObjectStore::signature(const std::string& path, const std::string& date,
                                   const std::string& lifetime) const {
  return base::to_hex(base::hmac_sha256(secret_, path + "\n" + date + "\n" + lifetime));
}

std::string ObjectStore::sign(const std::string& key, base::Instant now, std::chrono::seconds lifetime) const {
  const std::string path = fmt::format("/{}/{}", options_.org_id, key);
  const std::string date = fmt::format("{:%Y%m%dT%H%M%SZ}", std::chrono::floor<std::chrono::seconds>(now));
  const std::string expires = std::to_string(lifetime.count());
  const base::Form query = {
      {"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
      {"X-Amz-Credential", fmt::format("SIMULATOR/{}/eu-central-1/s3/aws4_request", date.substr(0, 8))},
      {"X-Amz-Date", date},
      {"X-Amz-Expires", expires},
      {"X-Amz-SignedHeaders", "host"},
      {"X-Amz-Signature", signature(path, date, expires)}};
  return path + "?" + base::form_encode(query);
}

Response ObjectStore::get(const Request& request, base::Instant now) const {
  if (request.method != "GET" && request.method != "HEAD")
    return storage_error(request, 405, "MethodNotAllowed",
                         "The specified method is not allowed against this resource.");
  if (!request.authorization.empty())
    return storage_error(
        request, 400, "InvalidArgument",
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
        "parameter or the Authorization header should be specified");
  const auto date = base::find_parameter(request.query, "X-Amz-Date");
  const auto expires = base::find_parameter(request.query, "X-Amz-Expires");
  const auto given = base::find_parameter(request.query, "X-Amz-Signature");
  if (!date || !expires || !given) return storage_error(request, 403, "AccessDenied", "Access Denied");
  if (*given != signature(request.path, *date, *expires))
    return storage_error(request, 403, "SignatureDoesNotMatch",
                         "The request signature we calculated does not match the signature you provided.");
  const auto signed_at = parse_amz_date(*date);
  const auto lifetime = base::parse_unsigned(*expires);
  if (!signed_at || !lifetime || now >= *signed_at + std::chrono::seconds{*lifetime})
    return storage_error(request, 403, "AccessDenied", "Request has expired");
  const std::string directory = "/" + options_.org_id + "/";
  auto object = request.path.starts_with(directory) ? transcripts_.object(request.path.substr(directory.size()), now)
                                                    : std::nullopt;
  if (!object) return storage_error(request, 404, "NoSuchKey", "The specified key does not exist.");
  return {200, std::move(*object), "binary/octet-stream"};
}

}  // namespace wxcc::simulator
