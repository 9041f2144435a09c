// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_filter.h"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/text.h"
#include "simulator/cloud/query_error.h"
#include "simulator/cloud/search_schema.h"

namespace wxcc::simulator {
namespace {

using graphql::Value;
using Kind = Value::Kind;

constexpr std::size_t kMaxComparisons = 1000;
constexpr std::array<std::string_view, 7> kChannels = {"telephony", "email",           "chat",    "social_channel",
                                                       "video",     "customMessaging", "workItem"};
constexpr auto kTypeNames = base::enum_names<FieldKind>({{FieldKind::Text, "String"},
                                                         {FieldKind::Channel, "ChannelType"},
                                                         {FieldKind::Long, "Long"},
                                                         {FieldKind::Int, "Int"},
                                                         {FieldKind::Boolean, "Boolean"},
                                                         {FieldKind::Json, "JSON"}});

// POSIX extended syntax; the documentation names none. std::nullopt: not a regular expression.
std::optional<bool> matches(const std::string& text, const std::string& pattern) {
  regex_t compiled{};
  if (::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return std::nullopt;
  const bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

enum class Operands { Any, Numbers, Texts };
struct Operator {
  std::string_view name;
  Operands operands;
  bool (*holds)(const Leaf& value, const Leaf& operand);
};
constexpr std::array kOperators = {
    Operator{"equals", Operands::Any, [](const Leaf& a, const Leaf& b) { return a == b; }},
    Operator{"notequals", Operands::Any, [](const Leaf& a, const Leaf& b) { return a != b; }},
    Operator{"gt", Operands::Numbers, [](const Leaf& a, const Leaf& b) { return a > b; }},
    Operator{"gte", Operands::Numbers, [](const Leaf& a, const Leaf& b) { return a >= b; }},
    Operator{"lt", Operands::Numbers, [](const Leaf& a, const Leaf& b) { return a < b; }},
    Operator{"lte", Operands::Numbers, [](const Leaf& a, const Leaf& b) { return a <= b; }},
    Operator{"contains", Operands::Texts,
             [](const Leaf& a, const Leaf& b) {
               return std::get<std::string>(a).find(std::get<std::string>(b)) != std::string::npos;
             }},
    Operator{"match", Operands::Texts,
             [](const Leaf& a, const Leaf& b) {
               return matches(std::get<std::string>(a), std::get<std::string>(b)).value_or(false);
             }},
};

const Operator* find_operator(FieldKind kind, std::string_view name) {
  const auto operands = kind == FieldKind::Long || kind == FieldKind::Int ? Operands::Numbers
                        : kind == FieldKind::Text                         ? Operands::Texts
                                                                          : Operands::Any;
  const auto found = std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& known) {
    return known.name == name && (known.operands == Operands::Any || known.operands == operands);
  });
  return found == kOperators.end() ? nullptr : &*found;
}

QueryError filter_error(std::string_view path, std::string_view reason) {
  return QueryError(fmt::format("Validation error (WrongType@[{}]) : argument 'filter' {}", path, reason));
}

// The operand of a comparison with a field of this kind; std::nullopt for a literal of another type.
std::optional<Leaf> operand(FieldKind kind, const Value& value) {
  const bool is_text = value.kind == Kind::String;
  switch (kind) {
    case FieldKind::Text:
      return is_text ? std::optional<Leaf>(value.text) : std::nullopt;
    case FieldKind::Channel:
      if ((value.kind != Kind::Enum && !(is_text && value.from_variable)) ||
          std::find(kChannels.begin(), kChannels.end(), value.text) == kChannels.end())
        return std::nullopt;
      return value.text;
    case FieldKind::Boolean:
      return value.kind == Kind::Boolean ? std::optional<Leaf>(value.text == "true") : std::nullopt;
    case FieldKind::Long:
    case FieldKind::Int:
    case FieldKind::Json:
      break;
  }
  // Long accepts quoted digits too.
  if (value.kind == Kind::Int || (is_text && kind == FieldKind::Long)) return base::parse_integer(value.text);
  return std::nullopt;
}

TaskFilter all_of(std::vector<TaskFilter> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return [parts = std::move(parts)](const TaskView& task) {
    return std::all_of(parts.begin(), parts.end(), [&](const TaskFilter& part) { return part(task); });
  };
}

class Compiler {
 public:
  // `object` is the schema's path of the members' object, empty for the task itself.
  TaskFilter members(const std::string& object, const Value& value, const std::string& path) {
    if (value.kind != Kind::Object) throw filter_error(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& entry : value.items)
      parts.push_back(member(object.empty() ? entry.name : object + "." + entry.name, entry, path));
    return all_of(std::move(parts));
  }

