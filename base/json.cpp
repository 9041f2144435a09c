// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "base/text.h"

namespace wxcc::base {
namespace {

constexpr int kMaxDepth = 100;
constexpr unsigned kStrictFlags = rapidjson::kParseValidateEncodingFlag;
constexpr unsigned kRelaxedFlags = kStrictFlags | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

using Value = rapidjson::Value;
using Stream = rapidjson::MemoryStream;

const Value& of(const void* value) {
  return *static_cast<const Value*>(value);
}
std::string_view view(const Value& string) {
  return {string.GetString(), string.GetStringLength()};
}

// Passes the parser's events on and stops at too deep nesting, before the parser's own recursion or the document's
// destruction could exhaust the stack.
template <typename Handler>
class DepthLimit {
 public:
  using Ch = char;
  DepthLimit(Handler& next, bool& exceeded) : next_(next), exceeded_(exceeded) {}
  bool Null() { return next_.Null(); }
  bool Bool(bool b) { return next_.Bool(b); }
  bool Int(int i) { return next_.Int(i); }
  bool Uint(unsigned u) { return next_.Uint(u); }
  bool Int64(std::int64_t i) { return next_.Int64(i); }
  bool Uint64(std::uint64_t u) { return next_.Uint64(u); }
  bool Double(double d) { return next_.Double(d); }
  bool RawNumber(const Ch* text, rapidjson::SizeType length, bool copy) { return next_.RawNumber(text, length, copy); }
  bool String(const Ch* text, rapidjson::SizeType length, bool copy) { return next_.String(text, length, copy); }
  bool StartObject() { return enter() && next_.StartObject(); }
  bool Key(const Ch* text, rapidjson::SizeType length, bool copy) { return next_.Key(text, length, copy); }
  bool EndObject(rapidjson::SizeType count) {
    --depth_;
    return next_.EndObject(count);
  }
  bool StartArray() { return enter() && next_.StartArray(); }
  bool EndArray(rapidjson::SizeType count) {
    --depth_;
    return next_.EndArray(count);
  }

 private:
  bool enter() {
    exceeded_ = ++depth_ > kMaxDepth;
    return !exceeded_;
  }
  Handler& next_;
  bool& exceeded_;
  int depth_ = 0;
};

template <unsigned Flags>
rapidjson::ParseResult populate(rapidjson::Document& document, std::string_view text, bool& too_deep) {
  Stream stream(text.data(), text.size());
  rapidjson::Reader reader;
  rapidjson::ParseResult result;
  auto generator = [&](rapidjson::Document& handler) {
    DepthLimit<rapidjson::Document> limited(handler, too_deep);
    result = reader.Parse<Flags>(stream, limited);
    return !result.IsError();
  };
  document.Populate(generator);
  return result;
}

int line_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

JsonError error_at(std::string_view text, std::size_t offset, std::string_view what) {
  offset = std::min(offset, text.size());
  const auto line_start = text.substr(0, offset).rfind('\n');
  const std::size_t column = line_start == std::string_view::npos ? offset + 1 : offset - line_start;
  const int line = line_at(text, offset);
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

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  text = trim(text);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole(double number) {
  constexpr double kLimit = 9.0e18;
  if (!std::isfinite(number) || std::abs(number) > kLimit || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

// Remembers the place of the key whose path is wanted.
class KeyFinder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, KeyFinder> {
 public:
  KeyFinder(const Stream& stream, std::string_view wanted) : stream_(stream), wanted_(wanted) {}
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    names_.back().assign(text, length);
    if (!found && fmt::format("{}", fmt::join(names_, ".")) == wanted_) found = stream_.Tell();
    return true;
  }
  bool StartObject() { return open(); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  std::optional<std::size_t> found;

 private:
  bool open() {
    names_.emplace_back();
    return true;
  }
  bool close() {
    names_.pop_back();
    return true;
  }
  const Stream& stream_;
  std::string_view wanted_;
  std::vector<std::string> names_;
};

// The code unit of a "\uXXXX" escape at this place.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + 6, value, 16);
  if (error != std::errc{} || end != text.data() + at + 6) return std::nullopt;
  return value;
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
  if (is_string()) return parse_number<std::int64_t>(view(of(value_)));
  if (!is_number()) return std::nullopt;
  if (of(value_).IsInt64()) return of(value_).GetInt64();
  return of(value_).IsDouble() ? whole(of(value_).GetDouble()) : std::nullopt;
}

std::optional<double> JsonNode::number() const {
  const auto value = is_string()   ? parse_number<double>(view(of(value_)))
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
  rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<Content> content) : content_(std::move(content)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Expected<JsonDocument, JsonError> JsonDocument::parse(std::string_view text, Dialect dialect) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto content = std::make_unique<Content>();
  bool too_deep = false;
  const auto result = dialect == Dialect::Strict ? populate<kStrictFlags>(content->document, text, too_deep)
                                                 : populate<kRelaxedFlags>(content->document, text, too_deep);
  if (!result.IsError()) return JsonDocument(std::move(content));
  if (too_deep)
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

std::optional<int> line_of_json_member(std::string_view text, std::string_view path) {
  Stream stream(text.data(), text.size());
  KeyFinder finder(stream, path);
  rapidjson::Reader reader;
  reader.Parse<kRelaxedFlags>(stream, finder);
  if (!finder.found) return std::nullopt;
  return line_at(text, *finder.found);
}

std::string repair_json(std::string_view text) {
  std::string repaired = repair_utf8(text);
  for (std::size_t at = 0; at + 1 < repaired.size(); ++at) {
    if (repaired[at] != '\\') continue;
    const auto unit = escaped_unit(repaired, at);
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
      ++at;  // the escaped character is no start of an escape itself
      continue;
    }
    const auto next = escaped_unit(repaired, at + 6);
    if (*unit <= 0xDBFF && next && *next >= 0xDC00 && *next <= 0xDFFF) {
      at += 11;
    } else {
      repaired.replace(at, 6, "\\uFFFD");
      at += 5;
    }
  }
  return repaired;
}

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
