// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.h"

#include <fmt/format.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace wxcc::base {
namespace {

using Stream = rapidjson::MemoryStream;

constexpr unsigned kFlags = rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

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

int line_of_offset(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

std::optional<int> line_of_json_member(std::string_view text, std::string_view path) {
  Stream stream(text.data(), text.size());
  KeyFinder finder(stream, path);
  rapidjson::Reader reader;
  reader.Parse<kFlags>(stream, finder);
  if (!finder.found) return std::nullopt;
  return line_of_offset(text, *finder.found);
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

}  // namespace wxcc::base
