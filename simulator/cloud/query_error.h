// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace wxcc::simulator {

// A search query that is rejected with status 400; what() is the description. Thrown by all parts of the search, caught
// by run_search() alone.
class QueryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The texts of graphql-java for invalid queries. The path names fields: "taskDetails/tasks/queue".
inline QueryError field_undefined(std::string_view path, std::string_view field, std::string_view type) {
  return QueryError(
      fmt::format("Validation error (FieldUndefined@[{}]) : Field '{}' in type '{}' is undefined", path, field, type));
}
inline QueryError missing_argument(std::string_view path, std::string_view argument) {
  return QueryError(
      fmt::format("Validation error (MissingFieldArgument@[{}]) : Missing field argument '{}'", path, argument));
}
inline QueryError unknown_argument(std::string_view path, std::string_view argument) {
  return QueryError(
      fmt::format("Validation error (UnknownArgument@[{}]) : Unknown field argument '{}'", path, argument));
}
inline QueryError type_mismatch(std::string_view path, std::string_view argument, std::string_view type) {
  return QueryError(
      fmt::format("Validation error (WrongType@[{}]) : argument '{}' is not a valid '{}'", path, argument, type));
}
inline QueryError sub_selection_required(std::string_view path, std::string_view type, std::string_view field) {
  return QueryError(
      fmt::format("Validation error (SubSelectionRequired@[{}]) : Subselection required for type '{}' of field '{}'",
                  path, type, field));
}
inline QueryError sub_selection_not_allowed(std::string_view path, std::string_view field) {
  return QueryError(fmt::format(
      "Validation error (SubSelectionNotAllowed@[{}]) : Subselection not allowed on leaf field '{}'", path, field));
}

}  // namespace wxcc::simulator
