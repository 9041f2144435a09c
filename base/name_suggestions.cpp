// SPDX-License-Identifier: Apache-2.0
#include "base/name_suggestions.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"

namespace wxcc::base {
namespace {

// A name that differs in more than a third of its letters is not similar.
constexpr std::size_t kLettersPerTypo = 3;

// How many bytes must be inserted, removed or replaced to make one text of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::vector<std::string> suggest_names(std::string_view wanted, const std::vector<std::string>& known,
                                       std::size_t limit) {
  const std::string low = to_lower(trim(wanted));
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : known) {
    const std::string candidate = to_lower(name);
    const std::size_t distance = edit_distance(low, candidate);
    const bool within = !low.empty() && !candidate.empty() &&
                        (candidate.find(low) != std::string::npos || low.find(candidate) != std::string::npos);
    if (within)
      found.emplace_back(0, name);
    else if (distance * kLettersPerTypo <= std::max(low.size(), candidate.size()))
      found.emplace_back(distance, name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) names.push_back(std::move(found[i].second));
  return names;
}

}  // namespace wxcc::base
