// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/url.h"
#include "moved_clock.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class ObjectStoreTest : public testing::Test {
 protected:
  static Options chats_with_transcripts() {
    Options options;
    options.no_transcript_share = 0;
    options.chat_share = 1;
    return options;
  }
  Request signed_request(const std::string& key) {
    const std::string target = store.sign(key, clock.now(), 30min);
    Request request;
    request.method = "GET";
    request.path = target.substr(0, target.find('?'));
    request.query = base::form_decode(target.substr(target.find('?') + 1));
    return request;
  }
  Request good_request() {
    return signed_request(transcripts.artifacts(0, clock.now(), Transcripts::Versions::Default).at(0).key);
  }
  MovedClock clock;
  const Options options = chats_with_transcripts();
  const TaskGenerator generator{options, clock.now()};
  const Transcripts transcripts{options, generator};
  const ObjectStore store{options, transcripts};
};

TEST_F(ObjectStoreTest, ServesASignedUrlUntilItExpires) {
  const Request request = good_request();
  const Response response = store.get(request, clock.now());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "binary/octet-stream");
  EXPECT_TRUE(base::JsonDocument::parse(response.body));
  EXPECT_EQ(store.get(request, clock.now() + 30min - 1s).status, 200);
  const Response expired = store.get(request, clock.now() + 30min);
  EXPECT_EQ(expired.status, 403);
  EXPECT_THAT(expired.body, HasSubstr("<Message>Request has expired</Message>"));
}

TEST_F(ObjectStoreTest, RejectsChangedSignaturesBearerTokensAndUnknownKeys) {
  Request longer = good_request();
  for (auto& [name, value] : longer.query)
    if (name == "X-Amz-Expires") value = "86400";
  EXPECT_EQ(store.get(longer, clock.now()).status, 403);
  Request elsewhere = good_request();
  elsewhere.path += "x";
  EXPECT_EQ(store.get(elsewhere, clock.now()).status, 403);
  Request unsigned_one = good_request();
  unsigned_one.query.clear();
  EXPECT_EQ(store.get(unsigned_one, clock.now()).status, 403);
  Request with_token = good_request();
  with_token.authorization = "Bearer x";
  const Response refused = store.get(with_token, clock.now());
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("Only one auth mechanism allowed"));
  const Response missing = store.get(signed_request("nothing/here.json"), clock.now());
  EXPECT_EQ(missing.status, 404);
  EXPECT_THAT(missing.body, HasSubstr("NoSuchKey"));
}

}  // namespace
}  // namespace wxcc::simulator
