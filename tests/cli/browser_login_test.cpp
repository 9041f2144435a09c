// SPDX-License-Identifier: Apache-2.0
// A real browser on the consent page. Skipped, with a message, where chromium cannot be had.
#include <cstdlib>

#include "login_fixture.h"

namespace wxcc::cli {
namespace {

class BrowserLogin : public LoginFixture {
 protected:
  [[nodiscard]] static std::string browser() {
    for (const char* place : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"})
      if (std::filesystem::exists(place)) return place;
    return "";
  }
  // What the page is in the end, as HTML.
  [[nodiscard]] std::string look_at(const std::string& url) const {
    tests::RunningProgram chromium({browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                                    "--no-first-run", "--disable-background-networking", "--disable-component-update",
                                    "--disable-sync", "--disable-dev-shm-usage",
                                    "--user-data-dir=" + (directory.path() / "browser").string(),
                                    "--virtual-time-budget=20000", "--dump-dom", url});
    chromium.wait();
    return chromium.said();
  }
};

TEST_F(BrowserLogin, AgreesThroughTheConsentPageAndSeesThatItIsDone) {
  if (browser().empty()) GTEST_SKIP() << "chromium is not installed: apt-get install chromium";
  options.consent_clicks = "allow";
  start();
  tests::RunningProgram program(command({"login"}));
  const std::string page = look_at(printed_url(program));
  EXPECT_EQ(program.wait(), 0) << program.said() << page;
  EXPECT_THAT(page, testing::HasSubstr("<h1>Logged in</h1>"));
  EXPECT_TRUE(stored());
}

TEST_F(BrowserLogin, DeniesAndSeesThatItIsNot) {
  if (browser().empty()) GTEST_SKIP() << "chromium is not installed: apt-get install chromium";
  options.consent_clicks = "deny";
  start();
  tests::RunningProgram program(command({"login"}));
  const std::string page = look_at(printed_url(program));
  constexpr int kLoginNeeded = 77;
  EXPECT_EQ(program.wait(), kLoginNeeded) << program.said();
  EXPECT_THAT(page, testing::HasSubstr("<h1>Not logged in</h1>"));
  EXPECT_THAT(page, testing::HasSubstr("access_denied"));
  EXPECT_FALSE(stored());
}

}  // namespace
}  // namespace wxcc::cli
