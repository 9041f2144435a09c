// SPDX-License-Identifier: Apache-2.0
#include "model/task_fields.h"

#include <gtest/gtest.h>

#include <set>

namespace wxcc::model {
namespace {

TEST(TaskFields, HaveUniqueNamesAndColumns) {
  std::set<std::string_view> names;
  std::set<std::string_view> columns;
  for (const TaskField& field : task_fields()) {
    EXPECT_TRUE(names.insert(field.api_name).second) << field.api_name;
    if (!field.column.empty()) {
      EXPECT_TRUE(columns.insert(field.column).second) << field.column;
    }
  }
}

TEST(TaskFields, HaveColumnsNamedAfterTheirType) {
  for (const TaskField& field : task_fields()) {
    const bool is_duration = std::holds_alternative<std::optional<base::Millis> Task::*>(field.member);
    EXPECT_EQ(field.column.ends_with("_ms"), is_timestamp(field) || is_duration) << field.api_name;
    EXPECT_EQ(field.column.ends_with("_key"), is_entity(field)) << field.api_name;
    EXPECT_EQ(field.column.starts_with("customer_"), is_of_customer(field)) << field.api_name;
    if (std::holds_alternative<std::monostate>(field.member)) {
      EXPECT_EQ(field.column, "") << field.api_name << " has no member in model/task.h";
    }
  }
}

TEST(TaskFields, HaveHeadingWhenVisible) {
  for (const TaskField& field : task_fields()) {
    EXPECT_EQ(field.visibility == Visibility::View, !field.heading.text.empty()) << field.api_name;
    if (field.visibility == Visibility::View) {
      EXPECT_FALSE(field.column.empty()) << field.api_name;
    }
    if (field.heading.position > 0) {
      EXPECT_EQ(field.heading.utc_position > 0, is_timestamp(field)) << field.api_name;
      EXPECT_GE(field.heading.width, 8) << field.api_name;
    }
  }
}

TEST(TaskFields, MarkPersonalData) {
  for (const TaskField& field : task_fields())
    if (is_of_customer(field)) {
      EXPECT_NE(field.personal, Personal::No) << field.api_name;
    }
}

TEST(TaskFields, VisitMembersOfTask) {
  Task task;
  int members = 0;
  for (const TaskField& field : task_fields())
    visit_member(field, task, [&](auto& value) {
      using Value = std::remove_reference_t<decltype(value)>;
      ++members;
      if constexpr (std::is_same_v<Value, std::string>) value = field.api_name;
    });
  EXPECT_GT(members, 25);
  EXPECT_EQ(task.id, "id");
  EXPECT_EQ(task.customer.email, "customer.email");
  EXPECT_EQ(task.contact_reason, "contactReason");
}

TEST(TaskFields, GiveVisibleValues) {
  Task task;
  for (const TaskField& field : task_fields()) {
    if (field.api_name == "isActive") continue;
    EXPECT_EQ(value_of(field, task), FieldValue{}) << field.api_name;
  }
  task.queue = {"q1", "Support"};
  task.created = base::from_ms(5);
  task.csat_score = 0;
  for (const TaskField& field : task_fields()) {
    if (field.api_name == "lastQueue") {
      EXPECT_EQ(value_of(field, task), FieldValue("Support"));
      EXPECT_EQ(view_column(field), "queue");
    }
    if (field.api_name == "createdTime") {
      EXPECT_EQ(value_of(field, task), FieldValue(base::from_ms(5)));
      EXPECT_EQ(view_column(field), "created_at");
    }
    if (field.api_name == "csatScore") {
      EXPECT_EQ(value_of(field, task), FieldValue(std::int64_t{0}));
      EXPECT_EQ(view_column(field), "csat_score");
    }
  }
}

}  // namespace
}  // namespace wxcc::model
