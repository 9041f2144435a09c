// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time_range.h"
#include "model/time_field.h"

namespace wxcc::webex {

struct SearchRequest {
  base::TimeRange range;
  model::TimeField by = model::TimeField::Ended;
  std::vector<std::string> channels;  // enum literals of channelType
  std::string cursor;                 // empty: the first page
};

// The fields of taskDetails that the archive asks for. A tenant that does not know a field refuses the whole query
// (HTTP 400, FieldUndefined); that field is then left out.
class FieldList {
 public:
  FieldList();

  // Leaves out every optional field that the refusal names. False when it names none: the query is wrong otherwise.
  bool drop_undefined(std::string_view refusal);
  // Leaves out all but the few that matter, for a tenant that refuses the list without naming a field. False when no
  // others are left.
  bool drop_optional();
  // Everything again: tenants learn fields.
  void restore();
  [[nodiscard]] const std::vector<std::string>& dropped() const { return dropped_; }

  // "id status customer { name email } ..." with the argument (sort: asc) on the compared stamp.
  [[nodiscard]] std::string selection(model::TimeField sorted_by) const;

 private:
  template <typename Unwanted>
  bool drop(const Unwanted& unwanted);

  std::vector<std::string> fields_;  // "lastQueue.name" is nested
  std::vector<std::string> dropped_;
};

// True when a refusal may be about a field, by its words.
bool speaks_of_fields(std::string_view refusal);

// The JSON body of POST /search: one page of ended (or created) tasks, oldest first.
std::string search_body(const SearchRequest& request, const FieldList& fields);

// True for what may stand as an enum literal in a query's text.
bool is_channel_literal(std::string_view text);

}  // namespace wxcc::webex
