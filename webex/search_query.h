// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time_range.h"
#include "model/task_fields.h"
#include "model/time_field.h"

namespace wxcc::webex {

struct SearchRequest {
  base::TimeRange range;
  model::TimeField by = model::TimeField::Ended;
  std::vector<std::string> channels;  // enum literals of channelType
  std::string cursor;                 // empty: the first page
};

// A leaf of taskDetails as a path, "lastQueue.name".
struct RequestedField {
  std::string path;
  model::Necessity necessity;
};

// The fields of taskDetails that a search requests: those of model::task_fields(), but for those that this tenant's API
// rejects. It rejects the whole query for one field that it does not define (HTTP 400, FieldUndefined).
class FieldList {
 public:
  FieldList();

  // Drops every field that the error names and that is not required. False if it names none: the query is invalid for
  // another reason.
  bool drop_undefined(std::string_view error);
  // Drops the optional fields, for a tenant that rejects the list without naming a field. False if none are left.
  bool drop_non_core();
  // Requests every field again: tenants gain fields.
  void restore();
  [[nodiscard]] const std::vector<std::string>& dropped() const { return dropped_; }

  // "id status customer { name email } ..." with the argument (sort: asc) on the compared timestamp.
  [[nodiscard]] std::string selection(model::TimeField sorted_by) const;

 private:
  template <typename Predicate>
  bool drop(const Predicate& unwanted);

  std::vector<RequestedField> fields_;  // members of one object stand together
  std::vector<std::string> dropped_;
};

// True if the text of an error response may be about a field that is not defined.
bool mentions_undefined_field(std::string_view error);

// The JSON body of POST /search: one page of ended (or created) tasks, oldest first.
std::string search_body(const SearchRequest& request, const FieldList& fields);

// True if the text is a valid enum literal of GraphQL.
bool is_channel_literal(std::string_view text);

}  // namespace wxcc::webex
