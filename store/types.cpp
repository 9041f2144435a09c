// SPDX-License-Identifier: Apache-2.0
#include "store/types.h"

namespace wxcc::store {

Reparsed& Reparsed::operator+=(const Reparsed& other) {
  transcripts += other.transcripts;
  changed += other.changed;
  newly_readable += other.newly_readable;
  no_longer_readable += other.no_longer_readable;
  return *this;
}

}  // namespace wxcc::store
