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

using graphql::Field;
using graphql::Value;
using Kind = Value::Kind;

constexpr auto kMaxSpan = std::chrono::hours{24} * 365;
constexpr std::int64_t kMinEpochMillis = 100'000'000'000;  // less is an epoch time in seconds
constexpr std::array<std::string_view, 6> kKnownArguments = {"from",   "to",           "timeComparator",
                                                             "filter", "aggregations", "pagination"};
// Documented but not simulated.
constexpr std::array<std::string_view, 3> kUnsupportedArguments = {"extFilter", "aggregation", "aggregationInterval"};

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

void check_names(const Field& root) {
  const auto is_one_of = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const Value& argument : root.arguments) {
    if (is_one_of(kKnownArguments, argument.name)) continue;
    if (!is_one_of(kUnsupportedArguments, argument.name)) throw unknown_argument(root.name, argument.name);
    if (argument.kind != Kind::Null)
      throw QueryError(fmt::format("Invalid request: the simulator does not support '{}'", argument.name));
  }
}

std::int64_t read_long(const Field& root, std::string_view name) {
  const Value* argument = root.find(name);
  if (argument == nullptr) throw missing_argument(root.name, name);
  const bool candidate = argument->kind == Kind::Int || argument->kind == Kind::String;
  const auto number = candidate ? base::parse_integer(argument->text) : std::nullopt;
  if (!number) throw type_mismatch(root.name, name, "Long");
  return *number;
}

void read_times(const Field& root, base::Instant now, SearchArguments& result) {
  const std::int64_t from = read_long(root, "from");
  const std::int64_t to = read_long(root, "to");
  if (from < 0 || from > to) throw QueryError("Invalid request: from should be less than to");
  result.epoch_seconds_given = to < kMinEpochMillis;
  if (result.epoch_seconds_given) return;
  result.from = base::from_ms(from);
  result.to = std::min(base::from_ms(to), now);
  const auto today = std::chrono::floor<std::chrono::days>(now);
  auto oldest = std::chrono::year_month_day{today} - std::chrono::months{36};
  if (!oldest.ok()) oldest = oldest.year() / oldest.month() / std::chrono::last;
  if (result.from < std::chrono::sys_days{oldest})
    throw QueryError("Invalid request: from timestamp should not be more than 36 months old");
  if (result.to - result.from > kMaxSpan)
    throw QueryError("Invalid request: the difference between from and to timestamp should not be more than 365 days");
}

TimeComparator read_comparator(const Field& root) {
  const Value* argument = root.find("timeComparator");
  if (argument == nullptr) return TimeComparator::Created;
  const bool is_literal = argument->kind == Kind::Enum || argument->from_variable;
  if (!is_literal || (argument->text != "createdTime" && argument->text != "endedTime"))
    throw type_mismatch(root.name, "timeComparator", "QueryTimeType");
  return argument->text == "endedTime" ? TimeComparator::Ended : TimeComparator::Created;
}

std::size_t read_page(const Field& root, const Options& options) {
  const Value* argument = root.find("pagination");
  if (argument == nullptr) return 0;
  std::size_t result = 0;
  if (argument->kind != Kind::Object) throw type_mismatch(root.name, "pagination", "Pagination");
  for (const Value& value : argument->items) {
    if (value.name != "cursor") throw type_mismatch(root.name, "pagination." + value.name, "Pagination");
    if (value.kind == Kind::Null) continue;
    if (value.kind != Kind::String) throw type_mismatch(root.name, "pagination.cursor", "String");
    const auto page = page_of(value.text, options);
    if (!page) throw QueryError("Invalid request: the cursor is not valid");
    result = *page;
  }
  return result;
}

// aggregations: [{ field: "id", type: count, name: "n", filter: {...} }]
std::vector<Count> read_counts(const Field& root) {
  const Value* aggregations = root.find("aggregations");
  std::vector<Count> result;
  if (aggregations == nullptr) return result;
  if (aggregations->kind != Kind::List) throw type_mismatch(root.name, "aggregations", "TaskV2Aggregation");
  for (const Value& aggregation : aggregations->items) {
    const auto text_of = [&](std::string_view name) {
      const Value* member = aggregation.find(name);
      return member == nullptr ? "" : member->text;
    };
    if (text_of("field") != "id" || text_of("type") != "count" || text_of("name").empty())
      throw QueryError(
          R"(Invalid request: the simulator supports no aggregation but { field: "id", type: count, name: "..." })");
    result.push_back({text_of("name"), compile_filter(aggregation.find("filter"))});
  }
  return result;
}

}  // namespace

SearchArguments read_arguments(const Field& root, const Options& options, base::Instant now) {
  SearchArguments result;
  check_names(root);
  read_times(root, now, result);
  result.comparator = read_comparator(root);
  result.page = read_page(root, options);
  result.filter = compile_filter(root.find("filter"));
  result.counts = read_counts(root);
  return result;
}

std::string cursor_of(std::size_t page, const Options& options) {
  const std::string number = std::to_string(page);
  return options.opaque_cursors ? base::to_base64url(std::string(kOpaquePrefix) + number) : number;
}

}  // namespace wxcc::simulator
