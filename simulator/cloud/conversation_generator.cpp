// SPDX-License-Identifier: Apache-2.0
#include "simulator/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/dice.h"
#include "simulator/phrases.h"

namespace wxcc::simulator {
namespace {

using base::Millis;

// "{}" in a phrase becomes a number.
std::string fill(std::string_view phrase, Dice& dice) {
  const auto place = phrase.find("{}");
  if (place == std::string_view::npos) return std::string(phrase);
  return fmt::format("{}{}{}", phrase.substr(0, place), 100000 + dice.below(900000), phrase.substr(place + 2));
}

// Texts that have broken a spreadsheet, a parser or a terminal before.
std::string awkward_text(Dice& dice) {
  if (!dice.chance(.02)) return std::string(dice.pick(kAwkwardPhrases));
  std::string paste;
  while (paste.size() < 40000)
    paste += fmt::format("2026-01-01 10:{:02} ERROR checkout step {} 🧾\n", dice.below(60), paste.size());
  return paste;
}

Line customer_line(const PhraseBook& book, Dice& dice) {
  Line line;
  const double kind = dice.unit();
  if (kind < .02) {
    line.text = "My card is XXXX XXXX XXXX XXXX";
    line.redacted = true;
  } else if (kind < .05) {
    line.text = awkward_text(dice);
  } else if (kind < .09) {
    line.text = fill(dice.pick(book.customer), dice) + "\n" + fill(dice.pick(book.customer), dice);
  } else {
    line.text = fill(dice.pick(book.customer), dice);
  }
  line.nameless = dice.chance(.01);
  return line;
}

Line next_line(const PhraseBook& book, Dice& dice, const Profile& profile, std::size_t index, std::size_t count) {
  Line line;
  if (index == 0) {
    line.text = fill(dice.pick(book.opening), dice);
    return line;
  }
  if (index == 1) {
    line.speaker = Speaker::Bot;
    line.text = book.bot;
    return line;
  }
  if (!profile.agent) {
    line = customer_line(book, dice);
  } else if (index == 2) {
    line.speaker = Speaker::Agent;
    line.text = fmt::format("{} {}", book.greeting, profile.agent->name);
  } else if (index + 1 == count) {
    line.speaker = Speaker::Agent;
    line.text = book.closing;
  } else if (dice.chance(.48)) {
    line.speaker = Speaker::Agent;
    line.text = fill(dice.pick(book.agent), dice);
  } else if (dice.chance(.03)) {
    line.speaker = Speaker::System;
    line.text = dice.chance(.5) ? "[attachment: receipt.pdf]" : "Agent has put the conversation on hold.";
  } else {
    line = customer_line(book, dice);
  }
  return line;
}

std::size_t line_count(Dice& dice, const Profile& profile) {
  if (!profile.agent) return 2 + dice.below(3);
  return 4 + dice.below(15) + (dice.chance(.15) ? dice.below(22) : 0);
}

}  // namespace

std::vector<Line> script_of(std::uint64_t seed, TaskNumber number, const TaskRecord& record, const Profile& profile) {
  Dice dice(seed, Series::Script, number + (std::uint64_t{1} << 40U));
  const PhraseBook& book = phrase_book(profile.language);
  const std::size_t count = line_count(dice, profile);
  std::vector<Line> lines;
  lines.reserve(count);
  const Millis step = (record.ended - record.created) / static_cast<std::int64_t>(count + 1);
  for (std::size_t index = 0; index < count; ++index) {
    Line line = next_line(book, dice, profile, index, count);
    const Millis jitter{dice.between(0, std::max<std::int64_t>(0, step.count() - 1))};
    line.sent = record.created + step * static_cast<std::int64_t>(index) + jitter;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace wxcc::simulator
