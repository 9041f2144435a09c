// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "simulator/cloud/message.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// Pre-signed downloads, compatible with S3.
class ObjectStore {
 public:
  ObjectStore(const Options& options, const Transcripts& transcripts);

  // Path and query of a URL for the object that is valid for the lifetime.
  [[nodiscard]] std::string sign(const std::string& key, base::Instant now, std::chrono::seconds lifetime) const;

  [[nodiscard]] Response get(const Request& request, base::Instant now) const;

 private:
  [[nodiscard]] std::string signature(const std::string& path, const std::string& date,
                                      const std::string& lifetime) const;

  const Options& options_;
  const Transcripts& transcripts_;
  std::string secret_;
};

}  // namespace wxcc::simulator
