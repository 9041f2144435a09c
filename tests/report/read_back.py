# SPDX-License-Identifier: Apache-2.0
"""Prints the content of a workbook as JSON, read by an independent library, for the tests to compare cell by cell."""
import datetime
import json
import sys

import openpyxl


def plain(cell):
    value = cell.value
    if isinstance(value, datetime.timedelta):
        return "duration %d ms" % round(value.total_seconds() * 1000)
    if isinstance(value, datetime.datetime):
        rounded = value + datetime.timedelta(microseconds=500)
        return "time " + rounded.isoformat(sep=" ", timespec="milliseconds")
    if cell.data_type == "f":
        return "FORMULA " + str(value)
    if cell.hyperlink is not None:
        return ("LINK " if cell.hyperlink.target is None else "FOREIGN LINK ") + str(value)
    return value


book = openpyxl.load_workbook(sys.argv[1])
properties = book.properties
content = {
    "title": properties.title,
    "creator": properties.creator or "",
    "created": properties.created.isoformat(),
    "order": book.sheetnames,
    "sheets": {},
}
for sheet in book.worksheets:
    content["sheets"][sheet.title] = {
        "rows": [[plain(cell) for cell in row] for row in sheet.iter_rows()],
        "frozen": sheet.freeze_panes or "",
        "filter": sheet.auto_filter.ref or "",
        "orientation": sheet.page_setup.orientation or "",
        "printed": str(sheet.print_area),
        "charts": len(sheet._charts),
        "shaded": [str(ranges.sqref) for ranges in sheet.conditional_formatting],
        "repeated": sheet.print_title_rows or "",
        "fits_width": bool(sheet.sheet_properties.pageSetUpPr.fitToPage) and sheet.page_setup.fitToHeight == 0,
        "formats": [cell.number_format for cell in sheet[min(2, sheet.max_row)]],
        "heights": {str(n): d.height for n, d in sheet.row_dimensions.items() if d.height},
        "widths": {letter: round(d.width) for letter, d in sheet.column_dimensions.items()},
    }
json.dump(content, sys.stdout)
