// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/extract.h"
#include "report/workbook.h"

namespace wxcc::report {

// The sheet Summary, empty.
Sheet& add_summary_page(Workbook& workbook);
// Its rows and charts.
void write_summary(Workbook& workbook, Sheet& sheet, const ExtractContext& context, const ExtractSummary& summary);

}  // namespace wxcc::report
