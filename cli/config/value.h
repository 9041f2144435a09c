// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "cli/config/config.h"

namespace wxcc::cli {

// The text of a configuration file, for messages that name a place in it. Refers to both.
struct ConfigSource {
  std::string_view text;
  const base::Path& file;

  // Throws base::ConfigurationError: file, line and key ("api_urls.base"), and the error.
  [[noreturn]] void fail(std::string_view key, std::string_view what) const;
};

// The value of one key. Each function checks its type and throws base::ConfigurationError, which names the expected
// and the found value.
class ConfigValue {
 public:
  ConfigValue(const ConfigSource& source, std::string key, base::JsonNode node)
      : source_(source), key_(std::move(key)), node_(node) {}

  [[noreturn]] void fail_expecting(std::string_view what) const { fail_expecting(what, node_); }

  [[nodiscard]] std::string text() const;
  [[nodiscard]] base::Path path() const;  // relative ones count from the file's directory
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string api_url() const;  // https, or http to a loopback host
  [[nodiscard]] base::Secret secret() const;
  [[nodiscard]] base::Secret secret_url() const;  // as api_url; errors do not quote it
  [[nodiscard]] base::Millis duration(base::Millis min) const;
  [[nodiscard]] int number(int min, int max) const;
  [[nodiscard]] std::vector<std::string> texts() const;  // none of them empty
  [[nodiscard]] std::vector<std::string> channels() const;
  [[nodiscard]] AuthMethod auth_method() const;
  [[nodiscard]] base::log::Level log_level() const;
  [[nodiscard]] std::optional<base::Path> log_file() const;  // the original Python script writes "" for std::nullopt
  [[nodiscard]] base::Path metrics_file() const;             // the node exporter reads only names that end in .prom
  [[nodiscard]] net::SocketAddress listen_address() const;
  // Rounded up to minutes, which the API takes; the original Python script gives seconds.
  [[nodiscard]] std::chrono::minutes url_expiration() const;
  [[nodiscard]] model::BackfillStart backfill_start() const;
  [[nodiscard]] base::Zone zone() const;

 private:
  [[noreturn]] void fail(std::string_view what) const { source_.fail(key_, what); }
  [[noreturn]] void fail_expecting(std::string_view what, base::JsonNode found) const;

  const ConfigSource& source_;
  std::string key_;
  base::JsonNode node_;
};

}  // namespace wxcc::cli
