// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "model/transcript.h"

namespace wxcc::webex {

// The result of parsing a transcript.
struct ParsedTranscript {
  std::optional<model::Conversation> conversation;  // std::nullopt: no known layout, or not JSON
  std::string error;  // what could not be parsed and where ("$[3]: ..."), also with a conversation; no content
};

// Recognises the layout of a transcript by its members, since names and sources do not differ by layout:
//   an array                                  digital (chat, e-mail, social), as seen in running clients
//   an object with parties and dialog         vCon (draft-ietf-vcon-vcon-container)
//   an object with responseContents           voice, speech recognition results
//   an object with a message array somewhere  digital, schema-versioned
// Members may be missing, times may be ISO 8601 or epoch numbers, text may be ill-formed. voice_start is where the
// offsets of a voice transcript count from.
ParsedTranscript parse_transcript(std::string_view bytes, std::optional<base::Instant> voice_start);

}  // namespace wxcc::webex
