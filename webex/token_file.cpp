// SPDX-License-Identifier: Apache-2.0
#include "webex/token_file.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace wxcc::webex {
namespace {

// std::nullopt when the file is missing or cannot be read.
std::optional<base::Sha256> digest_of(const base::Path& path) {
  try {
    auto text = base::read_file_if_present(path);
    if (!text) return std::nullopt;
    const base::Sha256 digest = base::sha256(*text);
    base::wipe(*text);
    return digest;
  } catch (const base::FileError&) {
    return std::nullopt;
  }
}

// std::nullopt when it is no complete token file: its writer was killed in the middle.
std::optional<TokenSet> read_stale_file(const base::Path& path) {
  try {
    std::string text = base::read_file(path);
    auto tokens = parse_token_file(text);
    base::wipe(text);
    if (tokens) return std::move(*tokens);
  } catch (const base::FileError& error) {
    base::log::warning("token: cannot read a stale temporary file: {}", error.what());
  }
  return std::nullopt;
}

bool is_later(const TokenSet& one, const TokenSet& other) {
  return one.granted_at && (!other.granted_at || *one.granted_at > *other.granted_at);
}

}  // namespace

std::optional<TokenSet> TokenFile::read() {
  last_digest_.reset();
  try {
    auto text = base::read_file_if_present(path_);
    if (!text) return std::nullopt;
    last_digest_ = base::sha256(*text);
    auto tokens = parse_token_file(*text);
    base::wipe(*text);
    if (tokens) return std::move(*tokens);
    base::log::warning("token: cannot use {}: {}", path_.string(), tokens.error());
  } catch (const base::FileError& error) {
    base::log::warning("token: cannot use the token file: {}", error.what());
  }
  return std::nullopt;
}

bool TokenFile::changed() const {
  return digest_of(path_) != last_digest_;
}

void TokenFile::write(const TokenSet& tokens) {
  std::string existing = base::read_file_if_present(path_).value_or("");
  std::string content = format_token_file(tokens, existing);
  base::wipe(existing);
  base::write_file_durably(path_, content, 0600);
  last_digest_ = base::sha256(content);
  base::wipe(content);
}

std::optional<TokenSet> TokenFile::recover(const TokenSet& current) const {
  std::optional<TokenSet> latest;
  for (const base::Path& stale_file : base::find_stale_temp_files(path_)) {
    auto tokens = read_stale_file(stale_file);
    if (tokens && is_later(*tokens, latest ? *latest : current)) latest = std::move(tokens);
  }
  return latest;
}

void TokenFile::remove_stale_temp_files() const {
  for (const base::Path& stale_file : base::find_stale_temp_files(path_)) {
    std::error_code ignored;
    std::filesystem::remove(stale_file, ignored);
  }
}

base::Path lock_path_of(const base::Path& token_file) {
  base::Path path = token_file;
  path += ".lock";
  return path;
}

}  // namespace wxcc::webex
