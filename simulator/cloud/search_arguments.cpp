// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/cloud/search_errors.h"

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

class ArgumentParser {
 public:
  ArgumentParser(const graphql::Field& root, const Options& options, base::Instant now)
      : root_(root), options_(options), now_(now) {}

  base::Expected<SearchArguments, std::string> parse() {
    for (const auto read : {&ArgumentParser::check_names, &ArgumentParser::read_times, &ArgumentParser::read_comparator,
                            &ArgumentParser::read_page, &ArgumentParser::read_filter, &ArgumentParser::read_counts})
      if (auto problem = (this->*read)()) return base::make_unexpected(std::move(*problem));
    return std::move(result_);
  }

 private:
  using Problem = std::optional<std::string>;

  static bool is_one_of(const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  [[nodiscard]] std::string wrong(std::string_view argument, std::string_view type) const {
    return wrong_type(root_.name, argument, type);
  }

  Problem check_names() {
    for (const Value& argument : root_.arguments) {
      if (is_one_of(kKnown, argument.name)) continue;
      if (!is_one_of(kUnsupported, argument.name)) return unknown_argument(root_.name, argument.name);
      if (argument.kind != Kind::Null)
        return fmt::format("Invalid request: the simulator does not support '{}'", argument.name);
    }
    return std::nullopt;
  }

  Problem read_long(std::string_view name, std::int64_t& value) const {
    const Value* argument = root_.find(name);
    if (argument == nullptr) return missing_argument(root_.name, name);
    const bool candidate = argument->kind == Kind::Int || argument->kind == Kind::String;
    const auto number = candidate ? base::parse_integer(argument->text) : std::nullopt;
    if (!number) return wrong(name, "Long");
    value = *number;
    return std::nullopt;
  }

  Problem read_times() {
    std::int64_t from = 0;
    std::int64_t to = 0;
    if (auto problem = read_long("from", from)) return problem;
    if (auto problem = read_long("to", to)) return problem;
    if (from < 0 || from > to) return "Invalid request: from should be less than to";
    if (to < kMinMillis) {
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
    return std::nullopt;
  }

  Problem read_comparator() {
    const Value* argument = root_.find("timeComparator");
    if (argument == nullptr) return std::nullopt;
    const bool literal = argument->kind == Kind::Enum || argument->from_variable;
    if (!literal || (argument->text != "createdTime" && argument->text != "endedTime"))
      return wrong("timeComparator", "QueryTimeType");
    result_.comparator = argument->text == "endedTime" ? TimeComparator::Ended : TimeComparator::Created;
    return std::nullopt;
  }

  Problem read_page() {
    const Value* argument = root_.find("pagination");
    if (argument == nullptr) return std::nullopt;
    if (argument->kind != Kind::Object) return wrong("pagination", "Pagination");
    for (const Value& value : argument->items) {
      if (value.name != "cursor") return wrong("pagination." + value.name, "Pagination");
      if (value.kind == Kind::Null) continue;
      if (value.kind != Kind::String) return wrong("pagination.cursor", "String");
      const auto page = page_of(value.text, options_);
      if (!page) return "Invalid request: the cursor is not valid";
      result_.page = *page;
    }
    return std::nullopt;
  }

  Problem read_filter() {
    const Value* filter = root_.find("filter");
    auto compiled = compile_filter(filter == nullptr ? Value{} : *filter);
    if (!compiled) return compiled.error();
    result_.filter = std::move(*compiled);
    return std::nullopt;
  }

  // aggregations: [{ field: "id", type: count, name: "n", filter: {...} }]
  Problem read_counts() {
    const Value* aggregations = root_.find("aggregations");
    if (aggregations == nullptr) return std::nullopt;
    if (aggregations->kind != Kind::List) return wrong("aggregations", "TaskV2Aggregation");
    for (const Value& aggregation : aggregations->items) {
      Count count;
      Value filter;
      bool is_count = false;
      for (const Value& member : aggregation.items) {
        if (member.name == "name") count.name = member.text;
        if (member.name == "filter") filter = member;
        if (member.name == "type") is_count = member.text == "count";
        if (member.name == "field" && member.text != "id") is_count = false;
      }
      if (!is_count || count.name.empty())
        return R"(Invalid request: the simulator supports no aggregation but { field: "id", type: count, name: "..." })";
      auto compiled = compile_filter(filter);
      if (!compiled) return compiled.error();
      count.filter = std::move(*compiled);
      result_.counts.push_back(std::move(count));
    }
    return std::nullopt;
  }

  const graphql::Field& root_;
  const Options& options_;
  base::Instant now_;
  SearchArguments result_;
};

}  // namespace

base::Expected<SearchArguments, std::string> read_arguments(const graphql::Field& root, const Options& options,
                                                            base::Instant now) {
  return ArgumentParser(root, options, now).parse();
}

std::string cursor_of(std::size_t page, const Options& options) {
  return options.cursors == CursorStyle::PageNumber ? std::to_string(page) : opaque(page, options.seed);
}

}  // namespace wxcc::simulator
