// SPDX-License-Identifier: Apache-2.0
#include "report/filter_description.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wxcc::report {
namespace {

using Values = std::vector<std::string>;

Values names_of(const std::vector<model::TranscriptState>& states) {
  Values names;
  for (const model::TranscriptState state : states) names.emplace_back(model::to_text(state));
  return names;
}

Values removed_if(bool removed, const Values& values) {
  return removed && !values.empty() ? Values{std::string(model::kRemoved)} : values;
}

}  // namespace

std::vector<FilterCondition> describe_filter(const store::ConversationFilter& filter,
                                             const std::optional<model::RedactionProfile>& redact) {
  const bool names_agents = redact && *redact != model::RedactionProfile::Customers;
  const bool names_customers = redact.has_value();
  const Values text = filter.text.empty() ? Values{} : Values{filter.text};
  return {{"queues", "Queue", true, filter.queues},
          {"teams", "Team", true, filter.teams},
          {"agents", "Agent", true, removed_if(names_agents, filter.agents)},
          {"customers", "Customer", true, removed_if(names_customers, filter.customers)},
          {"channels", "Channel", true, filter.channels},
          {"states", "Transcript state", true, names_of(filter.states)},
          {"text", "Text", false, removed_if(names_customers, text)}};
}

std::string filter_sentence(const store::ConversationFilter& filter,
                            const std::optional<model::RedactionProfile>& redact) {
  std::vector<std::string> parts;
  for (const FilterCondition& condition : describe_filter(filter, redact))
    if (!condition.values.empty())
      parts.push_back(fmt::format("{}: {}", condition.label, fmt::join(condition.values, ", ")));
  if (redact) parts.push_back(fmt::format("Redacted: {}", model::to_text(*redact)));
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace wxcc::report
