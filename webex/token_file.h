// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// The token file on the disk, which several processes may write: the service, a command at the same time, a person who
// copies a file there. Stores a digest of the content read or written last to detect a change by another process.
class TokenFile {
 public:
  explicit TokenFile(base::Path path) : path_(std::move(path)) {}

  [[nodiscard]] const base::Path& path() const { return path_; }

  // The tokens of the file; std::nullopt when it is missing or unusable, which is logged.
  std::optional<TokenSet> read();

  // True when the content differs from that of the last read() or write().
  [[nodiscard]] bool changed() const;

  // Durable, mode 0600; members that this program does not know are retained. Throws base::FileError.
  void write(const TokenSet& tokens);

  // With the lock held: the latest grant in the temporary files of killed writers, if it is later than the current one.
  // A server that has rotated the refresh token may accept no other. std::nullopt: none is later.
  [[nodiscard]] std::optional<TokenSet> recover(const TokenSet& current) const;
  // With the lock held, once the file holds the latest grant.
  void remove_stale_temp_files() const;

 private:
  base::Path path_;
  std::optional<base::Sha256> last_digest_;  // std::nullopt: no file
};

// The lock file of a token file, which serialises refreshes.
base::Path lock_path_of(const base::Path& token_file);

}  // namespace wxcc::webex
