// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/transcript_state.h"

namespace wxcc::report {

// The states as a workbook explains them.
inline constexpr auto kStateLabels = base::enum_names<model::TranscriptState>(
    {{model::TranscriptState::Archived, "Archived"},
     {model::TranscriptState::Pending, "Pending: not available yet, will be requested again"},
     {model::TranscriptState::Unparsed, "Unparsed: stored as downloaded, format not recognised"},
     {model::TranscriptState::Absent, "Absent: not available until the deadline"},
     {model::TranscriptState::Failed, "Failed: given up after errors"}});

}  // namespace wxcc::report
