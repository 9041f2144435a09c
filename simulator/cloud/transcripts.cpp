// SPDX-License-Identifier: Apache-2.0
#include "simulator/transcripts.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/dice.h"
#include "simulator/phrases.h"
#include "simulator/transcript_file.h"

namespace wxcc::simulator {
namespace {

constexpr std::string_view kVersionedFolder = "v2";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string_view file_name_of(const TaskRecord& task, const Profile& profile, Delivery delivery) {
  switch (task.channel) {
    case Channel::Telephony:
      return delivery == Delivery::VCon ? "realtimeVoiceTranscript.json" : "voiceTranscript.json";
    case Channel::Email:
      return "emailTranscript.json";
    case Channel::Social:
      return profile.subtype == "facebook" ? "facebookTranscript.json" : "whatsappTranscript.json";
    case Channel::Chat:
      break;
  }
  return "chatTranscript.json";
}

std::string_view source_of(const TaskRecord& task, const Profile& profile, Delivery delivery) {
  if (task.channel == Channel::Telephony) return delivery == Delivery::VCon ? "realtime-voice" : "recording";
  if (task.channel == Channel::Social) return profile.subtype;
  return name_of(task.channel);
}

std::string capture_id(std::uint64_t seed, TaskNumber number) {
  Dice dice(seed, Series::Identity, number + (std::uint64_t{1} << 40U));
  std::string id = "CS";
  for (int i = 0; i < 16; ++i) id += std::string_view("0123456789ABCDEFGHJKLMNPQRSTUVWX")[dice.below(32)];
  return id;
}

// The first message gets a byte in front that no UTF-8 text has.
void spoil_encoding(std::string& file) {
  constexpr std::string_view kMember = "\"message\":\"";
  if (const auto place = file.find(kMember); place != std::string::npos) file.insert(place + kMember.size(), 1, '\xFF');
}

}  // namespace

std::string_view name_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::None:
      return "none";
    case Delivery::Legacy:
      return "legacy";
    case Delivery::Versioned:
      return "versioned";
    case Delivery::BothVersions:
      return "both";
    case Delivery::LegacyVoice:
      return "voice";
    case Delivery::VCon:
      return "vcon";
    case Delivery::Malformed:
      return "malformed";
    case Delivery::Truncated:
      return "truncated";
    case Delivery::Empty:
      return "empty";
    case Delivery::InvalidUtf8:
      return "invalid-utf8";
  }
  return "none";
}

Transcripts::Transcripts(const Options& options, const Population& population)
    : options_(options), population_(population) {}

Delivery Transcripts::delivery(TaskNumber number) const {
  Dice dice(options_.seed, Series::Delivery, number);
  double rest = dice.unit();
  const auto falls_into = [&](double share) {
    const bool inside = rest >= 0 && rest < share;
    rest -= share;
    return inside;
  };
  if (falls_into(options_.no_transcript_share)) return Delivery::None;
  if (population_.record(number).channel == Channel::Telephony) {
    const double kind = dice.unit();
    return kind < .4 ? Delivery::None : kind < .7 ? Delivery::LegacyVoice : Delivery::VCon;
  }
  if (falls_into(options_.both_versions_share)) return Delivery::BothVersions;
  if (falls_into(options_.versioned_share)) return Delivery::Versioned;
  if (falls_into(options_.malformed_share)) return Delivery::Malformed;
  if (falls_into(options_.truncated_share)) return Delivery::Truncated;
  if (falls_into(options_.empty_share)) return Delivery::Empty;
  if (falls_into(options_.invalid_utf8_share)) return Delivery::InvalidUtf8;
  return Delivery::Legacy;
}

base::Instant Transcripts::ready_at(TaskNumber number) const {
  Dice dice(options_.seed, Series::Lag, number + (std::uint64_t{1} << 40U));
  const double lag = dice.unit() * 2 * static_cast<double>(options_.transcript_lag.count());
  return population_.record(number).ended + base::Millis{static_cast<std::int64_t>(lag)};
}

bool Transcripts::is_ready(TaskNumber number, base::Instant now) const {
  return delivery(number) != Delivery::None && ready_at(number) <= now;
}

