// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/expected.h"
#include "base/log.h"

namespace wxcc::model {

// Why a unit of work gave no result, after everything was tried that its caller cannot know of: renewing a token,
// retrying with backoff. Each is recorded and logged with its reason; what is worth doing next follows from its kind.
struct Failure {
  enum class Source {
    Api,            // the Webex API, the object store, or the network on the way to them
    Authorization,  // the token host, or the grant
    Archive,        // the file system or SQLite
    Clock,          // the local clock, or one that disagrees with it
  };
  enum class Kind {
    Transient,     // may succeed later: no response, 5xx, 429, a malformed response, a full disk
    AuthRequired,  // no login, or the grant is rejected: a person must log in
    Permanent,     // the same request will be rejected again
  };
  Source source = Source::Api;
  Kind kind = Kind::Transient;
  std::string message;           // one line, safe to log and to store
  int http_status = 0;           // 0: there was no response
  std::string tracking_id = {};  // of the request, for Cisco's support; empty: none
};

inline constexpr auto kFailureSourceNames = base::enum_names<Failure::Source>({{Failure::Source::Api, "api"},
                                                                               {Failure::Source::Authorization, "auth"},
                                                                               {Failure::Source::Archive, "archive"},
                                                                               {Failure::Source::Clock, "clock"}});
inline constexpr auto kFailureKindNames = base::enum_names<Failure::Kind>({{Failure::Kind::Transient, "transient"},
                                                                           {Failure::Kind::AuthRequired, "auth"},
                                                                           {Failure::Kind::Permanent, "permanent"}});
[[nodiscard]] constexpr std::string_view to_text(Failure::Kind kind) {
  return kFailureKindNames.text_of(kind);
}

// For the journal: source, kind, HTTP status and tracking id. docs/operation.md lists the names.
[[nodiscard]] base::log::Fields log_fields(const Failure& failure);

template <typename T>
using Result = base::Expected<T, Failure>;

[[nodiscard]] inline base::unexpected<Failure> failed(Failure failure) {
  return base::unexpected<Failure>(std::move(failure));
}

}  // namespace wxcc::model
