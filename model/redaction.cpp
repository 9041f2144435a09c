// SPDX-License-Identifier: Apache-2.0
#include "model/redaction.h"

#include "base/digest.h"
#include "base/text.h"
#include "model/conversation_metrics.h"
#include "model/masking.h"
#include "model/task_fields.h"

namespace wxcc::model {
namespace {

void remove(std::string& text) {
  if (!text.empty()) text = kRemoved;
}

std::string customer_identity(const Task& task) {
  for (const std::string* known : {&task.customer.email, &task.customer.phone, &task.customer.name})
    if (!known->empty()) return *known;
  return {};
}

// Puts the replacement in the place of the name, and remembers it for the texts.
void replace(std::string& name, const std::string& replacement, std::vector<NameMask>& names) {
  if (name.empty()) return;
  names.push_back({name, replacement});
  name = replacement;
}

}  // namespace

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

void Redactor::apply(Task& task, std::vector<ArchivedMessage>& messages) const {
  std::vector<NameMask> names;
  const std::string identity = customer_identity(task);
  std::string customer = identity.empty() ? std::string() : pseudonym("Customer", identity);
  for (const TaskField& field : task_fields()) {
    if (field.personal == Personal::No) continue;
    const bool is_agent = field.personal == Personal::AgentName;
    if (!(is_agent ? hides_agents() : hides_customers())) continue;
    visit_member(field, task, [&](auto& value) {
      using Value = std::remove_reference_t<decltype(value)>;
      if constexpr (std::is_same_v<Value, NamedEntity>) {
        replace(value.name, is_agent ? pseudonym("Agent", value.name) : customer, names);
        remove(value.id);
      } else if constexpr (std::is_same_v<Value, std::string>) {
        if (field.personal == Personal::CustomerContact)
          remove(value);
        else
          replace(value, is_agent ? pseudonym("Agent", value) : customer, names);
      } else {
        value = {};
      }
    });
  }
  task.other_members.clear();  // may hold anything
  for (ArchivedMessage& message : messages) {
    const Side side = side_of(message);
    const bool hidden = side == Side::Customer ? hides_customers() : side == Side::Agent && hides_agents();
    if (!hidden) continue;
    std::string& name = message.participant_name;
    std::string replacement = side == Side::Agent ? pseudonym("Agent", name) : customer;
    if (side == Side::Customer && replacement.empty()) replacement = pseudonym("Customer", name);
    replace(name, replacement, names);
    remove(message.participant_user_id);
    remove(message.alias_id);
  }
  for (ArchivedMessage& message : messages) message.text = mask_names(mask_pii(message.text), names);
}

}  // namespace wxcc::model
