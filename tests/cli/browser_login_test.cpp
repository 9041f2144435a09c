// SPDX-License-Identifier: Apache-2.0
// A real browser on the consent page. Skipped, with a message, if chromium is not installed.
#include <poll.h>

#include <chrono>
#include <cstdlib>

#include "base/json.h"
#include "login_fixture.h"

namespace wxcc::cli {
namespace {

// A browser without a window, observed from outside by its DevTools. (--dump-dom cannot follow the redirects: it
// sometimes reads the page during a navigation and prints nothing.)
class Chromium {
 public:
  static std::string program() {
    for (const char* place : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"})
      if (std::filesystem::exists(place)) return place;
    return "";
  }
  Chromium(const base::Path& profile, const std::string& url)
      : process_({program(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync",
                  "--disable-dev-shm-usage", "--user-data-dir=" + profile.string(), "--remote-debugging-port=0", url}) {
    const std::string beginning = "DevTools listening on ws://127.0.0.1:";
    const std::string& started = process_.wait_for_output("/devtools/browser/");
    port_ = std::atoi(started.c_str() + started.find(beginning) + beginning.size());
  }
  // Waits for the first page below this address and returns its title.
  std::string title_of(const std::string& address) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    std::string pages;
    while (std::chrono::steady_clock::now() < deadline) {
      httplib::Client devtools("127.0.0.1", port_);
      const auto response = devtools.Get("/json/list");
      pages = response ? response->body : "no response";
      const auto list = base::JsonDocument::parse(pages);
      if (list)
        for (const base::JsonNode page : list->root())
          // The title of a page without a title is its address.
          if (const std::string_view title = page["title"].text().value_or("");
              page["url"].text().value_or("").starts_with(address) && !title.empty() &&
              title.find("://") == std::string_view::npos && !title.starts_with("localhost:"))
            return std::string(title);
      constexpr int kPollIntervalMs = 20;
      ::poll(nullptr, 0, kPollIntervalMs);
    }
    return "no such page in " + pages;
  }

 private:
  tests::Process process_;
  int port_ = 0;
};

class BrowserLogin : public LoginFixture {
 protected:
  // Clicks the button on the consent page; returns the exit code of the login.
  int log_in(const std::string& button) {
    options.auto_consent_button = button;
    start();
    tests::Process program(command({"login"}));
    Chromium browser(directory.path() / "browser", printed_url(program));
    title = browser.title_of(options.redirect_uri);
    const int code = program.wait().code;
    output = program.output();
    return code;
  }
  std::string title;
  std::string output;
};

TEST_F(BrowserLogin, ShowsSuccessPageAfterConsent) {
  if (Chromium::program().empty()) GTEST_SKIP() << "chromium is not installed: apt-get install chromium";
  EXPECT_EQ(log_in("allow"), 0) << output;
  EXPECT_EQ(title, "Logged in");
  EXPECT_TRUE(stored());
}

TEST_F(BrowserLogin, ShowsFailurePageAfterDenial) {
  if (Chromium::program().empty()) GTEST_SKIP() << "chromium is not installed: apt-get install chromium";
  constexpr int kLoginRequired = 77;
  EXPECT_EQ(log_in("deny"), kLoginRequired) << output;
  EXPECT_EQ(title, "Login failed");
  EXPECT_THAT(output, testing::HasSubstr("access_denied"));
  EXPECT_FALSE(stored());
}

}  // namespace
}  // namespace wxcc::cli
