// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "simulator/cloud/conversation_generator.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/task_generator.h"

namespace wxcc::simulator {

// The objects of a task in the object store. The last four kinds are damaged.
enum class TranscriptKind : std::uint8_t {
  None,
  Legacy,        // an array of messages
  Versioned,     // an object with a schema version
  BothVersions,  // the two above, under one capture id
  LegacyVoice,
  VCon,
  Malformed,
  Truncated,
  Empty,  // an array without messages
  InvalidUtf8,
};
inline constexpr auto kTranscriptKindNames =
    base::enum_names<TranscriptKind>({{TranscriptKind::None, "none"},
                                      {TranscriptKind::Legacy, "legacy"},
                                      {TranscriptKind::Versioned, "versioned"},
                                      {TranscriptKind::BothVersions, "both"},
                                      {TranscriptKind::LegacyVoice, "voice"},
                                      {TranscriptKind::VCon, "vcon"},
                                      {TranscriptKind::Malformed, "malformed"},
                                      {TranscriptKind::Truncated, "truncated"},
                                      {TranscriptKind::Empty, "empty"},
                                      {TranscriptKind::InvalidUtf8, "invalid-utf8"}});

// One object in the store, as Captures lists it.
struct Artifact {
  std::string source;
  std::string capture_id;
  std::string file_name;
  std::string key;  // within the organisation's directory
  std::string language;
  base::Instant started;
  base::Instant created;
};

// The transcripts of all tasks. None is held in memory: each is generated at every request.
class Transcripts {
 public:
  Transcripts(const Options& options, const TaskGenerator& generator);

  [[nodiscard]] TranscriptKind kind_of(TaskNumber number) const;
  // True once Captures lists the task's transcript.
  [[nodiscard]] bool is_ready(TaskNumber number, base::Instant now) const;

  enum class Versions { Default, All };
  // Empty before the transcript is ready, or without one.
  [[nodiscard]] std::vector<Artifact> artifacts(TaskNumber number, base::Instant now, Versions versions) const;

  // The bytes of the object with the key of an artifact; std::nullopt if it does not exist at that time.
  [[nodiscard]] std::optional<std::string> object(std::string_view key, base::Instant now) const;

  // The texts of the messages in the task's objects at that time, in order: ill-formed UTF-8 as U+FFFD; empty for an
  // unreadable file.
  [[nodiscard]] std::vector<std::string> texts(TaskNumber number, base::Instant now) const;

 private:
  [[nodiscard]] base::Instant ready_at(TaskNumber number) const;
  [[nodiscard]] bool is_partial(TaskNumber number, base::Instant now) const;
  [[nodiscard]] std::vector<GeneratedMessage> messages_of(TaskNumber number, const TaskProfile& profile,
                                                          base::Instant now) const;

  const Options& options_;
  const TaskGenerator& tasks_;
};

}  // namespace wxcc::simulator
