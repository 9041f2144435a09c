// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <optional>

#include "base/file.h"
#include "base/url.h"
#include "simulator/simulator.h"
#include "tests/process.h"
#include "tests/reserved_port.h"
#include "tests/temporary_directory.h"
#include "webex/token_set.h"

namespace wxcc::cli {

// A simulator, a configuration for it, and the program.
class LoginFixture : public testing::Test {
 protected:
  void start() {
    options.redirect_uri = fmt::format("http://localhost:{}/callback", port);
    options.requests_per_minute = 0;
    server.emplace(options, clock);
    server->start();
    base::write_file_durably(directory.path() / "config.json", server->config_json(token_file), 0600);
  }
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> words) const {
    std::vector<std::string> line = {WXCC_ARCHIVE, "--config", (directory.path() / "config.json").string()};
    line.insert(line.end(), words.begin(), words.end());
    return line;
  }
  // The address that the program prints.
  static std::string printed_url(tests::Process& program) {
    const std::string output = program.wait_for_output("Then wait, or paste");
    const auto start = output.find("http");
    return output.substr(start, output.find('\n', start) - start);
  }
  // The address to which the authorization page redirects the browser after this decision.
  [[nodiscard]] std::string redirect_of(const std::string& url, const std::string& decision = "allow") const {
    const auto parts = base::parse_url(url);
    base::Form form = base::form_decode(parts->query);
    form.emplace_back("decision", decision);
    httplib::Client browser(parts->origin());
    const auto response = browser.Post(parts->path, base::form_encode(form), "application/x-www-form-urlencoded");
    std::string redirect = response ? response->get_header_value("Location") : "no response";
    // httplib decodes the header.
    for (auto at = redirect.find(' '); at != std::string::npos; at = redirect.find(' ')) redirect.replace(at, 1, "%20");
    return redirect;
  }
  // The body of the page at this address.
  static std::string visit(const std::string& url) {
    const auto parts = base::parse_url(url);
    httplib::Client browser("127.0.0.1", parts->port);
    browser.set_read_timeout(30);
    const auto response = browser.Get(parts->path + "?" + parts->query);
    return response ? response->body : "no response";
  }
  [[nodiscard]] bool stored() const { return std::filesystem::exists(token_file); }

  tests::TemporaryDirectory directory;
  base::Path token_file = directory.path() / "access_token.json";
  base::SystemClock clock;
  tests::ReservedPort reserved_port;
  int port = reserved_port.number();
  simulator::Options options;
  std::optional<simulator::Simulator> server;
};

}  // namespace wxcc::cli
