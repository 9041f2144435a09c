# SPDX-License-Identifier: Apache-2.0
# Writes ${OUTPUT}, the definition of wxcc::store::schema(), from the files ${SCHEMA}/NNNN_name.sql and views.sql. The former
# must be numbered from 0001 without a gap, for the number is the schema version. One with a line "-- rewrites rows" is
# preceded by a copy of the archive.
file(GLOB files "${SCHEMA}/[0-9]*.sql")
list(SORT files)
set(entries "")
set(expected 0)
foreach(file IN LISTS files)
  math(EXPR expected "${expected} + 1")
  get_filename_component(stem "${file}" NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
  endif()
  set(name "${CMAKE_MATCH_2}")
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: the next migration has to have the number ${expected}")
  endif()
  file(READ "${file}" content)
  set(rewrites false)
  if(content MATCHES "(^|\n)-- rewrites rows")
    set(rewrites true)
  endif()
  string(APPEND entries "    {${number}, \"${name}\", R\"sql(${content})sql\", ${rewrites}},\n")
endforeach()
if(expected EQUAL 0)
  message(FATAL_ERROR "${SCHEMA}: no migrations")
endif()
file(READ "${SCHEMA}/views.sql" views)
file(WRITE "${OUTPUT}" "// Generated from store/schema; do not edit.
#include \"store/migrations.h\"

namespace wxcc::store {
namespace {

constexpr Migration kMigrations[] = {
${entries}};

constexpr const char* kViews = R\"sql(${views})sql\";

}  // namespace

ArchiveSchema schema() { return {kMigrations, kViews}; }

}  // namespace wxcc::store
")
