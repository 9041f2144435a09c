// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/reader.h"

namespace wxcc::report {

// Whose identity an extract hides. All hide numbers and addresses in texts.
enum class RedactionProfile { Customers, Agents, Everyone };
std::string_view to_text(RedactionProfile profile);
std::optional<RedactionProfile> parse_redaction_profile(std::string_view name);

// Replaces names by pseudonyms ("Customer 4KQ7-M2ZD") that are the same in every extract of an archive and cannot be
// turned back without its key, and takes out what else tells who somebody is. Names of a conversation's participants
// are replaced in its texts too, in full and word by word. What somebody writes about himself in other words stays.
class Redactor {
 public:
  Redactor(RedactionProfile profile, std::string key) : profile_(profile), key_(std::move(key)) {}

  void apply(store::StoredTask& row, std::vector<store::MessageRow>& messages) const;

 private:
  [[nodiscard]] std::string pseudonym(std::string_view kind, std::string_view identity) const;
  [[nodiscard]] bool hides_customers() const { return profile_ != RedactionProfile::Agents; }
  [[nodiscard]] bool hides_agents() const { return profile_ != RedactionProfile::Customers; }

  RedactionProfile profile_;
  std::string key_;
};

// The text with every one of these names, and each of their words of at least three letters, replaced where it stands
// as a word. Case does not count (ASCII). Pure.
struct NameToHide {
  std::string name;
  std::string instead;
};
std::string hide_names(std::string_view text, const std::vector<NameToHide>& names);

}  // namespace wxcc::report
