// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wxcc::base {

using Path = std::filesystem::path;

// A file descriptor that closes itself. Move-only.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

// The whole file. Throws FileError when it cannot be read, is no regular file, or is larger than the limit.
std::string read_file(const Path& path, std::size_t limit = 16U << 20U);

// The same, but nothing when there is no such file.
std::optional<std::string> read_file_if_present(const Path& path, std::size_t limit = 16U << 20U);

// Afterwards the path holds exactly this content with this mode, also after a power cut; before, and on any failure,
// what was there stays: see AtomicFile. Throws FileError.
void write_file_durably(const Path& path, std::string_view content, mode_t mode);

// The new files, whole or not, of write_file_durably for this path whose process was killed before the renaming, or is
// still at it.
std::vector<Path> find_stale_temp_files(const Path& path);

// "." for a name without a directory.
[[nodiscard]] Path directory_of(const Path& path);

// What an administrator does as root in the service's directory must not lock the service out of its own files: for
// root the open file of this path gets the directory's owner. Throws FileError.
void give_to_directory_owner(int fd, const Path& path);

// All of it; the path is for the message. Throws FileError.
void write_all(int fd, std::string_view content, const Path& path);

// Makes the names in the file's directory durable. Throws FileError.
void flush_directory_of(const Path& path);

// In bytes; 0 where there is no file.
std::uintmax_t size_of(const Path& path);

// Whom the mode of a file lets read it. Owner also where there is no file.
enum class ReadAccess { Owner, Group, World };
ReadAccess read_access(const Path& path);

// An advisory lock (flock) on a file of its own, held until destruction. The file stays; it is never followed through a
// link. Made by root it belongs to the directory's owner.
class FileLock {
 public:
  // Waits for the lock. Throws FileError.
  static FileLock acquire(const Path& path);
  // Nothing when another process holds it.
  static std::optional<FileLock> try_acquire(const Path& path, mode_t mode = 0600);

  // What the holder of the lock says of itself; for the message to those who find it taken.
  void write_owner(std::string_view text) const;
  static std::string read_owner(const Path& path);

 private:
  explicit FileLock(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace wxcc::base
