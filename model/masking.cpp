// SPDX-License-Identifier: Apache-2.0
#include "model/masking.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace wxcc::model {
namespace {

// Longer ones are none (RFC 5321 4.5.3.1; ITU-T E.164), and the limits make the time linear in the length of the text.
constexpr std::size_t kMaxLocalPartLength = 64;
constexpr std::size_t kMaxDomainLength = 255;
constexpr std::size_t kMaxPhoneDigits = 15;
constexpr std::size_t kMinWordLength = 3;

using base::is_digit;
using base::is_letter;

bool is_name_character(char c) {
  return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}
// What may adjoin a number without being a part of it; characters beyond ASCII belong to words.
bool is_word(char c) {
  return is_name_character(c) || c == '_';
}
bool is_local_part(char c) {
  return is_word(c) || std::string_view(".!#$%&'*+/=?^`{|}~-").find(c) != std::string_view::npos;
}
bool is_domain(char c) {
  return is_word(c) || c == '.' || c == '-';
}

struct Found {
  std::size_t length;
  std::string_view mask;
};

// An e-mail address that begins here: something, an @, and a domain with a dot.
std::optional<Found> email_at(std::string_view rest) {
  const std::string_view beginning = rest.substr(0, kMaxLocalPartLength + 1);
  const auto at =
      static_cast<std::size_t>(std::find_if_not(beginning.begin(), beginning.end(), is_local_part) - beginning.begin());
  if (at == 0 || at >= rest.size() || rest[at] != '@') return std::nullopt;
  std::size_t end = at + 1;
  while (end < rest.size() && end < at + kMaxDomainLength && is_domain(rest[end])) ++end;
  while (end > at + 1 && !is_word(rest[end - 1])) --end;
  const std::string_view domain = rest.substr(at + 1, end - at - 1);
  if (domain.find('.') == std::string_view::npos || domain.front() == '.') return std::nullopt;
  return Found{end, "[email]"};
}

// The account number that begins here, in one piece or in groups with single blanks.
std::optional<Found> iban_at(std::string_view rest) {
  if (rest.size() < 15 || !is_letter(rest[0]) || !is_letter(rest[1]) || !is_digit(rest[2]) || !is_digit(rest[3]))
    return std::nullopt;
  std::string compact;
  std::optional<Found> best;
  for (std::size_t i = 0; i < rest.size() && compact.size() < 34; ++i) {
    if (rest[i] == ' ' && i + 1 < rest.size() && rest[i + 1] != ' ') continue;
    if (!is_digit(rest[i]) && !is_letter(rest[i])) break;
    compact += rest[i];
    const bool ends = i + 1 == rest.size() || !is_word(rest[i + 1]);
    if (ends && is_iban(compact)) best = Found{i + 1, "[iban]"};
  }
  return best;
}

// The digits that begin here, in groups of at least two that single separators divide.
struct Groups {
  std::string digits;
  std::string shape;       // "3-3-4"
  std::size_t length = 0;  // in the text
  bool with_prefix = false;
};

bool separates(std::string_view rest, std::size_t at, std::size_t width) {
  return at + width < rest.size() && (is_digit(rest[at + width]) || rest[at + width] == '(');
}

// How many characters from here divide two groups of digits; 0: none do.
std::size_t separator_at(std::string_view rest, std::size_t at, std::string_view separators) {
  if (at >= rest.size() || separators.find(rest[at]) == std::string_view::npos) return 0;
  for (const std::size_t width : {std::size_t{1}, std::size_t{2}}) {
    if (separates(rest, at, width)) return width;
    if (at + width >= rest.size() || separators.find(rest[at + width]) == std::string_view::npos) return 0;
  }
  return 0;
}

Groups groups_at(std::string_view rest, std::string_view separators) {
  Groups groups;
  std::size_t at = 0;
  while (at < rest.size() && (rest[at] == '+' || rest[at] == '(') && at < 2) ++at;
  groups.with_prefix = at > 0;
  std::size_t run = 0;
  while (at < rest.size() && groups.digits.size() <= kMaxPhoneDigits) {
    if (is_digit(rest[at]) || (rest[at] == '(' && !groups.digits.empty())) {
      if (is_digit(rest[at])) {
        groups.digits += rest[at];
        ++run;
        groups.length = at + 1;
      }
      ++at;
      continue;
    }
    const std::size_t width = groups.digits.empty() ? 0 : separator_at(rest, at, separators);
    if (width == 0) break;
    groups.shape += std::to_string(run) + "-";
    run = 0;
    at += width;
  }
  groups.shape += std::to_string(run);
  return groups;
}

bool ends_word(std::string_view rest, std::size_t length) {
  return length >= rest.size() || !is_word(rest[length]);
}

// A run of digits may be followed by a further number that is none of it ("4111... 2026"): shorter ones count too.
std::optional<Found> card_at(std::string_view rest) {
  if (!is_digit(rest[0])) return std::nullopt;
  std::string digits;
  std::optional<Found> best;
  for (std::size_t at = 0; at < rest.size() && digits.size() < 19;) {
    if (is_digit(rest[at])) {
      digits += rest[at++];
      if (digits.size() >= 13 && ends_word(rest, at) && passes_luhn(digits)) best = Found{at, "[card]"};
    } else {
      const std::size_t width = separator_at(rest, at, " -.");
      if (width == 0) break;
      at += width;
    }
  }
  return best;
}

// "2026-10-25", "25-10-2026", "25.10.2026" and what follows them.
bool is_date(std::string_view shape) {
  return shape.starts_with("4-2-2") || shape.starts_with("2-2-4") || shape.starts_with("1-2-4") ||
         shape.starts_with("2-1-4") || shape.starts_with("1-1-4");
}

std::optional<Found> phone_at(std::string_view rest) {
  const Groups groups = groups_at(rest, " -./()");
  const std::size_t count = groups.digits.size();
  if (count < 8 || count > kMaxPhoneDigits || !ends_word(rest, groups.length)) return std::nullopt;
  const bool dialled = groups.with_prefix || groups.digits[0] == '0';
  const bool american = groups.shape == "3-3-4" || groups.shape == "1-3-3-4";
  if (!dialled && !american) return std::nullopt;
  if (!groups.with_prefix && is_date(groups.shape)) return std::nullopt;
  return Found{groups.length, "[phone]"};
}

std::optional<Found> number_at(std::string_view rest) {
  if (is_local_part(rest[0]))
    if (auto found = email_at(rest)) return found;
  if (is_letter(rest[0])) return iban_at(rest);
  if (!is_digit(rest[0]) && rest[0] != '+' && rest[0] != '(') return std::nullopt;
  if (auto found = card_at(rest)) return found;
  return phone_at(rest);
}

// All names and their words, in lower case, longest first, so that a full name becomes one pseudonym.
std::vector<NameMask> words_of(const std::vector<NameMask>& names) {
  std::vector<NameMask> result;
  for (const NameMask& name : names) {
    const std::string low = base::to_lower(base::trim(name.name));
    if (!low.empty()) result.push_back({low, name.replacement});
    for (std::size_t at = 0; at < low.size();) {
      std::size_t end = at;
      while (end < low.size() && is_name_character(low[end])) ++end;
      if (end - at >= kMinWordLength) result.push_back({low.substr(at, end - at), name.replacement});
      at = end + 1;
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const NameMask& a, const NameMask& b) { return a.name.size() > b.name.size(); });
  return result;
}

}  // namespace

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    if (!is_digit(*digit)) return false;
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return !digits.empty() && sum % 10 == 0;
}

