// SPDX-License-Identifier: Apache-2.0
#include "systemd/credentials.h"

#include "base/error.h"
#include "tests/systemd/loop_test_support.h"

namespace wxcc::systemd {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  TemporaryDirectory directory;
  EnvironmentVariable variable{"CREDENTIALS_DIRECTORY", directory.path().string()};
};

TEST_F(CredentialsTest, ReadsContentWithoutLineEnd) {
  struct Row {
    const char* content;
    const char* secret;
  };
  for (const auto& [content, secret] : {Row{"abc", "abc"}, Row{"abc\n", "abc"}, Row{"abc\r\n", "abc"},
                                        Row{" a b ", " a b "}, Row{"abc\n\n", "abc\n"}, Row{"\n", ""}, Row{"", ""}}) {
    directory.write("client_secret", content);
    const auto found = credential("client_secret");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->reveal(), secret);
  }
}

TEST_F(CredentialsTest, ReturnsItsPath) {
  const auto path = directory.write("client_secret", "abc");
  EXPECT_EQ(credential_path("client_secret"), path);
}

TEST_F(CredentialsTest, MissingCredentialIsNullopt) {
  EXPECT_FALSE(credential_path("other"));
  EXPECT_FALSE(credential("other"));
}

TEST_F(CredentialsTest, RejectsNameOutsideTheDirectory) {
  const base::Path outside = directory.write("secret", "abc");
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), outside.string(),
                                  "../" + directory.path().filename().string() + "/secret", std::string("./secret")})
    EXPECT_FALSE(credential_path(name)) << name;
}

TEST_F(CredentialsTest, ThrowsForUnreadableCredential) {
  std::filesystem::create_directory(directory.path() / "client_secret");
  EXPECT_THROW((void)credential("client_secret"), base::FileError);
}

TEST(Credentials, AreEmptyWithoutServiceManager) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(credential_path("client_secret"));
  EXPECT_FALSE(credential("client_secret"));
}

}  // namespace
}  // namespace wxcc::systemd
