// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/task_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

constexpr std::array kFirstNames = {"Mira",   "Arne",   "Lotte", "Jamal",  "Zoë",   "Björn",   "Ingrid", "Pedro",
                                    "Anaïs",  "Tomasz", "Yuki",  "Fatima", "Nils",  "Grace",   "Søren",  "Elif",
                                    "Chiara", "Kwame",  "Noor",  "Ilse",   "Mateo", "Saoirse", "Dmitri", "Hana"};
constexpr std::array kLastNames = {"Visser", "Holm",   "de Vries", "O'Brien", "Müller", "Kowalska", "García",
                                   "Yılmaz", "Rossi",  "Larsen",   "Nguyen",  "Okafor", "Brandt",   "Peeters",
                                   "Dubois", "Tanaka", "Novák",    "Jansen",  "Smith",  "Lindqvist"};
constexpr std::array<std::string_view, 18> kAgents = {
    "Arne Holm",     "Sanne Bakker", "Luca Ferri",   "Marie Lefèvre", "Jonas Weber",  "Aylin Kaya",
    "Priya Raman",   "Tom Hughes",   "Eva Sørensen", "Daan Mulder",   "Nora Schmidt", "Pablo Ortega",
    "Claire Moreau", "Ben Carter",   "Femke Smit",   "Kenji Mori",    "Olga Petrova", "Rui Costa"};
constexpr std::array<std::string_view, 6> kQueues = {"Support_Chat", "Sales_Chat",     "Billing_Chat",
                                                     "Returns",      "Premium (24/7)", "Klantenservice & Retouren"};
constexpr std::array<std::string_view, 4> kTeams = {"Team Blue", "Team Green", "Équipe Lyon", "Nachtschicht"};
constexpr std::array<std::string_view, 3> kSites = {"Utrecht", "Lyon", "Remote"};
constexpr std::array<std::string_view, 4> kEntryPoints = {"EP_WebChat", "EP_App", "EP_Voice", "EP_Mail"};
constexpr std::array<std::string_view, 7> kWrapups = {"Resolved",    "Follow-up needed", "Refund",      "Escalated",
                                                      "Wrong queue", "No response",      "Order status"};
constexpr std::array<std::string_view, 6> kTopics = {"Delivery", "Invoice",        "Password",
                                                     "Return",   "Product advice", "Complaint"};

Named named(std::uint64_t seed, std::uint64_t kind, std::size_t index, std::string_view name) {
  return {series_of(seed, Series::Identity, (kind << 48U) + index).uuid(), name};
}

template <std::size_t N>
Named pick(base::Random& rng, std::uint64_t seed, std::uint64_t kind, const std::array<std::string_view, N>& names) {
  const std::size_t index = rng.below(N);
  return named(seed, kind, index, names[index]);
}

// The ASCII letters of a name such as "de Vries" or "Müller".
std::string mail_part(std::string_view name) {
  std::string result;
  for (const char c : base::to_lower(name))
    if (c >= 'a' && c <= 'z') result += c;
  return result;
}

void set_customer(TaskProfile& profile, base::Random& rng, Channel channel) {
  const std::string first = rng.pick(kFirstNames);
  const std::string last = rng.pick(kLastNames);
  const bool anonymous = rng.chance(.03);
  if (!anonymous) profile.customer_name = first + " " + last;
  const bool has_email = channel == Channel::Email || rng.chance(.9);
  if (has_email && !anonymous)
    profile.customer_email = fmt::format("{}.{}{}@example.org", mail_part(first), mail_part(last), rng.below(500));
  if (channel == Channel::Telephony || rng.chance(.25))
    profile.customer_phone = fmt::format("+3161{:07}", rng.below(10'000'000));
}

void set_addresses(TaskProfile& profile, base::Random& rng, Channel channel) {
  switch (channel) {
    case Channel::Telephony:
      profile.origin = profile.customer_phone;
      profile.destination = "+31850000123";
      if (rng.chance(.15)) {
        profile.direction = "outdial";
        std::swap(profile.origin, profile.destination);
      }
      break;
    case Channel::Email:
      profile.origin = profile.customer_email;
      profile.destination = "help@shop.example";
      break;
    case Channel::Social:
      profile.origin = fmt::format("{:015}", rng.below(1'000'000'000'000'000));
      profile.destination = "shop.example";
      profile.subtype = rng.chance(.5) ? "whatsapp" : "facebook";
      break;
    case Channel::Chat:
      profile.origin =
          profile.customer_email.empty() ? "https://shop.example/help?from=\"chat\"" : profile.customer_email;
      profile.destination = "WA03112233";
      break;
  }
}

void set_end(TaskProfile& profile, base::Random& rng, std::uint64_t seed) {
  if (!profile.agent) {
    profile.termination_type = "abandoned";
    profile.termination_reason = rng.chance(.7) ? "Customer Left" : "Queue Timeout";
    profile.terminating_end = profile.termination_reason == "Customer Left" ? "Customer" : "System";
    return;
  }
  const bool by_agent = rng.chance(.6);
  profile.termination_type = rng.chance(.04) ? "sudden_disconnect" : "normal";
  profile.termination_reason = by_agent ? "Agent Left" : "Customer Left";
  profile.terminating_end = by_agent ? "Agent" : "Customer";
  if (rng.chance(.92)) profile.wrapup = pick(rng, seed, 6, kWrapups);
  if (rng.chance(.35)) profile.csat = rng.between(1, 5);
  profile.wrapup_ms = rng.between(2000, 90000);
}

}  // namespace

TaskProfile profile_of(std::uint64_t seed, TaskNumber number, const TaskRecord& record) {
  base::SeededRandom rng = series_of(seed, Series::Conversation, number);
  TaskProfile profile;
  const double language = rng.unit();
  profile.language = language < .4 ? 0 : language < .65 ? 1 : language < .8 ? 2 : language < .92 ? 3 : 4;
  set_customer(profile, rng, record.channel);
  set_addresses(profile, rng, record.channel);
  const double fate = rng.unit();
  if (fate >= .02) profile.queue = pick(rng, seed, 1, kQueues);
  if (fate >= .08) {
    profile.agent = pick(rng, seed, 2, kAgents);
    profile.team = pick(rng, seed, 3, kTeams);
  }
  profile.site = pick(rng, seed, 4, kSites);
  profile.entry_point = pick(rng, seed, 5, kEntryPoints);
  const double null_style = rng.unit();
  profile.null_style = null_style < .8    ? NullStyle::NullMembers
                       : null_style < .93 ? NullStyle::EmptyTexts
                                          : NullStyle::NullObject;
  set_end(profile, rng, seed);
  profile.topic = rng.pick(kTopics);
  if (rng.chance(.3)) profile.contact_reason = profile.topic;
  const std::int64_t duration = (record.ended - record.created).count();
  profile.queue_ms = rng.between(0, std::max<std::int64_t>(0, duration / 5));
  profile.ringing_ms = profile.agent ? rng.between(0, std::max<std::int64_t>(0, duration / 20)) : 0;
  profile.transfers = profile.agent && rng.chance(.1) ? rng.between(1, 2) : 0;
  profile.holds = profile.agent && rng.chance(.05) ? 1 : 0;
  return profile;
}

}  // namespace wxcc::simulator
