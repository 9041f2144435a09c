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

// The same; std::nullopt if the file does not exist.
std::optional<std::string> read_file_if_present(const Path& path, std::size_t limit = 16U << 20U);

// Afterwards the path holds exactly this content with this mode, durably (fsync of file and directory);
// until then, and on any failure, the existing file stays: see AtomicFile. Throws FileError.
void write_file_durably(const Path& path, std::string_view content, mode_t mode);

// The temporary files of write_file_durably for this path, complete or not: those of a process that was killed before
// the rename, or that is still writing.
std::vector<Path> find_stale_temp_files(const Path& path);

// "." for a name without a directory.
[[nodiscard]] Path directory_of(const Path& path);

// For root, gives the open file of this path to the directory's owner, so that a command of an administrator does not
// lock the service out of its own files. Throws FileError.
void give_to_directory_owner(int fd, const Path& path);

// All of it; the path is for the message. Throws FileError.
void write_all(int fd, std::string_view content, const Path& path);

// Makes the names in the file's directory durable. Throws FileError.
void flush_directory_of(const Path& path);

// In bytes; 0 if the file does not exist.
std::uintmax_t size_of(const Path& path);

// Who may read a file by its mode. Owner if the file does not exist.
enum class ReadAccess { Owner, Group, World };
ReadAccess read_access(const Path& path);

// An advisory lock (flock) on a file of its own, held until destruction. The file stays; it is never followed through a
// link. Made by root it belongs to the directory's owner.
class FileLock {
 public:
  // Waits for the lock. Throws FileError.
  static FileLock acquire(const Path& path);
  // std::nullopt when another process holds it.
  static std::optional<FileLock> try_acquire(const Path& path, mode_t mode = 0600);

  // A description of the lock's owner, for the messages of processes that find the lock taken.
  void write_owner(std::string_view text) const;
  static std::string read_owner(const Path& path);

 private:
  explicit FileLock(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace wxcc::base
