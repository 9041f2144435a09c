// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/conversation_generator.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/cloud/phrases.h"
#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

using base::Millis;

// Replaces "{}" in a phrase by a number.
std::string fill(std::string_view phrase, base::Random& rng) {
  const auto place = phrase.find("{}");
  if (place == std::string_view::npos) return std::string(phrase);
  return fmt::format("{}{}{}", phrase.substr(0, place), 100000 + rng.below(900000), phrase.substr(place + 2));
}

// A text that spreadsheets, parsers or terminals have failed on.
std::string edge_case_text(base::Random& rng) {
  if (!rng.chance(.02)) return std::string(rng.pick(kEdgeCasePhrases));
  std::string paste;
  while (paste.size() < 40000)
    paste += fmt::format("2026-01-01 10:{:02} ERROR checkout step {} 🧾\n", rng.below(60), paste.size());
  return paste;
}

GeneratedMessage customer_message(const PhraseBook& book, base::Random& rng) {
  GeneratedMessage message;
  const double kind = rng.unit();
  if (kind < .02) {
    message.text = "My card is XXXX XXXX XXXX XXXX";
    message.redacted = true;
  } else if (kind < .05) {
    message.text = edge_case_text(rng);
  } else if (kind < .09) {
    message.text = fill(rng.pick(book.customer), rng) + "\n" + fill(rng.pick(book.customer), rng);
  } else {
    message.text = fill(rng.pick(book.customer), rng);
  }
  message.nameless = rng.chance(.01);
  return message;
}

GeneratedMessage next_message(const PhraseBook& book, base::Random& rng, const TaskProfile& profile, std::size_t index,
                              std::size_t count) {
  GeneratedMessage message;
  if (index == 0) {
    message.text = fill(rng.pick(book.opening), rng);
    return message;
  }
  if (index == 1) {
    message.speaker = Speaker::Bot;
    message.text = book.bot;
    return message;
  }
  if (!profile.agent) {
    message = customer_message(book, rng);
  } else if (index == 2) {
    message.speaker = Speaker::Agent;
    message.text = fmt::format("{} {}", book.greeting, profile.agent->name);
  } else if (index + 1 == count) {
    message.speaker = Speaker::Agent;
    message.text = book.closing;
  } else if (rng.chance(.48)) {
    message.speaker = Speaker::Agent;
    message.text = fill(rng.pick(book.agent), rng);
  } else if (rng.chance(.03)) {
    message.speaker = Speaker::System;
    message.text = rng.chance(.5) ? "[attachment: receipt.pdf]" : "Agent has put the conversation on hold.";
  } else {
    message = customer_message(book, rng);
  }
  return message;
}

std::size_t message_count(base::Random& rng, const TaskProfile& profile) {
  if (!profile.agent) return 2 + rng.below(3);
  return 4 + rng.below(15) + (rng.chance(.15) ? rng.below(22) : 0);
}

}  // namespace

std::vector<GeneratedMessage> generate_conversation(std::uint64_t seed, TaskNumber number, const TaskRecord& record,
                                                    const TaskProfile& profile) {
  base::SeededRandom rng = series_of(seed, Series::Conversation, number + (std::uint64_t{1} << 40U));
  const PhraseBook& book = phrase_book(profile.language);
  const std::size_t count = message_count(rng, profile);
  std::vector<GeneratedMessage> messages;
  messages.reserve(count);
  const Millis step = (record.ended - record.created) / static_cast<std::int64_t>(count + 1);
  for (std::size_t index = 0; index < count; ++index) {
    GeneratedMessage message = next_message(book, rng, profile, index, count);
    const Millis jitter{rng.between(0, std::max<std::int64_t>(0, step.count() - 1))};
    message.sent = record.created + step * static_cast<std::int64_t>(index) + jitter;
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace wxcc::simulator
