// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace wxcc::base {

// A token, key or password. Cannot be printed or formatted; its memory is wiped on destruction. reveal() is the only
// access to the text, so that a search for it finds every place that handles one.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  // A moved-from std::string may keep the bytes of a short text: copy, then wipe.
  Secret(Secret&& other) noexcept : text_(other.text_) {  // NOLINT(performance-move-constructor-init)
    other.wipe();
  }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = other.text_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] const std::string& reveal() const { return text_; }
  friend bool operator==(const Secret& a, const Secret& b) { return a.text_ == b.text_; }

 private:
  void wipe() noexcept;
  std::string text_;
};

// Overwrites the text's memory, also where the optimiser sees no further use, and leaves it empty.
void wipe(std::string& text) noexcept;

}  // namespace wxcc::base
