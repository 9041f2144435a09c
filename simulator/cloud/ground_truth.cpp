// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/ground_truth.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/json.h"

namespace wxcc::simulator {

std::vector<GroundTruthEntry> compute_ground_truth(const Options& options, const TaskGenerator& generator,
                                                   const Transcripts& transcripts, base::Instant now,
                                                   GroundTruthDetail detail) {
  std::vector<GroundTruthEntry> result;
  for (const TaskNumber number : generator.by_ended()) {
    const TaskRecord& task = generator.record(number);
    if (task.ended > now) break;
    if (task.channel != Channel::Chat || generator.visibility(number, now) != SearchVisibility::Ended) continue;
    GroundTruthEntry entry;
    entry.id = generator.id_of(number);
    entry.created = task.created;
    entry.ended = task.ended;
    const TaskProfile profile = profile_of(options.seed, number, task);
    if (profile.queue) entry.queue = profile.queue->name;
    entry.has_transcript = transcripts.is_ready(number, now);
    entry.transcript_kind = kTranscriptKindNames.text_of(transcripts.kind_of(number));
    if (detail == GroundTruthDetail::Messages) {
      const auto texts = transcripts.texts(number, now);
      entry.message_count = texts.size();
      if (!texts.empty()) entry.sha256 = base::to_hex(base::sha256(fmt::format("{}", fmt::join(texts, "\n"))));
    }
    result.push_back(std::move(entry));
  }
  return result;
}

std::string to_json(const GroundTruthEntry& entry) {
  base::JsonWriter json;
  json.begin_object().member("id", entry.id);
  json.member("created", base::to_iso8601(entry.created)).member("ended", base::to_iso8601(entry.ended));
  json.member("created_ms", base::to_ms(entry.created)).member("ended_ms", base::to_ms(entry.ended));
  json.member("queue", entry.queue)
      .member("has_transcript", entry.has_transcript)
      .member("transcript_kind", entry.transcript_kind);
  json.member("message_count", entry.message_count).member("sha256", entry.sha256).end_object();
  return json.text();
}

}  // namespace wxcc::simulator
