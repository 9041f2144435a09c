// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/cloud/query_error.h"

namespace wxcc::simulator {
namespace {

using graphql::Value;
using Kind = Value::Kind;

constexpr auto kMaxSpan = std::chrono::hours{24} * 365;
constexpr std::int64_t kMinMillis = 100'000'000'000;  // less is an epoch time in seconds
constexpr std::array<std::string_view, 6> kKnown = {"from",   "to",           "timeComparator",
                                                    "filter", "aggregations", "pagination"};
// Documented, and not simulated.
constexpr std::array<std::string_view, 3> kUnsupported = {"extFilter", "aggregation", "aggregationInterval"};

constexpr std::string_view kOpaquePrefix = "page:";

std::optional<std::size_t> page_of(std::string_view cursor, const Options& options) {
  if (cursor.empty() || cursor == "NA" || cursor == "0") return 0;
  std::string text(cursor);
  if (options.opaque_cursors) {
    text = base::from_base64url(cursor).value_or("");
    if (!text.starts_with(kOpaquePrefix)) return std::nullopt;
    text.erase(0, kOpaquePrefix.size());
  }
  const auto page = base::parse_unsigned(text);
  return page && *page <= options.record_cap ? std::optional<std::size_t>(*page) : std::nullopt;
}

class ArgumentParser {
 public:
  ArgumentParser(const graphql::Field& root, const Options& options, base::Instant now)
      : root_(root), options_(options), now_(now) {}

  SearchArguments parse() {
    check_names();
    read_times();
    read_comparator();
    read_page();
    result_.filter = compile_filter(root_.find("filter"));
    read_counts();
    return std::move(result_);
  }

 private:
  [[nodiscard]] QueryError mismatch(std::string_view argument, std::string_view type) const {
    return type_mismatch(root_.name, argument, type);
  }

  void check_names() const {
    const auto is_one_of = [](const auto& names, std::string_view name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const Value& argument : root_.arguments) {
      if (is_one_of(kKnown, argument.name)) continue;
      if (!is_one_of(kUnsupported, argument.name)) throw unknown_argument(root_.name, argument.name);
      if (argument.kind != Kind::Null)
        throw QueryError(fmt::format("Invalid request: the simulator does not support '{}'", argument.name));
    }
  }

  [[nodiscard]] std::int64_t read_long(std::string_view name) const {
    const Value* argument = root_.find(name);
    if (argument == nullptr) throw missing_argument(root_.name, name);
    const bool candidate = argument->kind == Kind::Int || argument->kind == Kind::String;
    const auto number = candidate ? base::parse_integer(argument->text) : std::nullopt;
    if (!number) throw mismatch(name, "Long");
    return *number;
  }

  void read_times() {
    const std::int64_t from = read_long("from");
    const std::int64_t to = read_long("to");
    if (from < 0 || from > to) throw QueryError("Invalid request: from should be less than to");
    result_.epoch_seconds_given = to < kMinMillis;
    if (result_.epoch_seconds_given) return;
    result_.from = base::from_ms(from);
    result_.to = std::min(base::from_ms(to), now_);
    const auto today = std::chrono::floor<std::chrono::days>(now_);
    auto oldest = std::chrono::year_month_day{today} - std::chrono::months{36};
    if (!oldest.ok()) oldest = oldest.year() / oldest.month() / std::chrono::last;
    if (result_.from < std::chrono::sys_days{oldest})
      throw QueryError("Invalid request: from timestamp should not be more than 36 months old");
    if (result_.to - result_.from > kMaxSpan)
      throw QueryError(
          "Invalid request: the difference between from and to timestamp should not be more than 365 days");
  }

  void read_comparator() {
    const Value* argument = root_.find("timeComparator");
    if (argument == nullptr) return;
    const bool is_literal = argument->kind == Kind::Enum || argument->from_variable;
    if (!is_literal || (argument->text != "createdTime" && argument->text != "endedTime"))
      throw mismatch("timeComparator", "QueryTimeType");
    result_.comparator = argument->text == "endedTime" ? TimeComparator::Ended : TimeComparator::Created;
  }

  void read_page() {
    const Value* argument = root_.find("pagination");
    if (argument == nullptr) return;
    if (argument->kind != Kind::Object) throw mismatch("pagination", "Pagination");
    for (const Value& value : argument->items) {
      if (value.name != "cursor") throw mismatch("pagination." + value.name, "Pagination");
      if (value.kind == Kind::Null) continue;
      if (value.kind != Kind::String) throw mismatch("pagination.cursor", "String");
      const auto page = page_of(value.text, options_);
      if (!page) throw QueryError("Invalid request: the cursor is not valid");
      result_.page = *page;
    }
  }

  // aggregations: [{ field: "id", type: count, name: "n", filter: {...} }]
  void read_counts() {
    const Value* aggregations = root_.find("aggregations");
    if (aggregations == nullptr) return;
    if (aggregations->kind != Kind::List) throw mismatch("aggregations", "TaskV2Aggregation");
    for (const Value& aggregation : aggregations->items) {
      const auto text_of = [&](std::string_view name) {
        const Value* member = aggregation.find(name);
        return member == nullptr ? "" : member->text;
      };
      if (text_of("field") != "id" || text_of("type") != "count" || text_of("name").empty())
        throw QueryError(
            R"(Invalid request: the simulator supports no aggregation but { field: "id", type: count, name: "..." })");
      result_.counts.push_back({text_of("name"), compile_filter(aggregation.find("filter"))});
    }
  }

  const graphql::Field& root_;
  const Options& options_;
  base::Instant now_;
  SearchArguments result_;
};

}  // namespace

SearchArguments read_arguments(const graphql::Field& root, const Options& options, base::Instant now) {
  return ArgumentParser(root, options, now).parse();
}

std::string cursor_of(std::size_t page, const Options& options) {
  const std::string number = std::to_string(page);
  return options.opaque_cursors ? base::to_base64url(std::string(kOpaquePrefix) + number) : number;
}

}  // namespace wxcc::simulator
