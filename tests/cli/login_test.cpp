// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "login_fixture.h"

namespace wxcc::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kLoginRequired = 77;
constexpr int kTemporaryFailure = 75;

class Login : public LoginFixture {
 protected:
  // Runs a login whose browser is redirected to the address that `change` returns.
  template <typename Change>
  int log_in(const std::string& decision, Change change) {
    tests::Process program(command({"login", "--no-browser"}));
    const std::string redirect = change(redirect_of(printed_url(program), decision));
    page = visit(redirect);
    const int code = program.wait().code;
    output = program.output();
    return code;
  }
  std::string page;
  std::string output;
};

std::string unchanged(std::string redirect) {
  return redirect;
}

// The error message; expects a single line.
std::string error_in(const std::string& output) {
  const auto start = output.find("wxcc-archive: ");
  if (start == std::string::npos) return "none";
  EXPECT_EQ(output.find('\n', start), output.size() - 1) << output;
  return output.substr(start);
}

TEST_F(Login, StoresTokensAndShowsPage) {
  start();
  EXPECT_EQ(log_in("allow", unchanged), 0) << output;
  EXPECT_THAT(page, HasSubstr("<h1>Logged in</h1>"));
  const auto tokens = webex::parse_token_file(base::read_file(token_file));
  ASSERT_TRUE(tokens);
  EXPECT_FALSE(tokens->refresh_token.empty());
  EXPECT_EQ(std::filesystem::status(token_file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Login, AcceptsPastedAddressOrCode) {
  start();
  for (const bool whole : {true, false}) {
    tests::Process program(command({"login"}));
    const std::string redirect = redirect_of(printed_url(program));
    const auto form = base::form_decode(base::parse_url(redirect)->query);
    program.type(whole ? redirect + "\n" : *base::find_parameter(form, "code"));
    program.close_input();
    EXPECT_EQ(program.wait().code, 0) << program.output();
    EXPECT_TRUE(stored());
    std::filesystem::remove(token_file);
  }
}

TEST_F(Login, ReportsDeniedConsent) {
  start();
  EXPECT_EQ(log_in("deny", unchanged), kLoginRequired);
  EXPECT_THAT(error_in(output), HasSubstr("the authorization was denied: access_denied"));
  EXPECT_THAT(page, HasSubstr("<h1>Login failed</h1>"));
  EXPECT_THAT(page, HasSubstr("access_denied"));
  EXPECT_FALSE(stored());
}

TEST_F(Login, RejectsStateMismatch) {
  start();
  EXPECT_EQ(log_in("allow", [](std::string redirect) { return redirect + "x"; }), kLoginRequired);
  EXPECT_THAT(error_in(output), HasSubstr("the redirect belongs to another login"));
  EXPECT_THAT(page, HasSubstr("<h1>Login failed</h1>"));
  EXPECT_FALSE(stored());
}

TEST_F(Login, ReportsExpiredCode) {
  options.code_ttl = std::chrono::seconds{0};
  start();
  EXPECT_EQ(log_in("allow", unchanged), kLoginRequired);
  EXPECT_THAT(error_in(output), HasSubstr("The authorization code is expired"));
  EXPECT_THAT(page, HasSubstr("<h1>Login failed</h1>"));
  EXPECT_FALSE(stored());
}

TEST_F(Login, FailsTemporarilyIfTokenHostIsUnavailable) {
  start();
  server->add_fault("token:503-empty:1");
  EXPECT_EQ(log_in("allow", unchanged), kTemporaryFailure);
  EXPECT_THAT(error_in(output), HasSubstr("503"));
  EXPECT_FALSE(stored());
}

TEST_F(Login, FailsAtTimeout) {
  start();
  tests::Process program(command({"login", "--timeout", "1s"}));
  EXPECT_EQ(program.wait().code, kLoginRequired);
  EXPECT_THAT(error_in(program.output()), HasSubstr("no authorization code within 1s"));
}

TEST_F(Login, FailsOnInterrupt) {
  start();
  tests::Process program(command({"login"}));
  program.wait_for_output("Then wait, or paste");
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().code, kLoginRequired);
  EXPECT_THAT(error_in(program.output()), HasSubstr("interrupted"));
}

TEST_F(Login, AcceptsPastedAddressIfPortIsInUse) {
  start();
  tests::Process first(command({"login"}));
  first.wait_for_output("Then wait, or paste");
  tests::Process second(command({"login"}));
  const std::string redirect = redirect_of(printed_url(second));
  EXPECT_THAT(second.output(), HasSubstr(fmt::format("cannot listen on 127.0.0.1:{}", port)));
  second.type(redirect + "\n");
  EXPECT_EQ(second.wait().code, 0) << second.output();
  std::string config = base::read_file(directory.path() / "config.json");
  config.replace(config.find("\"curl\""), 6, "\"browser\"");
  base::write_file_durably(directory.path() / "config.json", config, 0600);
  tests::Process third(command({"login"}));
  EXPECT_EQ(third.wait().code, kLoginRequired);
  EXPECT_THAT(error_in(third.output()), HasSubstr(fmt::format("cannot listen on 127.0.0.1:{}", port)));
}

TEST_F(Login, RejectsTokenOfOtherOrganisation) {
  options.login_org_id = "99999999-0000-4000-8000-000000000001";
  for (const bool opaque : {false, true}) {
    options.tokens_without_org = opaque;
    start();
    const std::size_t before = directory.names().size();
    EXPECT_EQ(log_in("allow", unchanged), kLoginRequired) << opaque;
    EXPECT_THAT(error_in(output), HasSubstr("log in with an account of "));
    EXPECT_THAT(page, HasSubstr("<h1>Login failed</h1>"));
    const auto grant = server->issue_tokens();
    base::write_file_durably(directory.path() / "refresh.txt", grant.refresh_token + "\n", 0600);
    tests::Process program(command({"login", "--refresh-token-file", (directory.path() / "refresh.txt").string()}));
    EXPECT_EQ(program.wait().code, kLoginRequired) << program.output();
    std::filesystem::remove(directory.path() / "refresh.txt");
    std::filesystem::remove(token_file.string() + ".lock");
    EXPECT_EQ(directory.names().size(), before);
    EXPECT_FALSE(stored());
  }
}

TEST_F(Login, VerifiesOpaqueTokenByRequest) {
  options.tokens_without_org = true;
  start();
  EXPECT_EQ(log_in("allow", unchanged), 0) << output;
  EXPECT_TRUE(stored());
}

TEST_F(Login, ImportKeepsUnknownMembersOfTokenFile) {
  options.rotate_refresh_token = true;
  options.revoke_old_refresh_token_after_grace = std::chrono::seconds{0};
  start();
  server->write_config(directory.path());
  std::string text = base::read_file(token_file);
  text.replace(text.rfind('}'), 1, ", \"note\": \"ours\" }");
  base::write_file_durably(token_file, text, 0600);
  tests::Process program(command({"login", "--import", token_file.string()}));
  EXPECT_EQ(program.wait().code, 0) << program.output();
  EXPECT_EQ(server->statistics().refreshes, 1);
  EXPECT_THAT(base::read_file(token_file), HasSubstr("\"note\": \"ours\""));
}

}  // namespace
}  // namespace wxcc::cli
