// SPDX-License-Identifier: Apache-2.0
#include "model/redaction.h"

#include "base/digest.h"
#include "base/text.h"
#include "model/conversation_metrics.h"
#include "model/masking.h"

namespace wxcc::model {
namespace {

void remove(std::string& text) {
  if (!text.empty()) text = kRemoved;
}

std::string customer_identity(const Task& task) {
  for (const std::string* known : {&task.customer.email, &task.customer.phone, &task.customer.name})
    if (!known->empty()) return base::to_lower(*known);
  return {};
}

void add_name(std::vector<NameMask>& names, const std::string& name, const std::string& replacement) {
  if (!name.empty()) names.push_back({name, replacement});
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
  if (hides_customers()) {
    add_name(names, task.customer.name, customer);
    if (!task.customer.name.empty()) task.customer.name = customer;
    for (std::string* trace : {&task.customer.email, &task.customer.phone, &task.origin, &task.destination})
      remove(*trace);
  }
  if (hides_agents() && !task.agent.name.empty()) {
    const std::string agent = pseudonym("Agent", task.agent.name);
    add_name(names, task.agent.name, agent);
    task.agent.name = agent;
  }
  for (ArchivedMessage& message : messages) {
    const Side side = side_of(message);
    const bool hidden = side == Side::Customer ? hides_customers() : side == Side::Agent && hides_agents();
    if (!hidden) continue;
    const std::string& name = message.participant_name;
    std::string replacement = side == Side::Agent ? pseudonym("Agent", name) : customer;
    if (side == Side::Customer && replacement.empty()) replacement = pseudonym("Customer", name);
    add_name(names, name, replacement);
    if (!name.empty()) message.participant_name = replacement;
    remove(message.participant_user_id);
    remove(message.alias_id);
  }
  for (ArchivedMessage& message : messages) message.text = mask_names(mask_pii(message.text), names);
}

}  // namespace wxcc::model