bool is_iban(std::string_view text) {
  if (text.size() < 15 || text.size() > 34) return false;
  if (!is_letter(text[0]) || !is_letter(text[1]) || !is_digit(text[2]) || !is_digit(text[3])) return false;
  const std::string moved = base::to_lower(std::string(text.substr(4)) + std::string(text.substr(0, 4)));
  int remainder = 0;
  for (const char c : moved) {
    if (!is_digit(c) && !is_letter(c)) return false;
    const int value = is_digit(c) ? c - '0' : c - 'a' + 10;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1;
}

std::string mask_pii(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // Numbers and addresses begin where a word begins.
    const bool begins = at == 0 || !is_word(text[at - 1]) || text[at] == '+' || text[at] == '(';
    const auto found = begins ? number_at(text.substr(at)) : std::nullopt;
    if (found) {
      result += found->mask;
      at += found->length;
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::string mask_names(std::string_view text, const std::vector<NameMask>& names) {
  const std::vector<NameMask> words = words_of(names);
  if (words.empty()) return std::string(text);
  const std::string low = base::to_lower(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = at == 0 || !is_name_character(text[at - 1]);
    const auto here = [&](const NameMask& word) {
      const std::size_t end = at + word.name.size();
      return low.compare(at, word.name.size(), word.name) == 0 && (end == low.size() || !is_name_character(low[end]));
    };
    const auto found = begins ? std::find_if(words.begin(), words.end(), here) : words.end();
    if (found == words.end()) {
      result += text[at++];
    } else {
      result += found->replacement;
      at += found->name.size();
    }
  }
  return result;
}

}  // namespace wxcc::model
