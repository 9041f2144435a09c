// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json_text.h"
#include "base/text.h"

namespace wxcc::base {
namespace {

constexpr int kMaxDepth = 100;
constexpr unsigned kStrictFlags = rapidjson::kParseValidateEncodingFlag;
constexpr unsigned kRelaxedFlags = kStrictFlags | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

using Value = rapidjson::Value;
using Document = rapidjson::Document;
using Stream = rapidjson::MemoryStream;

const Value& of(const void* value) {
  return *static_cast<const Value*>(value);
}
std::string_view view(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

// Stops at too deep nesting, before the parser's recursion could exhaust the stack. The base has no virtual functions:
// the parser must be given this very type.
class BoundedDocument : public Document {
 public:
  bool StartObject() { return enter() && Document::StartObject(); }
  bool EndObject(rapidjson::SizeType count) {
    --depth_;
    return Document::EndObject(count);
  }
  bool StartArray() { return enter() && Document::StartArray(); }
  bool EndArray(rapidjson::SizeType count) {
    --depth_;
    return Document::EndArray(count);
  }
  [[nodiscard]] bool too_deep() const { return depth_ > kMaxDepth; }

 private:
  bool enter() { return ++depth_ <= kMaxDepth; }
  int depth_ = 0;
};

template <unsigned Flags>
rapidjson::ParseResult populate(BoundedDocument& document, std::string_view text) {
  Stream stream(text.data(), text.size());
  rapidjson::ParseResult result;
  auto generator = [&](Document&) {
    result = rapidjson::Reader().Parse<Flags>(stream, document);
    return !result.IsError();
  };
  document.Populate(generator);
  return result;
}

JsonError error_at(std::string_view text, std::size_t offset, std::string_view what) {
  offset = std::min(offset, text.size());
  const auto line_start = text.substr(0, offset).rfind('\n');
  const std::size_t column = line_start == std::string_view::npos ? offset + 1 : offset - line_start;
  const int line = line_of_offset(text, offset);
  return {fmt::format("line {}, column {}: {}", line, column, what), line};
}

bool find_path(const Value& from, const Value* wanted, std::string& path) {
  if (&from == wanted) return true;
  const std::size_t length = path.size();
  if (from.IsObject()) {
    for (const auto& member : from.GetObject()) {
      path += '.';
      path += view(member.name);
      if (find_path(member.value, wanted, path)) return true;
      path.resize(length);
    }
  } else if (from.IsArray()) {
    for (rapidjson::SizeType i = 0; i < from.Size(); ++i) {
      path += fmt::format("[{}]", i);
      if (find_path(from[i], wanted, path)) return true;
      path.resize(length);
    }
  }
  return false;
}

std::optional<double> parse_real(std::string_view text) {
  text = trim(text);
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole(double number) {
  constexpr double kLimit = 9.0e18;
  if (!std::isfinite(number) || std::abs(number) > kLimit || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

bool JsonNode::is_null() const {
  return value_ == nullptr || of(value_).IsNull();
}
bool JsonNode::is_object() const {
  return value_ != nullptr && of(value_).IsObject();
}
bool JsonNode::is_array() const {
  return value_ != nullptr && of(value_).IsArray();
}
bool JsonNode::is_string() const {
  return value_ != nullptr && of(value_).IsString();
}
bool JsonNode::is_number() const {
  return value_ != nullptr && of(value_).IsNumber();
}
bool JsonNode::is_boolean() const {
  return value_ != nullptr && of(value_).IsBool();
}

JsonNode JsonNode::operator[](std::string_view name) const {
  if (!is_object()) return {};
  const auto found =
      of(value_).FindMember(Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return found == of(value_).MemberEnd() ? JsonNode() : JsonNode(&found->value);
}

JsonNode JsonNode::find_ignore_case(std::string_view name) const {
  if (!is_object()) return {};
  for (const auto& member : of(value_).GetObject())
    if (equals_ignoring_case(view(member.name), name)) return JsonNode(&member.value);
  return {};
}

std::size_t JsonNode::size() const {
  if (is_array()) return of(value_).Size();
  if (is_object()) return of(value_).MemberCount();
  return 0;
}

JsonNode JsonNode::at(std::size_t index) const {
  if (is_array()) return JsonNode(&of(value_)[static_cast<rapidjson::SizeType>(index)]);
  return JsonNode(&(of(value_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->value);
}

std::string_view JsonNode::name_at(std::size_t index) const {
  return view((of(value_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->name);
}

std::optional<std::string_view> JsonNode::text() const {
  if (!is_string()) return std::nullopt;
  return view(of(value_));
}

std::optional<bool> JsonNode::boolean() const {
  if (!is_boolean()) return std::nullopt;
  return of(value_).GetBool();
}

std::optional<std::int64_t> JsonNode::integer() const {
  if (is_string()) return parse_integer(trim(view(of(value_))));
  if (!is_number()) return std::nullopt;
  if (of(value_).IsInt64()) return of(value_).GetInt64();
  return of(value_).IsDouble() ? whole(of(value_).GetDouble()) : std::nullopt;
}

std::optional<double> JsonNode::number() const {
  const auto value = is_string()   ? parse_real(view(of(value_)))
                     : is_number() ? std::optional<double>(of(value_).GetDouble())
                                   : std::nullopt;
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::string> JsonNode::scalar_text() const {
  if (is_string()) return std::string(view(of(value_)));
  if (is_number() || is_boolean()) return to_json();
  return std::nullopt;
}

std::string_view JsonNode::kind() const {
  if (!exists()) return "nothing";
  if (is_object()) return "an object";
  if (is_array()) return "an array";
  if (is_string()) return "a string";
  if (is_number()) return "a number";
  if (is_boolean()) return "a boolean";
  return "null";
}

std::string JsonNode::to_json() const {
  if (!exists()) return "null";
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  of(value_).Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::Content {
  BoundedDocument document;
};

JsonDocument::JsonDocument(std::unique_ptr<Content> content) : content_(std::move(content)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Expected<JsonDocument, JsonError> JsonDocument::parse(std::string_view text, Dialect dialect) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto content = std::make_unique<Content>();
  const auto result = dialect == Dialect::Strict ? populate<kStrictFlags>(content->document, text)
                                                 : populate<kRelaxedFlags>(content->document, text);
  if (!result.IsError()) return JsonDocument(std::move(content));
  if (content->document.too_deep())
    return make_unexpected(error_at(text, result.Offset(), fmt::format("nested deeper than {} levels", kMaxDepth)));
  JsonError error = error_at(text, result.Offset(), rapidjson::GetParseError_En(result.Code()));
  error.encoding = result.Code() == rapidjson::kParseErrorStringInvalidEncoding ||
                   result.Code() == rapidjson::kParseErrorStringUnicodeSurrogateInvalid;
  return make_unexpected(std::move(error));
}

JsonNode JsonDocument::root() const {
  return JsonNode(static_cast<const Value*>(&content_->document));
}

std::string JsonDocument::path_of(JsonNode node) const {
  std::string path = "$";
  if (node.exists() && find_path(content_->document, &of(node.value_), path)) return excerpt(path);
  return "$";
}

}  // namespace wxcc::base
