// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/enum_names.h"

namespace wxcc::model {

// Which of a task's two timestamps a search, a scan or a filter compares.
enum class TimeField { Ended, Created };
inline constexpr auto kTimeFieldNames =
    base::enum_names<TimeField>({{TimeField::Ended, "ended"}, {TimeField::Created, "created"}});
[[nodiscard]] constexpr std::string_view to_text(TimeField field) {
  return kTimeFieldNames.text_of(field);
}

}  // namespace wxcc::model
