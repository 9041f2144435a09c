// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/expected.h"
#include "base/instant.h"

namespace wxcc::base {

// One value of a parsed JSON text, or the absence of one: looking up a missing member gives a node that does not exist,
// whose own members do not exist either. Refers into its JsonDocument, which must outlive it. Cheap to copy.
class JsonNode {
 public:
  JsonNode() = default;

  [[nodiscard]] bool exists() const { return value_ != nullptr; }
  [[nodiscard]] bool is_null() const;  // absent or null: the API means the same by both
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_boolean() const;

  // The member of that name, the first when there are several.
  [[nodiscard]] JsonNode operator[](std::string_view name) const;
  [[nodiscard]] JsonNode find_ignore_case(std::string_view name) const;

  // Elements of an array or members of an object; 0 for anything else. The index must be below size().
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] JsonNode at(std::size_t index) const;
  [[nodiscard]] std::string_view name_at(std::size_t index) const;  // objects only

  // Exactly a string / true or false.
  [[nodiscard]] std::optional<std::string_view> text() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  // Lenient: a whole number in any spelling, also 12.0 and "12".
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  // Lenient: a finite number, also in a string.
  [[nodiscard]] std::optional<double> number() const;
  // Lenient: the text of a string, number or boolean.
  [[nodiscard]] std::optional<std::string> scalar_text() const;

  // "an object", "a string", "nothing": for messages.
  [[nodiscard]] std::string_view kind() const;
  // The value as compact JSON.
  [[nodiscard]] std::string to_json() const;

  friend bool operator==(JsonNode, JsonNode) = default;

  // Elements of an array, in order; empty for anything else.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = JsonNode;
    using difference_type = std::ptrdiff_t;
    using pointer = const JsonNode*;
    using reference = JsonNode;
    Iterator(const JsonNode* array, std::size_t index) : array_(array), index_(index) {}
    JsonNode operator*() const { return array_->at(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const JsonNode* array_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, is_array() ? size() : 0}; }

 private:
  friend class JsonDocument;
  explicit JsonNode(const void* value) : value_(value) {}
  const void* value_ = nullptr;  // a rapidjson::Value
};

struct JsonError {
  std::string message;  // "line 3, column 14: missing a comma or }"; no text of the document
  int line = 0;
  bool encoding = false;  // ill-formed UTF-8 or an unpaired surrogate escape: base::repair_json may help
};

// A JSON text (RFC 8259), parsed. Move-only owner of everything its nodes refer to.
class JsonDocument {
 public:
  enum class Dialect {
    Strict,   // RFC 8259
    Relaxed,  // comments and trailing commas too, for files edited by hand
  };
  // Nesting beyond 100 levels, ill-formed UTF-8 and anything after the value are errors.
  static Expected<JsonDocument, JsonError> parse(std::string_view text, Dialect dialect = Dialect::Strict);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  [[nodiscard]] JsonNode root() const;

  // Where a node stands: "$.data[0].transcription[1].filePath". Searches the document, so for error messages only.
  [[nodiscard]] std::string path_of(JsonNode node) const;

 private:
  struct Content;
  explicit JsonDocument(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

// Writes one JSON value. Calls must follow JSON's grammar. Strings are repaired to well-formed UTF-8.
class JsonWriter {
 public:
  enum class Style { Compact, Indented };
  explicit JsonWriter(Style style = Style::Compact);
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(double number);
  JsonWriter& value(bool boolean);
  JsonWriter& value(Instant instant);  // ISO 8601 UTC, with milliseconds
  JsonWriter& null();
  JsonWriter& value(JsonNode node);
  template <typename T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  template <typename T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  // null for an empty text.
  JsonWriter& member_or_null(std::string_view name, std::string_view text) {
    return text.empty() ? key(name).null() : key(name).value(text);
  }

  [[nodiscard]] std::string text() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace wxcc::base
