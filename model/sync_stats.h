// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wxcc::model {

// What reading windows of the search has found.
struct ScanStats {
  int pages = 0;
  int ended = 0;    // ended tasks seen that are to be archived
  int added = 0;    // of them, new to the archive
  int changed = 0;  // of them, with changed members

  ScanStats& operator+=(const ScanStats& other) {
    pages += other.pages;
    ended += other.ended;
    added += other.added;
    changed += other.changed;
    return *this;
  }
};

// What fetching transcripts has brought.
struct FetchStats {
  int archived = 0;       // tasks whose transcript came
  int unparsed = 0;       // of them, those that could not be parsed
  int messages = 0;       // new ones
  int not_available = 0;  // tasks without a transcript so far
  int absent = 0;         // tasks given up: the API has none
  int failures = 0;       // attempts that failed
};

}  // namespace wxcc::model