bool Transcripts::is_partial(TaskNumber number, base::Instant now) const {
  if (options_.partial_share <= 0) return false;
  Dice dice(options_.seed, Series::Delivery, number + (std::uint64_t{3} << 40U));
  return dice.chance(options_.partial_share) && now < ready_at(number) + options_.partial_for;
}

std::vector<Line> Transcripts::lines(TaskNumber number, const Profile& profile, base::Instant now) const {
  auto lines = script_of(options_.seed, number, population_.record(number), profile);
  if (is_partial(number, now)) lines.resize((lines.size() + 1) / 2);
  return lines;
}

std::vector<Artifact> Transcripts::artifacts(TaskNumber number, base::Instant now, Versions versions) const {
  std::vector<Artifact> result;
  if (!is_ready(number, now)) return result;
  const TaskRecord& task = population_.record(number);
  const Profile profile = profile_of(options_.seed, number, task);
  const Delivery kind = delivery(number);
  const std::string id = population_.id_of(number);
  Artifact artifact;
  artifact.source = source_of(task, profile, kind);
  artifact.capture_id = capture_id(options_.seed, number);
  artifact.file_name = file_name_of(task, profile, kind);
  artifact.language = phrase_book(profile.language).language_code;
  artifact.started = task.created;
  artifact.created = ready_at(number);
  if (options_.partial_share > 0 && !is_partial(number, now) && is_partial(number, artifact.created))
    artifact.created += options_.partial_for;
  if (kind != Delivery::Versioned) {
    artifact.key = fmt::format("{}/{}", id, artifact.file_name);
    result.push_back(artifact);
  }
  if (kind == Delivery::Versioned || (kind == Delivery::BothVersions && versions == Versions::All)) {
    artifact.key = fmt::format("{}/{}/{}", id, kVersionedFolder, artifact.file_name);
    artifact.created += std::chrono::milliseconds{700};
    result.push_back(artifact);
  }
  return result;
}

std::optional<std::string> Transcripts::object(std::string_view key, base::Instant now) const {
  const auto number = population_.find(key.substr(0, key.find('/')));
  if (!number) return std::nullopt;
  const auto known = artifacts(*number, now, Versions::All);
  const auto artifact = std::find_if(known.begin(), known.end(), [&](const Artifact& a) { return a.key == key; });
  if (artifact == known.end()) return std::nullopt;

  const TaskRecord& task = population_.record(*number);
  const Profile profile = profile_of(options_.seed, *number, task);
  const auto messages = lines(*number, profile, now);
  const TranscriptSource source{options_.seed, *number, population_.id_of(*number), task, profile, messages};
  switch (delivery(*number)) {
    case Delivery::None:
      return std::nullopt;
    case Delivery::Legacy:
      return legacy_file(source);
    case Delivery::Versioned:
      return versioned_file(source);
    case Delivery::BothVersions:
      return key.find(fmt::format("/{}/", kVersionedFolder)) != std::string_view::npos ? versioned_file(source)
                                                                                       : legacy_file(source);
    case Delivery::LegacyVoice:
      return legacy_voice_file(source);
    case Delivery::VCon:
      return vcon_file(source);
    case Delivery::Malformed:
      return "[{\"id\": \"msg-0001\", \"message\": \"Hello\" \"timestamp\": }]";
    case Delivery::Empty:
      return "[]";
    case Delivery::Truncated: {
      std::string file = legacy_file(source);
      file.resize(file.size() * 2 / 3);
      return file;
    }
    case Delivery::InvalidUtf8: {
      std::string file = legacy_file(source);
      spoil_encoding(file);
      return file;
    }
  }
  return std::nullopt;
}

std::vector<std::string> Transcripts::texts(TaskNumber number, base::Instant now) const {
  std::vector<std::string> result;
  const Delivery kind = delivery(number);
  if (!is_ready(number, now) || kind == Delivery::Malformed || kind == Delivery::Truncated || kind == Delivery::Empty)
    return result;
  const TaskRecord& task = population_.record(number);
  for (Line& line : lines(number, profile_of(options_.seed, number, task), now)) result.push_back(std::move(line.text));
  if (kind == Delivery::InvalidUtf8 && !result.empty()) result.front().insert(0, kReplacement);
  return result;
}

}  // namespace wxcc::simulator
