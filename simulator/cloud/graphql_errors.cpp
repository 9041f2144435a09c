// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql_errors.h"

#include <fmt/format.h>

namespace wxcc::simulator {

std::string field_undefined(std::string_view path, std::string_view field, std::string_view type) {
  return fmt::format("Validation error (FieldUndefined@[{}]) : Field '{}' in type '{}' is undefined", path, field,
                     type);
}

std::string missing_argument(std::string_view path, std::string_view argument) {
  return fmt::format("Validation error (MissingFieldArgument@[{}]) : Missing field argument '{}'", path, argument);
}

std::string unknown_argument(std::string_view path, std::string_view argument) {
  return fmt::format("Validation error (UnknownArgument@[{}]) : Unknown field argument '{}'", path, argument);
}

std::string wrong_type(std::string_view path, std::string_view argument, std::string_view type) {
  return fmt::format("Validation error (WrongType@[{}]) : argument '{}' is not a valid '{}'", path, argument, type);
}

std::string sub_selection_required(std::string_view path, std::string_view type, std::string_view field) {
  return fmt::format("Validation error (SubSelectionRequired@[{}]) : Subselection required for type '{}' of field '{}'",
                     path, type, field);
}

std::string sub_selection_not_allowed(std::string_view path, std::string_view type, std::string_view field) {
  return fmt::format(
      "Validation error (SubSelectionNotAllowed@[{}]) : Subselection not allowed on leaf type '{}' of field '{}'", path,
      type, field);
}

}  // namespace wxcc::simulator
