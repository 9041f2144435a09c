// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wxcc::model {

// All functions here are pure.

// ISO/IEC 7812-1, annex B. Digits only.
[[nodiscard]] bool passes_luhn(std::string_view digits);

// ISO 13616: country, check digits and account without blanks, 15 to 34 characters; the check digits by ISO/IEC 7064
// MOD 97-10. Letters of either case.
[[nodiscard]] bool is_iban(std::string_view text);

// The text with e-mail addresses, IBANs, payment card numbers (13 to 19 digits that pass Luhn, also in groups) and
// telephone numbers replaced by [email], [iban], [card] and [phone]. A telephone number begins with + or 0 or a
// bracket, has 8 to 15 digits, and may be grouped by blanks, dots, hyphens, slashes and brackets; ten digits grouped
// 3-3-4 are one too. Dates, times and amounts stay.
[[nodiscard]] std::string mask_pii(std::string_view text);

struct NameMask {
  std::string name;
  std::string replacement;
};

// The text with each of these names, and each of their words of at least three letters, replaced where it stands as a
// word. Case does not count (ASCII).
[[nodiscard]] std::string mask_names(std::string_view text, const std::vector<NameMask>& names);

}  // namespace wxcc::model
