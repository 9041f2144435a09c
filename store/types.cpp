// SPDX-License-Identifier: Apache-2.0
#include "store/types.h"

namespace wxcc::store {

std::string_view to_text(TranscriptState state) {
  switch (state) {
    case TranscriptState::Pending:
      return "pending";
    case TranscriptState::Archived:
      return "archived";
    case TranscriptState::Unparsed:
      return "unparsed";
    case TranscriptState::Absent:
      return "absent";
    case TranscriptState::Failed:
      return "failed";
  }
  return "";
}

Reparsed& Reparsed::operator+=(const Reparsed& other) {
  transcripts += other.transcripts;
  changed += other.changed;
  newly_readable += other.newly_readable;
  no_longer_readable += other.no_longer_readable;
  return *this;
}

}  // namespace wxcc::store
