// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace wxcc::report {

// What to do when the extract's file is there already.
enum class Existing { Refuse, Replace };

// A file that appears under its name only when it is complete: until commit() it has no name (O_TMPFILE), so that a
// killed process leaves nothing behind; where the file system cannot do that, a new one beside the target (mode 0600),
// which the destructor removes. A symbolic link in the target's place is replaced, not followed.
class OutputFile {
 public:
  // Throws base::Error when the target exists and is to be refused, base::FileError when the new file cannot be made.
  OutputFile(base::Path target, Existing existing);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // By which this process can open the file being written.
  [[nodiscard]] base::Path path() const;
  [[nodiscard]] base::Path directory() const;
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Afterwards the target is this content with mode 0640, also after a power cut. Throws like the constructor.
  void commit();

 private:
  void publish();

  base::Path target_;
  Existing existing_;
  base::Path temporary_;  // the name to be removed; empty when there is none
  base::FileDescriptor fd_;
};

// Throws base::FileError with the system's reason unless a file of that size could be written into the directory at
// this moment: for a library that does not tell when it cannot write. Leaves nothing behind.
void require_space(const base::Path& directory, std::size_t bytes);

// Buffered writing to a descriptor that somebody else owns. What is still buffered at destruction is lost: call
// flush().
class TextSink {
 public:
  TextSink(int fd, base::Path name) : fd_(fd), name_(std::move(name)) {}

  // Both throw base::FileError.
  void write(std::string_view text);
  void flush();

 private:
  int fd_;
  base::Path name_;  // for messages
  std::string buffer_;
};

}  // namespace wxcc::report
