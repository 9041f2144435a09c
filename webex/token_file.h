// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// The token file on the disk, which several processes may keep: the service, a command beside it, a person who copies a
// file there. Keeps a digest of the content read or written last, so that a change by another process is noticed.
class TokenFile {
 public:
  explicit TokenFile(base::Path path) : path_(std::move(path)) {}

  [[nodiscard]] const base::Path& path() const { return path_; }

  // The tokens of the file; std::nullopt when it is missing or unusable, which is logged.
  std::optional<TokenSet> read();

  // True when the content is no longer what read() or write() saw last.
  [[nodiscard]] bool changed() const;

  // Durable, mode 0600; members that this program does not know stay. Throws base::FileError.
  void write(const TokenSet& tokens);

  // With the lock held: the latest grant among what killed writers have left beside the file, when it is later than the
  // current one. A server that has rotated the refresh token may accept no other.
  [[nodiscard]] std::optional<TokenSet> recover(const TokenSet& current) const;
  // With the lock held, once the file holds what is worth keeping.
  void remove_stale_temp_files() const;

 private:
  base::Path path_;
  std::optional<base::Sha256> last_digest_;  // std::nullopt: no file
};

// The file beside the token file that serialises refreshes.
base::Path lock_path_of(const base::Path& token_file);

}  // namespace wxcc::webex
