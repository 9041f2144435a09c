// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "model/archived_message.h"
#include "model/task.h"

namespace wxcc::model {

// Stands in place of what a redacted extract leaves out.
inline constexpr std::string_view kRemoved = "[removed]";

// Whose identity an extract hides. All hide numbers and addresses in texts.
enum class RedactionProfile { Customers, Agents, Everyone };
inline constexpr auto kRedactionProfileNames =
    base::enum_names<RedactionProfile>({{RedactionProfile::Customers, "customers"},
                                        {RedactionProfile::Agents, "agents"},
                                        {RedactionProfile::Everyone, "everyone"}});
[[nodiscard]] constexpr std::string_view to_text(RedactionProfile profile) {
  return kRedactionProfileNames.text_of(profile);
}

// Replaces names by pseudonyms ("Customer 4KQ7-M2ZD") that are the same in every extract of an archive and cannot be
// turned back without its key, and removes other identifying values. Names of a conversation's participants
// are replaced in its texts too, in full and word by word. What people write about themselves in other words stays.
class Redactor {
 public:
  Redactor(RedactionProfile profile, std::string key) : profile_(profile), key_(std::move(key)) {}

  void apply(Task& task, std::vector<ArchivedMessage>& messages) const;

 private:
  [[nodiscard]] std::string pseudonym(std::string_view kind, std::string_view identity) const;
  [[nodiscard]] bool hides_customers() const { return profile_ != RedactionProfile::Agents; }
  [[nodiscard]] bool hides_agents() const { return profile_ != RedactionProfile::Customers; }

  RedactionProfile profile_;
  std::string key_;
};

}  // namespace wxcc::model
