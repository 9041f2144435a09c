// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "base/file.h"

namespace wxcc::base {

// What to do when the file to be written already exists.
enum class OverwritePolicy { Fail, Overwrite };

// A file that appears under its name only when it is complete: until commit() it has no name (O_TMPFILE), so that a
// killed process leaves nothing behind; where the file system cannot do that, it is a new one next to the target,
// which the destructor removes. Until then only its owner can read it. A symbolic link in the target's place is
// replaced, not followed. Written by root it belongs to the directory's owner.
class AtomicFile {
 public:
  // Throws Error when the target exists and must not be overwritten, FileError when the new file cannot be made.
  AtomicFile(Path target, OverwritePolicy policy, mode_t mode);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // A path by which this process can open the file being written.
  [[nodiscard]] Path path() const;
  [[nodiscard]] const Path& target() const { return target_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Afterwards the target is this content with the mode, durably (fsync of file and directory). Throws like the
  // constructor; the target is then as it was. A complete file that replaces another has a temporary name while it is
  // flushed, so that its content outlives a killed process (find_stale_temp_files).
  void commit();

 private:
  void link(const Path& name);
  void publish();

  Path target_;
  OverwritePolicy policy_;
  mode_t mode_;
  Path temporary_;  // the name to be removed; empty: the file has no name
  FileDescriptor fd_;
};

// A name in the file's directory that no other process uses: the file's, a dot, twelve hexadecimal digits and ".tmp".
[[nodiscard]] Path temporary_name(const Path& sibling);

}  // namespace wxcc::base
