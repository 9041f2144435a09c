// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::simulator {

// All options of the simulator. The defaults have no delays and no damaged transcripts, for tests of other parts; the
// program has realistic defaults and the help texts (program/main.cpp). Shares are between 0 and 1. The lag of
// a task is uniformly distributed between 0 and twice the given one.
struct Options {
  // Of the APIs, on 127.0.0.1; 0: any free one, as always for the object store.
  int port = 0;

  // The data.
  std::uint64_t seed = 1;
  std::size_t tasks = 500;               // ended before the start
  int days = 14;                         // of their ends, mostly in business hours
  std::size_t duplicate_timestamps = 1;  // number of consecutive tasks with the same endedTime
  double live_rate = 0;                  // new tasks per minute after the start
  std::chrono::milliseconds live_duration = std::chrono::minutes{5};  // their mean duration
  double chat_share = 0.85;            // the others are telephony, email and social_channel
  std::optional<base::Instant> start;  // instead of the clock's time at construction

  // Visibility in the Search API.
  std::chrono::milliseconds search_lag{0};  // from a task's end until the Search API returns it as ended
  double end_time_pending_share = 0;        // inactive tasks with endedTime -1 for a while
  std::chrono::milliseconds end_time_pending_for = std::chrono::minutes{10};
  std::chrono::milliseconds late_fields_lag{0};  // from the end until wrap-up code, CSAT and topic are set

  // Transcripts.
  std::chrono::milliseconds transcript_lag{0};  // from the end until Captures lists it
  double no_transcript_share = 0.02;
  double both_versions_share = 0.03;  // a legacy array and a schema-versioned object under one capture id
  double versioned_share = 0.02;      // only the schema-versioned object
  double malformed_share = 0;
  double truncated_share = 0;
  double empty_share = 0;
  double invalid_utf8_share = 0;
  double partial_share = 0;  // first served without their last messages, then replaced by the full one
  std::chrono::milliseconds partial_for = std::chrono::minutes{30};

  // OAuth.
  std::string client_id = "C5d3f0a91b7e64c2aa10";
  std::string client_secret = "sim-secret-5b1f0c7e64a24d0b";
  std::string org_id = "2f0c9a3e-7d41-4b6a-9e58-1c3d5e7f9a0b";
  std::string login_org_id;  // of the tokens; empty: org_id
  std::string redirect_uri = "http://localhost:8080/callback";
  std::string scope = "cjp:config_read";
  std::chrono::seconds code_ttl = std::chrono::minutes{5};
  std::chrono::seconds access_ttl{1209600};
  std::chrono::seconds refresh_ttl{7776000};
  bool auto_consent = false;
  std::string auto_consent_button;  // "allow" or "deny": the consent page presses it by itself; empty: none
  bool refresh_extends = true;
  bool rotate_refresh_token = false;
  std::optional<std::chrono::seconds> revoke_old_refresh_token_after_grace;  // std::nullopt: it stays valid
  bool revoke_old_access_token = false;
  bool omit_refresh_token = false;  // from responses to a refresh
  bool expires_in_as_string = false;
  bool rfc6749_errors = false;
  bool tokens_without_org = false;
  bool minimal_token_responses = false;  // without token_type and scope

  // Search and Captures.
  std::size_t page_size = 250;
  std::size_t record_cap = 100000;
  bool opaque_cursors = false;    // instead of page numbers
  bool extra_members = true;      // undocumented ones
  bool capitalised_keys = false;  // "Source" and "Provider" in transcription items: both cases are seen in the field
  bool strict_url_expiration = false;        // above 60 is an error instead of 60
  bool require_captures_org = false;         // as for Service Apps
  bool reject_all_digital_versions = false;  // includeAllDigitalVersions is an unknown member
  int requests_per_minute = 300;             // over Search and Captures together; 0: no limit

  // Faults.
  std::size_t huge_body_bytes = 256U << 20U;
  std::chrono::milliseconds stall_for = std::chrono::minutes{10};
  std::chrono::milliseconds slow_for = std::chrono::seconds{3};
};

}  // namespace wxcc::simulator
