// SPDX-License-Identifier: Apache-2.0
#include "simulator/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "simulator/dice.h"

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
                                                      "Wrong queue", "No answer",        "Order status"};
constexpr std::array<std::string_view, 6> kTopics = {"Delivery", "Invoice",        "Password",
                                                     "Return",   "Product advice", "Complaint"};

Named named(std::uint64_t seed, std::uint64_t kind, std::size_t index, std::string_view name) {
  Dice dice(seed, Series::Identity, (kind << 48U) + index);
  const std::uint64_t high = dice.next();
  const std::uint64_t low = dice.next();
  return {fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFU,
                      ((low >> 48U) & 0x3FFFU) | 0x8000U, low & 0xFFFFFFFFFFFFU),
          name};
}

template <std::size_t N>
Named pick(Dice& dice, std::uint64_t seed, std::uint64_t kind, const std::array<std::string_view, N>& names) {
  const std::size_t index = dice.below(N);
  return named(seed, kind, index, names[index]);
}

// "de Vries" and "Müller" make no mail address; only their ASCII letters do.
std::string mail_part(std::string_view name) {
  std::string result;
  for (const char c : base::to_lower(name))
    if (c >= 'a' && c <= 'z') result += c;
  return result;
}

void set_customer(Profile& profile, Dice& dice, Channel channel) {
  const std::string first = dice.pick(kFirstNames);
  const std::string last = dice.pick(kLastNames);
  const bool anonymous = dice.chance(.03);
  if (!anonymous) profile.customer_name = first + " " + last;
  const bool has_email = channel == Channel::Email || dice.chance(.9);
  if (has_email && !anonymous)
    profile.customer_email = fmt::format("{}.{}{}@example.org", mail_part(first), mail_part(last), dice.below(500));
  if (channel == Channel::Telephony || dice.chance(.25))
    profile.customer_phone = fmt::format("+3161{:07}", dice.below(10'000'000));
}

void set_addresses(Profile& profile, Dice& dice, Channel channel) {
  switch (channel) {
    case Channel::Telephony:
      profile.origin = profile.customer_phone;
      profile.destination = "+31850000123";
      if (dice.chance(.15)) {
        profile.direction = "outdial";
        std::swap(profile.origin, profile.destination);
      }
      break;
    case Channel::Email:
      profile.origin = profile.customer_email;
      profile.destination = "help@shop.example";
      break;
    case Channel::Social:
      profile.origin = fmt::format("{:015}", dice.below(1'000'000'000'000'000));
      profile.destination = "shop.example";
      profile.subtype = dice.chance(.5) ? "whatsapp" : "facebook";
      break;
    case Channel::Chat:
      profile.origin =
          profile.customer_email.empty() ? "https://shop.example/help?from=\"chat\"" : profile.customer_email;
      profile.destination = "WA03112233";
      break;
  }
}

void set_end(Profile& profile, Dice& dice, std::uint64_t seed) {
  if (!profile.agent) {
    profile.termination_type = "abandoned";
    profile.termination_reason = dice.chance(.7) ? "Customer Left" : "Queue Timeout";
    profile.terminating_end = profile.termination_reason == "Customer Left" ? "Customer" : "System";
    return;
  }
  const bool by_agent = dice.chance(.6);
  profile.termination_type = dice.chance(.04) ? "sudden_disconnect" : "normal";
  profile.termination_reason = by_agent ? "Agent Left" : "Customer Left";
  profile.terminating_end = by_agent ? "Agent" : "Customer";
  if (dice.chance(.92)) profile.wrapup = pick(dice, seed, 6, kWrapups);
  if (dice.chance(.35)) profile.csat = dice.between(1, 5);
  profile.wrapup_ms = dice.between(2000, 90000);
}

}  // namespace

Profile profile_of(std::uint64_t seed, TaskNumber number, const TaskRecord& record) {
  Dice dice(seed, Series::Script, number);
  Profile profile;
  const double language = dice.unit();
  profile.language = language < .4 ? 0 : language < .65 ? 1 : language < .8 ? 2 : language < .92 ? 3 : 4;
  set_customer(profile, dice, record.channel);
  set_addresses(profile, dice, record.channel);
  const double fate = dice.unit();
  if (fate >= .02) profile.queue = pick(dice, seed, 1, kQueues);
  if (fate >= .08) {
    profile.agent = pick(dice, seed, 2, kAgents);
    profile.team = pick(dice, seed, 3, kTeams);
  }
  profile.site = pick(dice, seed, 4, kSites);
  profile.entry_point = pick(dice, seed, 5, kEntryPoints);
  const double absence = dice.unit();
  profile.absence = absence < .8 ? Absence::NullMembers : absence < .93 ? Absence::EmptyTexts : Absence::NullObject;
  set_end(profile, dice, seed);
  profile.topic = dice.pick(kTopics);
  if (dice.chance(.3)) profile.contact_reason = profile.topic;
  const std::int64_t duration = (record.ended - record.created).count();
  profile.queue_ms = dice.between(0, std::max<std::int64_t>(0, duration / 5));
  profile.ringing_ms = profile.agent ? dice.between(0, std::max<std::int64_t>(0, duration / 20)) : 0;
  profile.transfers = profile.agent && dice.chance(.1) ? dice.between(1, 2) : 0;
  profile.holds = profile.agent && dice.chance(.05) ? 1 : 0;
  return profile;
}

}  // namespace wxcc::simulator
