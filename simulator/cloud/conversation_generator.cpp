// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/conversation_generator.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/cloud/phrases.h"
#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

using base::Millis;

// "{}" in a phrase becomes a number.
std::string fill(std::string_view phrase, base::Random& rng) {
  const auto place = phrase.find("{}");
  if (place == std::string_view::npos) return std::string(phrase);
  return fmt::format("{}{}{}", phrase.substr(0, place), 100000 + rng.below(900000), phrase.substr(place + 2));
}

// Texts that have broken a spreadsheet, a parser or a terminal before.
std::string edge_case_text(base::Random& rng) {
  if (!rng.chance(.02)) return std::string(rng.pick(kEdgeCasePhrases));
  std::string paste;
  while (paste.size() < 40000)
    paste += fmt::format("2026-01-01 10:{:02} ERROR checkout step {} 🧾\n", rng.below(60), paste.size());
  return paste;
}

GeneratedMessage customer_line(const PhraseBook& book, base::Random& rng) {
  GeneratedMessage line;
  const double kind = rng.unit();
  if (kind < .02) {
    line.text = "My card is XXXX XXXX XXXX XXXX";
    line.redacted = true;
  } else if (kind < .05) {
    line.text = edge_case_text(rng);
  } else if (kind < .09) {
    line.text = fill(rng.pick(book.customer), rng) + "\n" + fill(rng.pick(book.customer), rng);
  } else {
    line.text = fill(rng.pick(book.customer), rng);
  }
  line.nameless = rng.chance(.01);
  return line;
}

GeneratedMessage next_line(const PhraseBook& book, base::Random& rng, const TaskProfile& profile, std::size_t index,
                           std::size_t count) {
  GeneratedMessage line;
  if (index == 0) {
    line.text = fill(rng.pick(book.opening), rng);
    return line;
  }
  if (index == 1) {
    line.speaker = Speaker::Bot;
    line.text = book.bot;
    return line;
  }
  if (!profile.agent) {
    line = customer_line(book, rng);
  } else if (index == 2) {
    line.speaker = Speaker::Agent;
    line.text = fmt::format("{} {}", book.greeting, profile.agent->name);
  } else if (index + 1 == count) {
    line.speaker = Speaker::Agent;
    line.text = book.closing;
  } else if (rng.chance(.48)) {
    line.speaker = Speaker::Agent;
    line.text = fill(rng.pick(book.agent), rng);
  } else if (rng.chance(.03)) {
    line.speaker = Speaker::System;
    line.text = rng.chance(.5) ? "[attachment: receipt.pdf]" : "Agent has put the conversation on hold.";
  } else {
    line = customer_line(book, rng);
  }
  return line;
}

std::size_t line_count(base::Random& rng, const TaskProfile& profile) {
  if (!profile.agent) return 2 + rng.below(3);
  return 4 + rng.below(15) + (rng.chance(.15) ? rng.below(22) : 0);
}

}  // namespace

std::vector<GeneratedMessage> generate_conversation(std::uint64_t seed, TaskNumber number, const TaskRecord& record,
                                                    const TaskProfile& profile) {
  base::SeededRandom rng = series_of(seed, Series::Conversation, number + (std::uint64_t{1} << 40U));
  const PhraseBook& book = phrase_book(profile.language);
  const std::size_t count = line_count(rng, profile);
  std::vector<GeneratedMessage> lines;
  lines.reserve(count);
  const Millis step = (record.ended - record.created) / static_cast<std::int64_t>(count + 1);
  for (std::size_t index = 0; index < count; ++index) {
    GeneratedMessage line = next_line(book, rng, profile, index, count);
    const Millis jitter{rng.between(0, std::max<std::int64_t>(0, step.count() - 1))};
    line.sent = record.created + step * static_cast<std::int64_t>(index) + jitter;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace wxcc::simulator
