// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/transcripts.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/cloud/phrases.h"
#include "simulator/cloud/series.h"
#include "simulator/cloud/transcript_file.h"

namespace wxcc::simulator {
namespace {

constexpr std::string_view kVersionedDirectory = "v2";
constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

std::string_view source_of(const TaskRecord& task, const TaskProfile& profile, TranscriptKind kind) {
  if (task.channel == Channel::Telephony) return kind == TranscriptKind::VCon ? "realtime-voice" : "recording";
  return task.channel == Channel::Social ? profile.subtype : kChannelNames.text_of(task.channel);
}

std::string file_name_of(std::string_view source) {
  if (source == "realtime-voice") return "realtimeVoiceTranscript.json";
  return fmt::format("{}Transcript.json", source == "recording" ? "voice" : source);
}

std::string capture_id(std::uint64_t seed, TaskNumber number) {
  base::SeededRandom rng = series_of(seed, Series::Identity, number + (std::uint64_t{1} << 40U));
  std::string id = "CS";
  for (int i = 0; i < 16; ++i) id += std::string_view("0123456789ABCDEFGHJKLMNPQRSTUVWX")[rng.below(32)];
  return id;
}

// Inserts a byte that is invalid in UTF-8 before the first message.
void corrupt_encoding(std::string& file) {
  constexpr std::string_view kMember = "\"message\":\"";
  if (const auto place = file.find(kMember); place != std::string::npos) file.insert(place + kMember.size(), 1, '\xFF');
}

}  // namespace

Transcripts::Transcripts(const Options& options, const TaskGenerator& generator)
    : options_(options), tasks_(generator) {}

TranscriptKind Transcripts::kind_of(TaskNumber number) const {
  base::SeededRandom rng = series_of(options_.seed, Series::Transcript, number);
  double rest = rng.unit();
  const auto falls_into = [&](double share) {
    const bool inside = rest >= 0 && rest < share;
    rest -= share;
    return inside;
  };
  if (falls_into(options_.no_transcript_share)) return TranscriptKind::None;
  if (tasks_.record(number).channel == Channel::Telephony) {
    const double kind = rng.unit();
    return kind < .4 ? TranscriptKind::None : kind < .7 ? TranscriptKind::LegacyVoice : TranscriptKind::VCon;
  }
  if (falls_into(options_.both_versions_share)) return TranscriptKind::BothVersions;
  if (falls_into(options_.versioned_share)) return TranscriptKind::Versioned;
  if (falls_into(options_.malformed_share)) return TranscriptKind::Malformed;
  if (falls_into(options_.truncated_share)) return TranscriptKind::Truncated;
  if (falls_into(options_.empty_share)) return TranscriptKind::Empty;
  if (falls_into(options_.invalid_utf8_share)) return TranscriptKind::InvalidUtf8;
  return TranscriptKind::Legacy;
}

base::Instant Transcripts::ready_at(TaskNumber number) const {
  base::SeededRandom rng = series_of(options_.seed, Series::Lag, number + (std::uint64_t{1} << 40U));
  const double lag = rng.unit() * 2 * static_cast<double>(options_.transcript_lag.count());
  return tasks_.record(number).ended + base::Millis{static_cast<std::int64_t>(lag)};
}

bool Transcripts::is_ready(TaskNumber number, base::Instant now) const {
  return kind_of(number) != TranscriptKind::None && ready_at(number) <= now;
}

bool Transcripts::is_partial(TaskNumber number, base::Instant now) const {
  if (options_.partial_share <= 0) return false;
  base::SeededRandom rng = series_of(options_.seed, Series::Transcript, number + (std::uint64_t{3} << 40U));
  return rng.chance(options_.partial_share) && now < ready_at(number) + options_.partial_for;
}

std::vector<GeneratedMessage> Transcripts::messages_of(TaskNumber number, const TaskProfile& profile,
                                                       base::Instant now) const {
  auto messages = generate_conversation(options_.seed, number, tasks_.record(number), profile);
  if (is_partial(number, now)) messages.resize((messages.size() + 1) / 2);
  return messages;
}

std::vector<Artifact> Transcripts::artifacts(TaskNumber number, base::Instant now, Versions versions) const {
  std::vector<Artifact> result;
  if (!is_ready(number, now)) return result;
  const TaskRecord& task = tasks_.record(number);
  const TaskProfile profile = profile_of(options_.seed, number, task);
  const TranscriptKind kind = kind_of(number);
  const std::string id = tasks_.id_of(number);
  Artifact artifact;
  artifact.source = source_of(task, profile, kind);
  artifact.capture_id = capture_id(options_.seed, number);
  artifact.file_name = file_name_of(artifact.source);
  artifact.language = phrase_book(profile.language).language_code;
  artifact.started = task.created;
  artifact.created = ready_at(number);
  if (options_.partial_share > 0 && !is_partial(number, now) && is_partial(number, artifact.created))
    artifact.created += options_.partial_for;
  if (kind != TranscriptKind::Versioned) {
    artifact.key = fmt::format("{}/{}", id, artifact.file_name);
    result.push_back(artifact);
  }
  if (kind == TranscriptKind::Versioned || (kind == TranscriptKind::BothVersions && versions == Versions::All)) {
    artifact.key = fmt::format("{}/{}/{}", id, kVersionedDirectory, artifact.file_name);
    artifact.created += std::chrono::milliseconds{700};
    result.push_back(artifact);
  }
  return result;
}

std::optional<std::string> Transcripts::object(std::string_view key, base::Instant now) const {
  const auto number = tasks_.find(key.substr(0, key.find('/')));
  if (!number) return std::nullopt;
  const auto known = artifacts(*number, now, Versions::All);
  const auto artifact = std::find_if(known.begin(), known.end(), [&](const Artifact& a) { return a.key == key; });
  if (artifact == known.end()) return std::nullopt;

  const TaskRecord& task = tasks_.record(*number);
  const TaskProfile profile = profile_of(options_.seed, *number, task);
  const auto messages = messages_of(*number, profile, now);
  const TranscriptSource source{options_.seed, *number, tasks_.id_of(*number), task, profile, messages};
  const TranscriptKind kind = kind_of(*number);
  if (kind == TranscriptKind::LegacyVoice) return legacy_voice_file(source);
  if (kind == TranscriptKind::VCon) return vcon_file(source);
  if (kind == TranscriptKind::Malformed) return "[{\"id\": \"msg-0001\", \"message\": \"Hello\" \"timestamp\": }]";
  if (kind == TranscriptKind::Empty) return "[]";
  if (key.find(fmt::format("/{}/", kVersionedDirectory)) != std::string_view::npos) return versioned_file(source);
  std::string file = legacy_file(source);
  if (kind == TranscriptKind::Truncated) file.resize(file.size() * 2 / 3);
  if (kind == TranscriptKind::InvalidUtf8) corrupt_encoding(file);
  return file;
}

std::vector<std::string> Transcripts::texts(TaskNumber number, base::Instant now) const {
  std::vector<std::string> result;
  const TranscriptKind kind = kind_of(number);
  if (!is_ready(number, now) || kind == TranscriptKind::Malformed || kind == TranscriptKind::Truncated ||
      kind == TranscriptKind::Empty)
    return result;
  const TaskRecord& task = tasks_.record(number);
  for (GeneratedMessage& message : messages_of(number, profile_of(options_.seed, number, task), now))
    result.push_back(std::move(message.text));
  if (kind == TranscriptKind::InvalidUtf8 && !result.empty()) result.front().insert(0, kReplacementCharacter);
  return result;
}

}  // namespace wxcc::simulator
