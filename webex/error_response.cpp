// SPDX-License-Identifier: Apache-2.0
#include "webex/error_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"

namespace wxcc::webex {
namespace {

// Longer than "ROUTER_" and a UUID, as tracking ids are; tokens, codes and signatures are longer.
constexpr std::size_t kMaxWordLength = 48;

bool is_token_character(char c) {
  return base::is_alphanumeric(c) || std::string_view("-_.~+=%").find(c) != std::string_view::npos;
}

constexpr std::string_view kRedacted = "[redacted]";

// Also in the spelling in which forms and queries carry it. A shorter secret would match ordinary text.
std::string redact_known(std::string text, const KnownSecrets& known) {
  constexpr std::size_t kMinSecretLength = 4;
  for (const base::Secret& secret : known) {
    if (secret.reveal().size() < kMinSecretLength) continue;
    const base::Secret encoded(base::percent_encode(secret.reveal()));
    for (const base::Secret* spelling : {&secret, encoded == secret ? nullptr : &encoded}) {
      if (spelling == nullptr) continue;
      const std::string& word = spelling->reveal();
      for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + kRedacted.size()))
        text.replace(at, word.size(), kRedacted);
    }
  }
  return text;
}

std::string redact_token_like(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at).starts_with("http://") || text.substr(at).starts_with("https://")) {
      const auto end = std::min(text.find_first_of(" \t\r\n\"'<>)", at), text.size());
      result += base::strip_credentials(text.substr(at, end - at));
      at = end;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_token_character(text[end])) ++end;
    if (end - at > kMaxWordLength) {
      result += kRedacted;
    } else if (end > at) {
      result += text.substr(at, end - at);
    } else {
      result += text[end++];
    }
    at = end;
  }
  return result;
}

void add(std::vector<std::string>& parts, base::JsonNode node) {
  const auto text = node.scalar_text();
  if (!text || base::trim(*text).empty()) return;
  // webexapis.com has the same text twice, as message and as the first description.
  if (std::find(parts.begin(), parts.end(), *text) == parts.end()) parts.push_back(*text);
}

void add_descriptions(std::vector<std::string>& parts, base::JsonNode list) {
  for (const base::JsonNode entry : list) {
    add(parts, entry["description"]);
    add(parts, entry["message"]);
    if (entry.is_string()) add(parts, entry);
  }
}

std::vector<std::string> collect_error_messages(base::JsonNode root) {
  std::vector<std::string> parts;
  add(parts, root["message"]);
  add_descriptions(parts, root["errors"]);
  const base::JsonNode error = root["error"];
  add(parts, error);
  add(parts, root["error_description"]);
  add(parts, error["key"]);
  add(parts, error["message"]);
  add_descriptions(parts, error["message"]);
  return parts;
}

}  // namespace

std::string describe_error_body(std::string_view body, const KnownSecrets& known) {
  constexpr std::size_t kMaxParsedBytes = 64U << 10U;
  if (base::trim(body).empty()) return "(empty body)";
  const auto document = base::JsonDocument::parse(body.substr(0, kMaxParsedBytes));
  if (!document)
    return base::excerpt(redact_token_like(redact_known(std::string(base::trim(body).substr(0, 400)), known)));
  std::vector<std::string> parts = collect_error_messages(document->root());
  if (parts.empty()) return "(JSON without a message)";
  base::JsonNode tracking = document->root()["trackingId"];
  if (tracking.is_null()) tracking = document->root()["error"]["trackingId"];
  if (const auto id = tracking.scalar_text()) parts.push_back("tracking id " + *id);
  return base::excerpt(redact_token_like(redact_known(fmt::format("{}", fmt::join(parts, "; ")), known)), 500);
}

std::string describe(const net::Outcome& outcome, const KnownSecrets& known) {
  if (!outcome) return outcome.error().message;
  return fmt::format("status {}: {}", outcome->status, describe_error_body(outcome->body, known));
}

}  // namespace wxcc::webex
