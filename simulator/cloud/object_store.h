// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "simulator/cloud/message.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// The pre-signed downloads, as S3 does them.
class ObjectStore {
 public:
  ObjectStore(const Options& options, const Transcripts& transcripts);

  // Path and query under which the object can be had for so long from now.
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
