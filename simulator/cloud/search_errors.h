// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

// The texts of graphql-java for invalid queries. The path names fields: "taskDetails/tasks/queue".
namespace wxcc::simulator {

inline std::string field_undefined(std::string_view path, std::string_view field, std::string_view type) {
  return fmt::format("Validation error (FieldUndefined@[{}]) : Field '{}' in type '{}' is undefined", path, field,
                     type);
}
inline std::string missing_argument(std::string_view path, std::string_view argument) {
  return fmt::format("Validation error (MissingFieldArgument@[{}]) : Missing field argument '{}'", path, argument);
}
inline std::string unknown_argument(std::string_view path, std::string_view argument) {
  return fmt::format("Validation error (UnknownArgument@[{}]) : Unknown field argument '{}'", path, argument);
}
inline std::string wrong_type(std::string_view path, std::string_view argument, std::string_view type) {
  return fmt::format("Validation error (WrongType@[{}]) : argument '{}' is not a valid '{}'", path, argument, type);
}
inline std::string sub_selection_required(std::string_view path, std::string_view type, std::string_view field) {
  return fmt::format("Validation error (SubSelectionRequired@[{}]) : Subselection required for type '{}' of field '{}'",
                     path, type, field);
}
inline std::string sub_selection_not_allowed(std::string_view path, std::string_view field) {
  return fmt::format("Validation error (SubSelectionNotAllowed@[{}]) : Subselection not allowed on leaf field '{}'",
                     path, field);
}

}  // namespace wxcc::simulator
