// SPDX-License-Identifier: Apache-2.0
#include "base/instant.h"

#include <fmt/format.h>

#include <ctime>

#include "base/text.h"

namespace wxcc::base {
namespace {

namespace ch = std::chrono;

// IMF-fixdate, of RFC 9110; the program never sets a locale, so that the names are English.
constexpr const char* kHttpDate = "%a, %d %b %Y %H:%M:%S GMT";

struct Fields {
  ch::year_month_day date;
  ch::hh_mm_ss<Millis> time;
};

Fields split(Instant instant) {
  const auto day = ch::floor<ch::days>(instant);
  return {ch::year_month_day{day}, ch::hh_mm_ss<Millis>{instant - day}};
}

std::string format_seconds(const Fields& at) {
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(at.date.year()),
                     static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                     at.time.hours().count(), at.time.minutes().count(), at.time.seconds().count());
}

// Takes fixed-width decimal fields and literals off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    const auto value = parse_unsigned(rest_.substr(0, count));
    if (!value) return std::nullopt;
    rest_.remove_prefix(count);
    return static_cast<int>(*value);
  }
  bool literal(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Up to three digits count as milliseconds, further ones are passed over.
  std::optional<int> fraction() {
    int value = 0;
    int scale = 100;
    bool any = false;
    while (!rest_.empty() && is_digit(rest_.front())) {
      value += (rest_.front() - '0') * scale;
      scale /= 10;
      any = true;
      rest_.remove_prefix(1);
    }
    return any ? std::optional<int>(value) : std::nullopt;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

std::optional<Instant> compose(int year, int month, int day, int hour, int minute, int second, int millis) {
  const ch::year_month_day date{ch::year{year}, ch::month{static_cast<unsigned>(month)},
                                ch::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Instant{ch::sys_days{date}} + ch::hours{hour} + ch::minutes{minute} + ch::seconds{second} + Millis{millis};
}

std::optional<ch::minutes> scan_offset(Scanner& in) {
  if (in.at_end() || in.literal('Z') || in.literal('z')) return ch::minutes{0};
  const bool west = in.peek() == '-';
  if (!in.literal('+') && !in.literal('-')) return std::nullopt;
  const auto hours = in.digits(2);
  in.literal(':');
  const auto minutes = in.at_end() ? std::optional<int>(0) : in.digits(2);
  if (!hours || !minutes || *hours > 18 || *minutes > 59) return std::nullopt;
  const ch::minutes offset = ch::hours{*hours} + ch::minutes{*minutes};
  return west ? -offset : offset;
}

}  // namespace

std::string to_iso8601(Instant instant) {
  const Fields at = split(instant);
  return fmt::format("{}.{:03}Z", format_seconds(at), at.time.subseconds().count());
}

std::string to_iso8601_seconds(Instant instant) {
  return format_seconds(split(instant)) + "Z";
}

std::optional<Instant> parse_iso8601(std::string_view text) {
  Scanner in(trim(text));
  const auto year = in.digits(4);
  if (!year || !in.literal('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.literal('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day) return std::nullopt;
  if (in.at_end()) return compose(*year, *month, *day, 0, 0, 0, 0);
  if (!in.literal('T') && !in.literal('t') && !in.literal(' ')) return std::nullopt;
  const auto hour = in.digits(2);
  if (!hour || !in.literal(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute) return std::nullopt;
  int second = 0;
  int millis = 0;
  if (in.literal(':')) {
    const auto seconds = in.digits(2);
    if (!seconds) return std::nullopt;
    second = *seconds;
    if (in.literal('.') || in.literal(',')) {
      const auto fraction = in.fraction();
      if (!fraction) return std::nullopt;
      millis = *fraction;
    }
  }
  const auto offset = scan_offset(in);
  const auto local = compose(*year, *month, *day, *hour, *minute, second, millis);
  if (!offset || !local || !in.at_end()) return std::nullopt;
  return *local - *offset;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  const std::string trimmed(trim(text));
  std::tm at{};
  const char* const end = ::strptime(trimmed.c_str(), kHttpDate, &at);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return compose(at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec, 0);
}

std::string to_http_date(Instant instant) {
  const std::time_t seconds = std::chrono::floor<ch::seconds>(instant).time_since_epoch().count();
  std::tm at{};
  ::gmtime_r(&seconds, &at);
  char text[64];
  return {text, std::strftime(text, sizeof text, kHttpDate, &at)};
}

}  // namespace wxcc::base