 private:
  TaskFilter member(const std::string& name, const Value& value, const std::string& path) {
    if (name == "and" || name == "or") return combination(name, value, path);
    const std::string inner = path + "/" + value.name;
    const SchemaField* field = find_field(name);
    if (field != nullptr && is_filterable(*field)) {
      if (value.kind != Kind::Object || value.items.empty()) throw filter_error(inner, "is not an object of operators");
      std::vector<TaskFilter> parts;
      for (const Value& argument : value.items) parts.push_back(comparison(*field, argument.name, argument, inner));
      return all_of(std::move(parts));
    }
    if (!is_object(name))
      throw filter_error(path, fmt::format("contains a field not in 'TaskDetailsFilters': '{}'", name));
    if (value.items.size() == 1 && (value.items.front().name == "equals" || value.items.front().name == "notequals"))
      return whole_object(name, value.items.front(), inner);
    return members(name, value, inner);
  }

  TaskFilter combination(const std::string& name, const Value& value, const std::string& path) {
    std::vector<TaskFilter> parts;
    // Input coercion of lists: a single object is a list of one.
    const std::vector<Value> single = {value};
    for (const Value& item : value.kind == Kind::List ? value.items : single)
      parts.push_back(members("", item, path + "/" + name));
    if (name == "and") return all_of(std::move(parts));
    return [parts = std::move(parts)](const TaskView& task) {
      return std::any_of(parts.begin(), parts.end(), [&](const TaskFilter& part) { return part(task); });
    };
  }

  TaskFilter comparison(const SchemaField& field, const std::string& name, const Value& value,
                        const std::string& path) {
    const Operator* op = find_operator(field.kind, name);
    if (op == nullptr) throw filter_error(path, fmt::format("contains an unknown operator '{}'", name));
    if (++comparisons_ > kMaxComparisons)
      throw QueryError(fmt::format("Invalid request: more than {} filter arguments", kMaxComparisons));
    const auto wanted = value.kind == Kind::Null ? Leaf{} : operand(field.kind, value);
    if (!wanted)
      throw filter_error(path + "/" + name, fmt::format("is not a valid '{}'", kTypeNames.text_of(field.kind)));
    if (name == "match" && !matches("", value.text))
      throw filter_error(path + "/" + name, fmt::format("is no regular expression: '{}'", base::excerpt(value.text)));
    return [&field, op, wanted = *wanted](const TaskView& task) {
      const Leaf leaf = value_of(field, task);
      if (op->operands != Operands::Any && (leaf.index() != wanted.index() || leaf.index() == 0)) return false;
      return op->holds(leaf, wanted);
    };
  }

  // The older style: owner: { notequals: { id: null } }.
  TaskFilter whole_object(const std::string& object, const Value& wanted, const std::string& path) {
    if (wanted.kind != Kind::Object) throw filter_error(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& argument : wanted.items) {
      const SchemaField* field = find_field(object + "." + argument.name);
      if (field == nullptr)
        throw filter_error(path, fmt::format("contains a field not in the type: '{}'", argument.name));
      parts.push_back(comparison(*field, "equals", argument, path + "/" + argument.name));
    }
    return [all = all_of(std::move(parts)), is_equal = wanted.name == "equals"](const TaskView& task) {
      return all(task) == is_equal;
    };
  }

  std::size_t comparisons_ = 0;
};

}  // namespace

TaskFilter compile_filter(const Value* filter) {
  if (filter == nullptr) return [](const TaskView&) { return true; };
  return Compiler().members("", *filter, "taskDetails/filter");
}

}  // namespace wxcc::simulator
