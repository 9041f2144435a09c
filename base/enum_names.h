// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace wxcc::base {

template <typename Enum>
struct EnumName {
  Enum value;
  std::string_view text;
};

// The words of an enumeration, as the archive, JSON, logs and options spell them; made by enum_names().
template <typename Enum, std::size_t Count>
class EnumNames {
 public:
  consteval explicit EnumNames(const std::array<EnumName<Enum>, Count>& rows) : rows_(rows) {
    for (std::size_t i = 0; i < Count; ++i)
      if (static_cast<std::size_t>(rows[i].value) != i || rows[i].text.empty()) std::abort();
  }

  [[nodiscard]] constexpr std::string_view text_of(Enum value) const {
    return rows_.at(static_cast<std::size_t>(value)).text;
  }
  // std::nullopt for any other text.
  [[nodiscard]] constexpr std::optional<Enum> parse(std::string_view text) const {
    for (const EnumName<Enum>& row : rows_)
      if (row.text == text) return row.value;
    return std::nullopt;
  }
  [[nodiscard]] static constexpr std::size_t size() { return Count; }
  [[nodiscard]] constexpr auto begin() const { return rows_.begin(); }
  [[nodiscard]] constexpr auto end() const { return rows_.end(); }

 private:
  std::array<EnumName<Enum>, Count> rows_;
};

// One row for each enumerator, in their order, which must count from 0; the compiler rejects another order.
//
//   inline constexpr auto kSideNames = base::enum_names<Side>({{Side::Left, "left"}, {Side::Right, "right"}});
template <typename Enum, std::size_t Count>
consteval EnumNames<Enum, Count> enum_names(const EnumName<Enum> (&rows)[Count]) {
  return EnumNames<Enum, Count>(std::to_array(rows));
}

}  // namespace wxcc::base
