# SPDX-License-Identifier: Apache-2.0
# Writes ${OUTPUT}, the definition of wxcc::store::migrations(), from the files ${SCHEMA}/NNNN_name.sql. They must be numbered
# from 0001 without a gap, for the number is the schema version.
file(GLOB files "${SCHEMA}/*.sql")
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
  string(APPEND entries "    {${number}, \"${name}\", R\"sql(${content})sql\"},\n")
endforeach()
if(expected EQUAL 0)
  message(FATAL_ERROR "${SCHEMA}: no migrations")
endif()
file(WRITE "${OUTPUT}" "// Generated from store/schema; do not edit.
#include \"store/migrations.h\"

namespace wxcc::store {
namespace {

constexpr Migration kMigrations[] = {
${entries}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

}  // namespace wxcc::store
")
