// SPDX-License-Identifier: Apache-2.0
// Every field of the table: from a response of the Search API into the archive, and into its outputs.
#include "model/task_fields.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "store/archive.h"
#include "store/reader.h"
#include "tests/temporary_directory.h"
#include "webex/search_page.h"

namespace wxcc::cli {
namespace {

using model::TaskField;

constexpr base::Instant kStart = base::from_ms(1767225600000);  // 2026-01-01

// Writes the value that the response has for the field; returns it as extracts and `show` format it.
std::string write_value(base::JsonWriter& out, const TaskField& field, int number) {
  std::string spelled = fmt::format("value {:03}", number);
  const auto write_integer = [&](std::int64_t value) {
    out.value(value);
    return std::to_string(value);
  };
  bool has_member = false;
  const model::Task example;
  visit_member(field, example, [&](const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    has_member = true;
    if constexpr (std::is_same_v<Value, model::NamedEntity>) {
      out.begin_object().member("id", fmt::format("id {:03}", number)).member("name", spelled).end_object();
    } else if constexpr (std::is_same_v<Value, std::string>) {
      out.value(std::string_view(spelled));
    } else if constexpr (std::is_same_v<Value, std::optional<base::Instant>>) {
      const base::Instant instant = kStart + std::chrono::minutes(number);
      write_integer(base::to_ms(instant));
      spelled = base::to_iso8601(instant);
    } else if constexpr (std::is_same_v<Value, bool>) {
      out.value(false);
      spelled = "false";
    } else {
      spelled = write_integer(100 + number);
    }
  });
  if (!has_member) out.value(std::string_view(spelled));
  return spelled;
}

class TaskFields : public testing::Test {
 protected:
  TaskFields() {
    base::JsonWriter out;
    out.begin_object().key("data").begin_object().key("taskDetails").begin_object().key("tasks").begin_array();
    out.begin_object();
    std::string open;  // the object whose members are being written
    for (const TaskField& field : model::task_fields()) {
      const auto dot = field.api_name.find('.');
      const std::string object(dot == std::string_view::npos ? "" : field.api_name.substr(0, dot));
      if (object != open) {
        if (!open.empty()) out.end_object();
        if (!object.empty()) out.key(object).begin_object();
        open = object;
      }
      out.key(dot == std::string_view::npos ? field.api_name : field.api_name.substr(dot + 1));
      values_.push_back(write_value(out, field, static_cast<int>(values_.size())));
    }
    out.end_object().end_array().key("pageInfo").begin_object().member("hasNextPage", false).end_object();
    const auto page = webex::parse_search_page(out.end_object().end_object().end_object().text());
    task_ = page.value().tasks.at(0);
    const base::Instant now = kStart + std::chrono::hours(48);
    store::Archive::open({path_, "org-1", "test"}, now)
        .commit_page({task_}, store::Scan{model::TimeField::Ended, {kStart, now}, now}, now, now);
  }
  std::string run(std::vector<const char*> words) const {
    words.insert(words.begin(), {"wxcc-archive", "--archive", path_.c_str()});
    testing::internal::CaptureStdout();
    cli::main(static_cast<int>(words.size()), words.data());
    std::fflush(stdout);
    return testing::internal::GetCapturedStdout();
  }
  std::vector<const char*> report(const char* redact = nullptr) const {
    std::vector<const char*> words = {"report", "--from",     "2026-01-01", "--to",     "2026-01-01", "--format",
                                      "jsonl",  "--timezone", "UTC",        "--output", "-"};
    if (redact != nullptr) words.insert(words.end(), {"--redact", redact});
    return words;
  }
  const std::string& value_of(const TaskField& field) const {
    return values_.at(static_cast<std::size_t>(&field - model::task_fields().data()));
  }

  tests::TemporaryDirectory directory_;
  base::Path path_ = directory_.path() / "archive.db";
  std::vector<std::string> values_;  // in the order of the table
  model::Task task_;
};

TEST_F(TaskFields, AreStored) {
  const auto stored = store::Reader::open(path_).conversation(task_.id);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->task, task_);
  const auto others = base::JsonDocument::parse(stored->task.other_members);
  ASSERT_TRUE(others);
  for (const TaskField& field : model::task_fields())
    if (std::holds_alternative<std::monostate>(field.member)) {
      EXPECT_EQ(others->root()[field.api_name].text(), value_of(field)) << field.api_name;
    }
}

TEST_F(TaskFields, AppearInShow) {
  const std::string json = run({"show", task_.id.c_str(), "--json"});
  const std::string text = "\n" + run({"show", task_.id.c_str()});
  const auto shown = base::JsonDocument::parse(json);
  ASSERT_TRUE(shown) << json;
  for (const TaskField& field : model::task_fields()) {
    if (field.visibility != model::Visibility::View) continue;
    EXPECT_EQ(shown->root()[view_column(field)].scalar_text(), value_of(field)) << field.api_name;
    EXPECT_NE(text.find("\n" + base::to_lower(field.heading.text) + " "), std::string::npos) << field.api_name << text;
  }
}

TEST_F(TaskFields, AppearInExtract) {
  std::istringstream lines(run(report()));
  std::string line;
  std::getline(lines, line);  // the manifest
  std::getline(lines, line);
  const auto conversation = base::JsonDocument::parse(line);
  ASSERT_TRUE(conversation) << line;
  for (const TaskField& field : model::task_fields())
    if (field.heading.position > 0) {
      EXPECT_EQ(conversation->root()[view_column(field)].scalar_text(), value_of(field)) << field.api_name;
    }
}

TEST_F(TaskFields, AreRedactedInExtract) {
  const std::string extract = run(report("everyone"));
  ASSERT_NE(extract.find(value_of(model::task_fields().front())), std::string::npos) << extract;
  for (const TaskField& field : model::task_fields())
    if (field.personal != model::Personal::No) {
      EXPECT_EQ(extract.find(value_of(field)), std::string::npos) << field.api_name << " in " << extract;
    }
}

}  // namespace
}  // namespace wxcc::cli
