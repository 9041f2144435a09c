// SPDX-License-Identifier: Apache-2.0
#include "report/redaction.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "report/conversation_facts.h"
#include "report/private_numbers.h"

namespace wxcc::report {
namespace {

constexpr std::string_view kRemoved = "[removed]";
constexpr std::size_t kShortestWord = 3;

struct ProfileName {
  RedactionProfile profile;
  std::string_view name;
};
constexpr std::array kProfiles = {ProfileName{RedactionProfile::Customers, "customers"},
                                  ProfileName{RedactionProfile::Agents, "agents"},
                                  ProfileName{RedactionProfile::Everyone, "everyone"}};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// All names and their words, in lower case, longest first, so that a full name becomes one pseudonym.
std::vector<NameToHide> words_of(const std::vector<NameToHide>& names) {
  std::vector<NameToHide> result;
  for (const NameToHide& name : names) {
    const std::string low = base::to_lower(base::trim(name.name));
    if (!low.empty()) result.push_back({low, name.instead});
    for (std::size_t at = 0; at < low.size();) {
      std::size_t end = at;
      while (end < low.size() && is_word(low[end])) ++end;
      if (end - at >= kShortestWord) result.push_back({low.substr(at, end - at), name.instead});
      at = end + 1;
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const NameToHide& a, const NameToHide& b) { return a.name.size() > b.name.size(); });
  return result;
}

void remove(std::string& text) {
  if (!text.empty()) text = kRemoved;
}

std::string customer_identity(const store::StoredTask& row) {
  for (const std::string* known : {&row.task.customer.email, &row.task.customer.phone, &row.task.customer.name})
    if (!known->empty()) return base::to_lower(*known);
  return {};
}

void add_name(std::vector<NameToHide>& names, const std::string& name, const std::string& instead) {
  if (!name.empty()) names.push_back({name, instead});
}

}  // namespace

std::string_view to_text(RedactionProfile profile) {
  for (const ProfileName& known : kProfiles)
    if (known.profile == profile) return known.name;
  return "";
}

std::optional<RedactionProfile> parse_redaction_profile(std::string_view name) {
  for (const ProfileName& known : kProfiles)
    if (known.name == name) return known.profile;
  return std::nullopt;
}

std::string hide_names(std::string_view text, const std::vector<NameToHide>& names) {
  const std::vector<NameToHide> words = words_of(names);
  if (words.empty()) return std::string(text);
  const std::string low = base::to_lower(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const auto here = [&](const NameToHide& word) {
      const std::size_t end = at + word.name.size();
      return low.compare(at, word.name.size(), word.name) == 0 && (end == low.size() || !is_word(low[end]));
    };
    const auto found = begins ? std::find_if(words.begin(), words.end(), here) : words.end();
    if (found == words.end()) {
      result += text[at++];
    } else {
      result += found->instead;
      at += found->name.size();
    }
  }
  return result;
}

// Forty bits: even among a hundred thousand people two hardly ever share one.
std::string Redactor::pseudonym(std::string_view kind, std::string_view identity) const {
  constexpr std::string_view kLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const base::Sha256 digest = base::hmac_sha256(key_, std::string(kind) + '\0' + base::to_lower(identity));
  std::string name = std::string(kind) + " ";
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == 4) name += '-';
    name += kLetters[digest[i] % kLetters.size()];
  }
  return name;
}

void Redactor::apply(store::StoredTask& row, std::vector<store::MessageRow>& messages) const {
  std::vector<NameToHide> names;
  const std::string identity = customer_identity(row);
  std::string customer = identity.empty() ? std::string() : pseudonym("Customer", identity);
  if (hides_customers()) {
    add_name(names, row.task.customer.name, customer);
    if (!row.task.customer.name.empty()) row.task.customer.name = customer;
    for (std::string* trace :
         {&row.task.customer.email, &row.task.customer.phone, &row.task.origin, &row.task.destination})
      remove(*trace);
  }
  if (hides_agents() && !row.task.agent.name.empty()) {
    const std::string agent = pseudonym("Agent", row.task.agent.name);
    add_name(names, row.task.agent.name, agent);
    row.task.agent.name = agent;
  }
  for (store::MessageRow& message : messages) {
    const Side side = side_of(message);
    const bool hidden = side == Side::Customer ? hides_customers() : side == Side::Agent && hides_agents();
    if (!hidden) continue;
    const std::string& name = message.participant_name;
    std::string instead = side == Side::Agent ? pseudonym("Agent", name) : customer;
    if (side == Side::Customer && instead.empty()) instead = pseudonym("Customer", name);
    add_name(names, name, instead);
    if (!name.empty()) message.participant_name = instead;
    remove(message.participant_user_id);
    remove(message.alias_id);
  }
  for (store::MessageRow& message : messages) message.text = hide_names(mask_private_numbers(message.text), names);
}

}  // namespace wxcc::report
