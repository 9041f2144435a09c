// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"

namespace wxcc::model {

// What the Captures API says of one transcript of a task, without its location, which is a credential.
struct TranscriptItem {
  std::string source;  // chat, sms, recording, realtime-voice, ...
  std::string provider;
  std::string capture_id;  // digital channels: the conversation's id; voice: a configuration id
  std::string file_name;
  std::string language;
  std::optional<base::Instant> started;
  std::optional<base::Instant> created;
  friend bool operator==(const TranscriptItem&, const TranscriptItem&) = default;

  // Transcripts of one task with the same identity are versions of each other; those with different ones are different
  // conversations. The conversation's id where the API gives one, else source and file name.
  [[nodiscard]] std::string identity() const { return capture_id.empty() ? source + "/" + file_name : capture_id; }
};

struct Participant {
  std::string name;
  std::string role;     // lower case: customer, agent, bot, ...
  std::string user_id;  // the agent's; empty for customers
  friend bool operator==(const Participant&, const Participant&) = default;
};

struct Message {
  std::string message_id;
  std::string alias_id;
  std::optional<base::Instant> sent;
  std::string direction;        // lower case: inbound (from the customer), outbound
  std::size_t participant = 0;  // index into Conversation::participants
  std::string text;
  std::optional<bool> redacted;
  friend bool operator==(const Message&, const Message&) = default;
};

// A transcript's content, in the order of the conversation.
struct Conversation {
  std::string format;  // digital, digital-versioned, voice, vcon
  std::vector<Participant> participants;
  std::vector<Message> messages;
  friend bool operator==(const Conversation&, const Conversation&) = default;
};

}  // namespace wxcc::model
