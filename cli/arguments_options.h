// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace wxcc::cli {

// Options by the type of their value: each sets the member that it is given, which must outlive the command.

template <typename Names>
std::vector<std::string> words_of(const Names& names) {
  std::vector<std::string> words;
  for (const auto& row : names) words.emplace_back(row.text);
  return words;
}

inline void restrict_to(CLI::Option* option, const std::vector<std::string>& words) {
  option->check(CLI::IsMember(words).description(""))->type_name(fmt::format("{}", fmt::join(words, "|")));
}

// An option that takes one of the words of an enumeration; the member is set to its value.
template <typename Names, typename T>
void add_word(CLI::App& command, const std::string& name, const Names& names, T& member, const std::string& help) {
  const auto set = [&names, &member](const std::string& word) { member = *names.parse(word); };
  restrict_to(command.add_option_function<std::string>(name, set, help), words_of(names));
}

inline void add_text(CLI::App& command, const std::string& name, std::string& text, const char* type,
                     const std::string& help) {
  command.add_option(name, text, help)->type_name(type);
}

// An option that may be repeated, with one value each.
inline void add_list(CLI::App& command, const std::string& name, std::vector<std::string>& list, const char* type,
                     const std::string& help) {
  command.add_option(name, list, help + "; repeatable")->type_name(type)->allow_extra_args(false);
}

template <typename Path>
CLI::Option* add_path(CLI::App& command, const std::string& name, Path& path, const std::string& help) {
  const auto set = [&path](const std::string& file) { path = file; };
  return command.add_option_function<std::string>(name, set, help)->type_name("FILE");
}

template <typename T>
void add_number(CLI::App& command, const std::string& name, T& number, int max, const std::string& help) {
  command.add_option(name, number, fmt::format("{}; at most {}", help, max))
      ->check(CLI::Range(1, max).description(""))
      ->type_name("N");
}

}  // namespace wxcc::cli
