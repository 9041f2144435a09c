// SPDX-License-Identifier: Apache-2.0
#include "report/text_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "base/error.h"

namespace wxcc::report {
namespace {

TEST(TextSink, ReportsAFullDisk) {
  const base::FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.valid());
  TextSink sink(full.get(), "/dev/full");
  sink.write("text");
  try {
    sink.flush();
    FAIL();
  } catch (const base::FileError& error) {
    EXPECT_EQ(error.error_number(), ENOSPC);
  }
}

}  // namespace
}  // namespace wxcc::report
