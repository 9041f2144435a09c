// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/transcript.h"

namespace wxcc::store {

class Connection;

// What a transcript's bytes say, or why that could not be told.
struct Parsed {
  std::optional<model::Conversation> conversation;
  std::string problem;
};

// How the bytes of a transcript are read; the store itself knows no format.
using Parser = std::function<Parsed(const std::string& raw, const model::TranscriptItem& item)>;

// The participants and messages that the archive has of a transcript that is shown.
model::Conversation stored_conversation(Connection& connection, std::int64_t transcript_key);

// True when the rows of the one would be the rows of the other.
bool same_rows(const model::Conversation& a, const model::Conversation& b);

}  // namespace wxcc::store
