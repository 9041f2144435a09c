// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_filter.h"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
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

// POSIX extended syntax; the documentation names none. std::nullopt: not a regular expression.
std::optional<bool> matches(const std::string& text, const std::string& pattern) {
  regex_t compiled{};
  if (::regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return std::nullopt;
  const bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

struct Operator {
  std::string_view name;
  bool (*holds)(const Leaf& value, const Leaf& operand);
  bool for_numbers;
  bool for_texts;
};
// Booleans and channels have the first two.
constexpr std::array kOperators = {
    Operator{"equals", [](const Leaf& a, const Leaf& b) { return a == b; }, true, true},
    Operator{"notequals", [](const Leaf& a, const Leaf& b) { return a != b; }, true, true},
    Operator{"gt", [](const Leaf& a, const Leaf& b) { return a > b; }, true, false},
    Operator{"gte", [](const Leaf& a, const Leaf& b) { return a >= b; }, true, false},
    Operator{"lt", [](const Leaf& a, const Leaf& b) { return a < b; }, true, false},
    Operator{"lte", [](const Leaf& a, const Leaf& b) { return a <= b; }, true, false},
    Operator{"contains",
             [](const Leaf& a, const Leaf& b) {
               return std::get<std::string>(a).find(std::get<std::string>(b)) != std::string::npos;
             },
             false, true},
    Operator{"match",
             [](const Leaf& a, const Leaf& b) {
               return matches(std::get<std::string>(a), std::get<std::string>(b)).value_or(false);
             },
             false, true},
};

bool is_equality(std::string_view name) {
  return name == "equals" || name == "notequals";
}

const Operator* find_operator(FieldKind kind, std::string_view name) {
  const bool is_number = kind == FieldKind::Long || kind == FieldKind::Int;
  for (const Operator& known : kOperators)
    if (known.name == name &&
        (is_equality(name) || (is_number && known.for_numbers) || (kind == FieldKind::Text && known.for_texts)))
      return &known;
  return nullptr;
}

base::unexpected<std::string> wrong(std::string_view path, std::string_view what) {
  return base::make_unexpected(fmt::format("Validation error (WrongType@[{}]) : argument 'filter' {}", path, what));
}

// The leaf that a literal stands for in comparisons with a field of this kind; the error is the expected type.
base::Expected<Leaf, std::string> operand(FieldKind kind, const Value& value) {
  if (value.kind == Kind::Null) return Leaf{};
  switch (kind) {
    case FieldKind::Text:
      if (value.kind == Kind::String) return Leaf{value.text};
      return base::make_unexpected("String");
    case FieldKind::Channel:
      if ((value.kind == Kind::Enum || (value.kind == Kind::String && value.from_variable)) &&
          std::find(kChannels.begin(), kChannels.end(), value.text) != kChannels.end())
        return Leaf{value.text};
      return base::make_unexpected("ChannelType");
    case FieldKind::Boolean:
      if (value.kind == Kind::Boolean) return Leaf{value.text == "true"};
      return base::make_unexpected("Boolean");
    case FieldKind::Long:
    case FieldKind::Int:
    case FieldKind::Json:
      break;
  }
  // Long takes digits in quotation marks too.
  const bool is_number = value.kind == Kind::Int || (value.kind == Kind::String && kind == FieldKind::Long);
  if (const auto number = is_number ? base::parse_integer(value.text) : std::nullopt) return Leaf{*number};
  return base::make_unexpected(kind == FieldKind::Long ? "Long" : "Int");
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
  Result members(const std::string& object, const Value& value, const std::string& path) {
    if (value.kind != Kind::Object) return wrong(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& entry : value.items) {
      auto part = member(object.empty() ? entry.name : object + "." + entry.name, entry, path);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    return all_of(std::move(parts));
  }

 private:
  Result member(const std::string& name, const Value& value, const std::string& path) {
    if (name == "and" || name == "or") return combination(name, value, path);
    const std::string inner = path + "/" + value.name;
    const SchemaField* field = find_field(name);
    if (field != nullptr && is_filterable(*field)) return comparisons(*field, value, inner);
    if (!is_object(name)) return wrong(path, fmt::format("contains a field not in 'TaskDetailsFilters': '{}'", name));
    if (value.items.size() == 1 && is_equality(value.items.front().name)) return whole_object(name, value, inner);
    return members(name, value, inner);
  }

  Result combination(const std::string& name, const Value& value, const std::string& path) {
    std::vector<TaskFilter> parts;
    // A single object stands for a list of one, as input coercion of lists has it.
    const std::vector<Value> single = {value};
    const std::string inner = fmt::format("{}/{}", path, name);
    for (const Value& item : value.kind == Kind::List ? value.items : single) {
      auto part = members("", item, inner);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    if (name == "and") return all_of(std::move(parts));
    return TaskFilter([parts = std::move(parts)](const TaskView& task) {
      return std::any_of(parts.begin(), parts.end(), [&](const TaskFilter& part) { return part(task); });
    });
  }

  Result comparisons(const SchemaField& field, const Value& value, const std::string& path) {
    if (value.kind != Kind::Object || value.items.empty()) return wrong(path, "is not an object of operators");
    std::vector<TaskFilter> parts;
    for (const Value& argument : value.items) {
      auto part = comparison(field, argument.name, argument, path);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    return all_of(std::move(parts));
  }

  Result comparison(const SchemaField& field, const std::string& name, const Value& value, const std::string& path) {
    const Operator* op = find_operator(field.kind, name);
    if (op == nullptr) return wrong(path, fmt::format("contains an unknown operator '{}'", name));
    if (++comparisons_ > kMaxComparisons)
      return base::make_unexpected(fmt::format("Invalid request: more than {} filter arguments", kMaxComparisons));
    auto wanted = operand(field.kind, value);
    if (!wanted) return wrong(path + "/" + name, fmt::format("is not a valid '{}'", wanted.error()));
    if (name == "match" && !matches("", value.text))
      return wrong(path + "/" + name, fmt::format("is no regular expression: '{}'", base::excerpt(value.text)));
    const bool needs_values = !is_equality(name);
    return TaskFilter([&field, op, wanted = std::move(*wanted), needs_values](const TaskView& task) {
      const Leaf leaf = value_of(field, task);
      if (needs_values && (leaf.index() != wanted.index() || leaf.index() == 0)) return false;
      return op->holds(leaf, wanted);
    });
  }

  // The older style: owner: { notequals: { id: null } }.
  Result whole_object(const std::string& object, const Value& value, const std::string& path) {
    const Value& wanted = value.items.front();
    if (wanted.kind != Kind::Object) return wrong(path, "is not an input object");
    std::vector<TaskFilter> parts;
    for (const Value& argument : wanted.items) {
      const SchemaField* field = find_field(object + "." + argument.name);
      if (field == nullptr) return wrong(path, fmt::format("contains a field not in the type: '{}'", argument.name));
      auto part = comparison(*field, "equals", argument, path + "/" + argument.name);
      if (!part) return part;
      parts.push_back(std::move(*part));
    }
    return TaskFilter([all = all_of(std::move(parts)), wants = wanted.name == "equals"](const TaskView& task) {
      return all(task) == wants;
    });
  }

  std::size_t comparisons_ = 0;
};

}  // namespace

base::Expected<TaskFilter, std::string> compile_filter(const Value& filter) {
  if (filter.kind == Kind::Null) return TaskFilter([](const TaskView&) { return true; });
  return Compiler().members("", filter, "taskDetails/filter");
}

}  // namespace wxcc::simulator
