// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/cloud/graphql_errors.h"

namespace wxcc::simulator {
namespace {

using graphql::Value;
using Kind = Value::Kind;

constexpr auto kMaxSpan = std::chrono::hours{24} * 365;
constexpr auto kMaxActivitySpan = std::chrono::hours{24} * 30;
constexpr std::int64_t kSmallestMillis = 100'000'000'000;  // below, an epoch time is taken to be one in seconds
constexpr std::array<std::string_view, 8> kKnown = {"from",      "to",           "timeComparator",      "filter",
                                                    "extFilter", "aggregations", "aggregationInterval", "pagination"};

const Value* find(const graphql::Field& field, std::string_view name) {
  for (const auto& argument : field.arguments)
    if (argument.name == name && argument.value.kind != Kind::Null) return &argument.value;
  return nullptr;
}

std::string opaque(std::size_t page, std::uint64_t seed) {
  const std::string text = fmt::format("page:{}", page);
  return base::to_base64url(text + base::to_hex(base::hmac_sha256(std::to_string(seed), text)).substr(0, 8));
}

std::optional<std::size_t> page_of(std::string_view cursor, const Options& options) {
  if (cursor.empty() || cursor == "NA" || cursor == "0") return 0;
  if (options.cursors == CursorStyle::PageNumber) {
    const auto number = base::parse_unsigned(cursor);
    return number && *number <= options.record_cap ? std::optional<std::size_t>(*number) : std::nullopt;
  }
  const std::size_t last = options.record_cap / std::max<std::size_t>(1, options.page_size) + 1;
  for (std::size_t page = 1; page <= last; ++page)
    if (opaque(page, options.seed) == cursor) return page;
  return std::nullopt;
}

class Reader {
 public:
  Reader(const graphql::Field& root, const Options& options, base::Instant now)
      : root_(root), options_(options), now_(now) {}

  base::Expected<SearchArguments, std::string> read(const Selection& selection) {
    if (auto problem = check_names()) return base::make_unexpected(*problem);
    if (auto problem = read_times(selection)) return base::make_unexpected(*problem);
    if (auto problem = read_comparator()) return base::make_unexpected(*problem);
    if (auto problem = read_page()) return base::make_unexpected(*problem);
    const Value* filter = find(root_, "filter");
    auto compiled = compile_filter(filter == nullptr ? Value{} : *filter);
    if (!compiled) return base::make_unexpected(compiled.error());
    result_.filter = std::move(*compiled);
    return std::move(result_);
  }

 private:
  using Problem = std::optional<std::string>;

  Problem check_names() const {
    for (const auto& argument : root_.arguments) {
      if (std::find(kKnown.begin(), kKnown.end(), argument.name) == kKnown.end())
        return unknown_argument(root_.name, argument.name);
      const bool beyond = argument.name == "extFilter" || argument.name.starts_with("aggregation");
      if (beyond && argument.value.kind != Kind::Null &&
          !(argument.value.kind == Kind::List && argument.value.items.empty()))
        return fmt::format("Invalid request: this stand-in does not do '{}'", argument.name);
    }
    return std::nullopt;
  }

  Problem read_long(std::string_view name, std::int64_t& value) const {
    const Value* argument = find(root_, name);
    if (argument == nullptr) return missing_argument(root_.name, name);
    const bool candidate = argument->kind == Kind::Int || argument->kind == Kind::String;
    const auto number = candidate ? base::parse_integer(argument->text) : std::nullopt;
    if (!number) return wrong_type(root_.name, name, "Long");
    value = *number;
    return std::nullopt;
  }

  Problem read_times(const Selection& selection) {
    std::int64_t from = 0;
    std::int64_t to = 0;
    if (auto problem = read_long("from", from)) return problem;
    if (auto problem = read_long("to", to)) return problem;
    if (from < 0 || from > to) return "Invalid request: from should be less than to";
    if (to < kSmallestMillis) {
      result_.epoch_seconds_given = true;
      return std::nullopt;
    }
    result_.from = base::from_ms(from);
    result_.to = std::min(base::from_ms(to), now_);
    const auto today = std::chrono::floor<std::chrono::days>(now_);
    auto oldest = std::chrono::year_month_day{today} - std::chrono::months{36};
    if (!oldest.ok()) oldest = oldest.year() / oldest.month() / std::chrono::last;
    if (result_.from < std::chrono::sys_days{oldest})
      return "Invalid request: from timestamp should not be more than 36 months old";
    if (result_.to - result_.from > kMaxSpan)
      return "Invalid request: the difference between from and to timestamp should not be more than 365 days";
    if (selection.has_activities && result_.to - result_.from > kMaxActivitySpan)
      return "Invalid request: the difference between from and to timestamp should not be more than 30 days with "
             "activities";
    return std::nullopt;
  }

  Problem read_comparator() {
    const Value* argument = find(root_, "timeComparator");
    if (argument == nullptr) return std::nullopt;
    const bool literal = argument->kind == Kind::Enum || argument->from_variable;
    if (!literal || (argument->text != "createdTime" && argument->text != "endedTime"))
      return wrong_type(root_.name, "timeComparator", "QueryTimeType");
    result_.comparator = argument->text == "endedTime" ? TimeComparator::Ended : TimeComparator::Created;
    return std::nullopt;
  }

  Problem read_page() {
    const Value* argument = find(root_, "pagination");
    if (argument == nullptr) return std::nullopt;
    if (argument->kind != Kind::Object) return wrong_type(root_.name, "pagination", "Pagination");
    for (const Value& value : argument->members) {
      const std::string& name = value.name;
      if (name != "cursor")
        return fmt::format(
            "Validation error (WrongType@[{}]) : argument 'pagination' contains a field not in 'Pagination': '{}'",
            root_.name, name);
      if (value.kind == Kind::Null) continue;
      if (value.kind != Kind::String) return wrong_type(root_.name, "pagination.cursor", "String");
      const auto page = page_of(value.text, options_);
      if (!page) return "Invalid request: the cursor is not valid";
      result_.page = *page;
    }
    return std::nullopt;
  }

  const graphql::Field& root_;
  const Options& options_;
  base::Instant now_;
  SearchArguments result_;
};

}  // namespace

base::Expected<SearchArguments, std::string> read_arguments(const graphql::Field& root, const Selection& selection,
                                                            const Options& options, base::Instant now) {
  return Reader(root, options, now).read(selection);
}

std::string cursor_of(std::size_t page, const Options& options) {
  return options.cursors == CursorStyle::PageNumber ? std::to_string(page) : opaque(page, options.seed);
}

}  // namespace wxcc::simulator
