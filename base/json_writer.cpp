// SPDX-License-Identifier: Apache-2.0
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>

#include "base/json.h"
#include "base/text.h"

namespace wxcc::base {

struct JsonWriter::Content {
  rapidjson::StringBuffer buffer;
  // One of the two.
  std::unique_ptr<rapidjson::Writer<rapidjson::StringBuffer>> compact;
  std::unique_ptr<rapidjson::PrettyWriter<rapidjson::StringBuffer>> indented;

  template <typename Call>
  void apply(Call call) {
    if (indented)
      call(*indented);
    else
      call(*compact);
  }
};

JsonWriter::JsonWriter(Style style) : content_(std::make_unique<Content>()) {
  if (style == Style::Compact) {
    content_->compact = std::make_unique<rapidjson::Writer<rapidjson::StringBuffer>>(content_->buffer);
  } else {
    content_->indented = std::make_unique<rapidjson::PrettyWriter<rapidjson::StringBuffer>>(content_->buffer);
    content_->indented->SetIndent(' ', 2);
  }
}
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  content_->apply([](auto& writer) { writer.StartObject(); });
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  content_->apply([](auto& writer) { writer.EndObject(); });
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  content_->apply([](auto& writer) { writer.StartArray(); });
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  content_->apply([](auto& writer) { writer.EndArray(); });
  return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
  content_->apply([&](auto& writer) { writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()), true); });
  return *this;
}
JsonWriter& JsonWriter::value(std::string_view text) {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = repair_utf8(text);
  content_->apply(
      [&](auto& writer) { writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()), true); });
  return *this;
}
JsonWriter& JsonWriter::value(std::int64_t number) {
  content_->apply([&](auto& writer) { writer.Int64(number); });
  return *this;
}
JsonWriter& JsonWriter::value(double number) {
  content_->apply([&](auto& writer) {
    if (std::isfinite(number))
      writer.Double(number);
    else
      writer.Null();
  });
  return *this;
}
JsonWriter& JsonWriter::value(bool boolean) {
  content_->apply([&](auto& writer) { writer.Bool(boolean); });
  return *this;
}
JsonWriter& JsonWriter::value(Instant instant) {
  return value(std::string_view(to_iso8601(instant)));
}
JsonWriter& JsonWriter::null() {
  content_->apply([](auto& writer) { writer.Null(); });
  return *this;
}
JsonWriter& JsonWriter::value(JsonNode node) {
  if (node.is_object()) {
    begin_object();
    for (std::size_t i = 0; i < node.size(); ++i) key(node.name_at(i)).value(node.at(i));
    return end_object();
  }
  if (node.is_array()) {
    begin_array();
    for (const JsonNode element : node) value(element);
    return end_array();
  }
  if (const auto text = node.text()) return value(*text);
  if (const auto boolean = node.boolean()) return value(*boolean);
  if (node.is_number()) {
    const std::string spelled = node.to_json();
    content_->apply([&](auto& writer) { writer.RawValue(spelled.data(), spelled.size(), rapidjson::kNumberType); });
    return *this;
  }
  return null();
}

std::string JsonWriter::text() const {
  return {content_->buffer.GetString(), content_->buffer.GetSize()};
}

}  // namespace wxcc::base
