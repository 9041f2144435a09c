// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/activities.h"

#include <algorithm>
#include <array>
#include <string>

namespace wxcc::simulator {
namespace {

using base::to_ms;

Leaf agent_id(const TaskView& task, const Activity& activity) {
  return activity.by_agent && task.profile().agent ? Leaf{task.profile().agent->id} : Leaf{};
}
Leaf agent_name(const TaskView& task, const Activity& activity) {
  return activity.by_agent && task.profile().agent ? Leaf{std::string(task.profile().agent->name)} : Leaf{};
}

constexpr std::array<ActivityField, 11> kFields = {{
    {"id", [](const TaskView& t, const Activity& a) -> Leaf { return t.id() + "-" + std::to_string(to_ms(a.at)); }},
    {"eventName", [](const TaskView&, const Activity& a) -> Leaf { return std::string(a.event); }},
    {"createdTime", [](const TaskView&, const Activity& a) -> Leaf { return to_ms(a.at); }},
    {"endedTime", [](const TaskView&, const Activity& a) -> Leaf { return to_ms(a.until); }},
    {"duration", [](const TaskView&, const Activity& a) -> Leaf { return (a.until - a.at).count(); }},
    {"agentId", agent_id},
    {"agentName", agent_name},
    {"actorId", agent_id},
    {"actorName", agent_name},
    {"actorRole",
     [](const TaskView&, const Activity& a) -> Leaf { return std::string(a.by_agent ? "agent" : "system"); }},
    {"chatType", [](const TaskView&, const Activity&) -> Leaf { return {}; }},
}};

}  // namespace

std::vector<Activity> activities_of(const TaskView& task) {
  const TaskProfile& profile = task.profile();
  const base::Instant created = task.record().created;
  const base::Instant queued = created + base::Millis{500};
  const base::Instant offered = created + base::Millis{profile.queue_ms};
  const base::Instant connected = offered + base::Millis{profile.ringing_ms};
  const base::Instant ended = task.record().ended;
  std::vector<Activity> all = {{"new", created, std::min(queued, ended)}};
  if (profile.queue) all.push_back({"parked", std::min(queued, offered), offered});
  if (profile.agent) {
    all.push_back({"connect", offered, connected, true});
    all.push_back({"connected", connected, ended, true});
  }
  all.push_back({"ended", ended, ended});
  if (profile.wrapup) all.push_back({"WrapUp", ended, ended + base::Millis{profile.wrapup_ms}, true});
  std::erase_if(all, [&](const Activity& activity) { return activity.at > task.now(); });
  return all;
}

const ActivityField* find_activity_field(std::string_view name) {
  const auto found =
      std::find_if(kFields.begin(), kFields.end(), [&](const ActivityField& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : &*found;
}

}  // namespace wxcc::simulator
