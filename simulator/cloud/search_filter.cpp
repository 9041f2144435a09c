// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_filter.h"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/text.h"
#include "simulator/cloud/search_schema.h"

namespace wxcc::simulator {
namespace {

using graphql::Value;
using Kind = Value::Kind;
using Result = base::Expected<TaskFilter, std::string>;

constexpr std::size_t kMaxComparisons = 1000;
constexpr std::array<std::string_view, 7> kChannels = {"telephony", "email",           "chat",    "social_channel",
                                                       "video",     "customMessaging", "workItem"};
constexpr std::array<std::string_view, 4> kTextOperators = {"equals", "notequals", "match", "contains"};
constexpr std::array<std::string_view, 6> kNumberOperators = {"equals", "notequals", "gt", "gte", "lt", "lte"};
constexpr std::array<std::string_view, 2> kBooleanOperators = {"equals", "notequals"};

template <typename Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::unexpected<std::string> wrong(std::string_view path, std::string_view what) {
  return base::make_unexpected(fmt::format("Validation error (WrongType@[{}]) : argument 'filter' {}", path, what));
}

bool has_operator(FieldKind kind, std::string_view name) {
  if (kind == FieldKind::Text) return contains(kTextOperators, name);
  if (kind == FieldKind::Boolean || kind == FieldKind::ChannelEnum) return contains(kBooleanOperators, name);
  return contains(kNumberOperators, name);
}

// The leaf that a literal stands for in comparisons with a field of this kind; the error says what was expected.
base::Expected<Leaf, std::string> operand(FieldKind kind, const Value& value) {
  if (value.kind == Kind::Null) return base::Expected<Leaf, std::string>();  // an empty leaf
  const auto expected = [](std::string_view what) {
    return base::make_unexpected(fmt::format("is not a valid '{}'", what));
  };
  switch (kind) {
    case FieldKind::Text:
      if (value.kind != Kind::String) return expected("String");
      return Leaf{value.text};
    case FieldKind::ChannelEnum:
      if (value.kind != Kind::Enum && !(value.kind == Kind::String && value.from_variable))
        return expected("ChannelType");
      if (!contains(kChannels, value.text)) return expected("ChannelType");
      return Leaf{value.text};
    case FieldKind::Boolean:
      if (value.kind != Kind::Boolean) return expected("Boolean");
      return Leaf{value.text == "true"};
    default:
      break;
  }
  // Long takes digits in quotation marks too.
  const bool is_number = value.kind == Kind::Int || (value.kind == Kind::String && kind == FieldKind::Long);
  const auto number = is_number ? base::parse_integer(value.text) : std::nullopt;
  if (number) return Leaf{*number};
  return expected(kind == FieldKind::Long ? "Long" : kind == FieldKind::Int ? "Int" : "Float");
}

TaskFilter compare(const SchemaField& field, std::string_view op, Leaf wanted) {
  const auto get = field.leaf;
  if (op == "equals") return [get, wanted](const TaskView& task) { return get(task) == wanted; };
  if (op == "notequals") return [get, wanted](const TaskView& task) { return get(task) != wanted; };
  const auto order = [&](auto holds) -> TaskFilter {
    return [get, wanted, holds](const TaskView& task) {
      const Leaf value = get(task);
      return value.index() == wanted.index() && holds(value, wanted);
    };
  };
  if (op == "gt") return order([](const Leaf& a, const Leaf& b) { return a > b; });
  if (op == "gte") return order([](const Leaf& a, const Leaf& b) { return a >= b; });
  if (op == "lt") return order([](const Leaf& a, const Leaf& b) { return a < b; });
  return order([](const Leaf& a, const Leaf& b) { return a <= b; });
}

TaskFilter compare_text(const SchemaField& field, const std::string& wanted) {
  return [get = field.leaf, wanted](const TaskView& task) {
    const Leaf value = get(task);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && text->find(wanted) != std::string::npos;
  };
}

// POSIX extended syntax: <regex> of the standard library recurses per character, and gcc 12 warns about it under
// sanitizers.
Result match_pattern(const SchemaField& field, const std::string& pattern) {
  auto compiled = std::make_unique<regex_t>();
  if (::regcomp(compiled.get(), pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
    return base::make_unexpected(fmt::format("Invalid request: '{}' is no regular expression", base::excerpt(pattern)));
  const std::shared_ptr<regex_t> regex(compiled.release(), [](regex_t* owned) {
    ::regfree(owned);
    delete owned;
  });
  return TaskFilter([get = field.leaf, regex](const TaskView& task) {
    const Leaf value = get(task);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr && ::regexec(regex.get(), text->c_str(), 0, nullptr, 0) == 0;
  });
}

TaskFilter all_of(std::vector<TaskFilter> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  return [parts = std::move(parts)](const TaskView& task) {
    return std::all_of(parts.begin(), parts.end(), [&](const TaskFilter& part) { return part(task); });
  };
}

class Compiler {
 public:
  Result object(const std::vector<SchemaField>& fields, const Value& value, const std::string& path) {
    if (value.kind != Kind::Object) return wrong(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& entry : value.members) {
      auto part = member(fields, entry.name, entry, path);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    return all_of(std::move(parts));
  }

 private:
  Result member(const std::vector<SchemaField>& fields, const std::string& name, const Value& value,
                const std::string& path) {
    const bool at_top = &fields == &task_fields();
    if (at_top && (name == "and" || name == "or")) return combination(name, value, path);
    const SchemaField* field = find_field(fields, name);
    if (field == nullptr || !field->filterable())
      return wrong(path, fmt::format("contains a field not in 'TaskDetailsFilters': '{}'", name));
    const std::string inner = path + "/" + name;
    if (field->kind != FieldKind::Object) return operators(*field, value, inner);
    if (value.members.size() == 1 && contains(kBooleanOperators, value.members.front().name))
      return whole_object(*field, value, inner);
    return object(field->members, value, inner);
  }

  Result combination(const std::string& name, const Value& value, const std::string& path) {
    std::vector<TaskFilter> parts;
    // A single object stands for a list of one, as input coercion of lists has it.
    const std::vector<Value> single = {value};
    for (const Value& item : value.kind == Kind::List ? value.items : single) {
      auto part = object(task_fields(), item, path + "/" + name);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    if (name == "and") return all_of(std::move(parts));
    return TaskFilter([parts = std::move(parts)](const TaskView& task) {
      return std::any_of(parts.begin(), parts.end(), [&](const TaskFilter& part) { return part(task); });
    });
  }

  Result operators(const SchemaField& field, const Value& value, const std::string& path) {
    if (value.kind != Kind::Object || value.members.empty()) return wrong(path, "is not an object of operators");
    std::vector<TaskFilter> parts;
    for (const Value& argument : value.members) {
      const std::string& name = argument.name;
      if (!has_operator(field.kind, name)) return wrong(path, fmt::format("contains an unknown operator '{}'", name));
      if (++comparisons_ > kMaxComparisons)
        return base::make_unexpected(fmt::format("Invalid request: more than {} filter arguments", kMaxComparisons));
      auto wanted = operand(field.kind, argument);
      if (!wanted) return wrong(path + "/" + name, wanted.error());
      if (name == "match" || name == "contains") {
        if (argument.kind != Kind::String) return wrong(path + "/" + name, "is not a valid 'String'");
        if (name == "contains") {
          parts.push_back(compare_text(field, argument.text));
          continue;
        }
        auto matching = match_pattern(field, argument.text);
        if (!matching) return matching;
        parts.push_back(std::move(*matching));
      } else {
        parts.push_back(compare(field, name, std::move(*wanted)));
      }
    }
    return all_of(std::move(parts));
  }

  // The older style: owner: { notequals: { id: null } }.
  Result whole_object(const SchemaField& field, const Value& value, const std::string& path) {
    const Value& wanted = value.members.front();
    if (wanted.kind != Kind::Object) return wrong(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& argument : wanted.members) {
      const std::string& name = argument.name;
      Value comparison;
      comparison.kind = Kind::Object;
      comparison.members.push_back(argument);
      comparison.members.back().name = "equals";
      const SchemaField* inner = find_field(field.members, name);
      if (inner == nullptr || inner->kind == FieldKind::Object)
        return wrong(path, fmt::format("contains a field not in '{}': '{}'", field.type_name, name));
      auto part = operators(*inner, comparison, path + "/" + name);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    TaskFilter all = all_of(std::move(parts));
    if (wanted.name == "equals") return all;
    return TaskFilter([all = std::move(all)](const TaskView& task) { return !all(task); });
  }

  std::size_t comparisons_ = 0;
};

}  // namespace

base::Expected<TaskFilter, std::string> compile_filter(const Value& filter) {
  if (filter.kind == Kind::Null) return TaskFilter([](const TaskView&) { return true; });
  return Compiler().object(task_fields(), filter, "taskDetails/filter");
}

}  // namespace wxcc::simulator
