// SPDX-License-Identifier: Apache-2.0
#include "store/service_state.h"

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

using ServiceStateTest = ArchiveFixture;

TEST_F(ServiceStateTest, RecordsSuccessErrorAndLogin) {
  Archive archive = open();
  EXPECT_FALSE(archive.reader().service_record().reconciled_at);
  archive.service().record_reconciliation(kNow - hours(1));
  EXPECT_EQ(Reader::open(path_).service_record().reconciled_at, kNow - hours(1));
  archive.service().record_success(kNow);
  archive.service().record_error("the API is unreachable", kNow + minutes(1));
  archive.service().record_login("the grant was revoked", kNow, std::nullopt, kNow);
  const ServiceRecord record = Reader::open(path_).service_record();
  EXPECT_EQ(record.last_success, kNow);
  EXPECT_EQ(record.last_error_at, kNow + minutes(1));
  EXPECT_EQ(record.last_error, "the API is unreachable");
  EXPECT_EQ(record.needs_login, "the grant was revoked");
  EXPECT_EQ(record.needs_login_since, kNow);
  EXPECT_EQ(record.access_expires_at, kNow);
  archive.service().record_login("the grant was revoked", kNow, kNow + std::chrono::hours{2},
                                 kNow + std::chrono::hours{1});
  EXPECT_EQ(Reader::open(path_).service_record().needs_login_since, kNow) << "the same login";
  EXPECT_EQ(Reader::open(path_).service_record().refresh_expires_at, kNow + std::chrono::hours{2});
  archive.service().record_login("", kNow, std::nullopt, kNow);
  EXPECT_EQ(Reader::open(path_).service_record().needs_login, "");
  EXPECT_FALSE(Reader::open(path_).service_record().needs_login_since);
  EXPECT_EQ(archive.reader().service_record().last_error, "the API is unreachable");
}

}  // namespace
}  // namespace wxcc::store
