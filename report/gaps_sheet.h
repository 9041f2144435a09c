// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/output.h"
#include "report/paged_table.h"

namespace wxcc::report {

// The sheet Gaps, empty; then a row for each coverage gap of the extract and for each missing transcript.
[[nodiscard]] PagedTable add_gaps_table(Workbook& workbook, const ExtractRequest& request);
void write_gaps(PagedTable& table, const ExtractSummary& summary);

}  // namespace wxcc::report
