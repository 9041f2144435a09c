// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// The texts in which graphql-java tells what is wrong with a query. The path names fields: "taskDetails/tasks/queue".
namespace wxcc::simulator {

std::string field_undefined(std::string_view path, std::string_view field, std::string_view type);
std::string missing_argument(std::string_view path, std::string_view argument);
std::string unknown_argument(std::string_view path, std::string_view argument);
std::string wrong_type(std::string_view path, std::string_view argument, std::string_view type);
std::string sub_selection_required(std::string_view path, std::string_view type, std::string_view field);
std::string sub_selection_not_allowed(std::string_view path, std::string_view type, std::string_view field);

}  // namespace wxcc::simulator
