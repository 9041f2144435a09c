// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/instant.h"
#include "model/task.h"

namespace wxcc::model {

// What happens to a search when the tenant's API rejects the field.
enum class Necessity {
  Optional,  // it continues without the field
  Core,      // the same, but the field is among the last to be left out: it identifies the conversation
  Required,  // it fails: nothing can be archived without the field
};

// Whose identity the value gives away, so that redaction replaces it by a pseudonym (names) or removes it (the rest).
enum class Personal { No, CustomerName, CustomerContact, AgentName };

// How the value is displayed.
struct Heading {
  std::string_view text;  // of a column in a workbook or CSV; `show` has it in lower case
  double width = 0;       // of a workbook's column, in characters
  int position = 0;       // of the column in extracts, from 1, among all columns of a conversation; 0: not in extracts
  int utc_position = 0;   // timestamps only: of the second column, which has the time in UTC
};

// Whether people see the value, or only the archive keeps it.
enum class Visibility {
  Archive,
  View,  // in the view `conversations` and in `show`; in extracts, when its heading has a position
};

// One field of a task: everything that the program knows of it. Search, archive, extracts, `show` and redaction go
// through the table of these; CONTRIBUTING.md says how to add one.
struct TaskField {
  // std::monostate: the field has no member of its own, its value becomes part of Task::other_members.
  using Member = std::variant<std::monostate, std::string Task::*, std::string Customer::*, NamedEntity Task::*,
                              std::optional<base::Instant> Task::*, std::optional<base::Millis> Task::*,
                              std::optional<std::int64_t> Task::*, bool Task::*>;

  // In taskDetails of the Search API; "customer.email" is the member of an object. Of a NamedEntity the object, whose
  // id and name are requested.
  std::string_view api_name;
  Member member = {};
  // Of the table `task`; "queue_key" refers to the table `queue`, "customer_email" is customer.email. Empty: not kept.
  std::string_view column = {};
  Necessity necessity = Necessity::Optional;
  Visibility visibility = Visibility::Archive;
  Heading heading = {};
  Personal personal = Personal::No;
  std::string_view fallback_api_name = {};  // optional; read where api_name has no value
};

// In the order in which they are requested and shown.
[[nodiscard]] std::span<const TaskField> task_fields();

// Calls visit with a reference to the member; does not call it when there is none.
template <typename AnyTask, typename Visitor>
void visit_member(const TaskField& field, AnyTask& task, Visitor&& visit) {
  std::visit(
      [&](const auto member) {
        using Member = std::remove_const_t<decltype(member)>;
        if constexpr (std::is_same_v<Member, std::string Customer::*>)
          visit(task.customer.*member);
        else if constexpr (!std::is_same_v<Member, std::monostate>)
          visit(task.*member);
      },
      field.member);
}

[[nodiscard]] inline bool is_timestamp(const TaskField& field) {
  return std::holds_alternative<std::optional<base::Instant> Task::*>(field.member);
}
[[nodiscard]] inline bool is_entity(const TaskField& field) {
  return std::holds_alternative<NamedEntity Task::*>(field.member);
}
[[nodiscard]] inline bool is_of_customer(const TaskField& field) {
  return std::holds_alternative<std::string Customer::*>(field.member);
}

// A value as extracts and `show` print it: of a NamedEntity the name. std::monostate: none. A text refers into the
// task.
using FieldValue = std::variant<std::monostate, std::string_view, std::int64_t, base::Instant, base::Millis, bool>;
[[nodiscard]] FieldValue value_of(const TaskField& field, const Task& task);

// The name of the column in the view `conversations` and of the member in JSON: "queue" of queue_key, "created_at" of
// created_ms.
[[nodiscard]] std::string view_column(const TaskField& field);

}  // namespace wxcc::model
