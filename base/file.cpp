// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace wxcc::base {
namespace {

FileDescriptor open_lock_file(const Path& path, mode_t mode) {
  FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (fd.valid()) {
    // Every user who may read the archive may read the lock's owner too, whatever the umask.
    if (::fchmod(fd.get(), mode) != 0) throw FileError("setting the mode of", path, errno);
    give_to_directory_owner(fd.get(), path);
    return fd;
  }
  fd = FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid()) throw FileError("opening the lock file", path, errno);
  return fd;
}

std::string read_all(int fd, const Path& path, std::size_t limit) {
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError("reading", path, errno);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) throw FileError("reading", path, EFBIG);
  }
}

}  // namespace

FileError::FileError(const std::string& operation, const std::string& path, int error_number)
    : Error(fmt::format("{} {}: {}", operation, path, std::strerror(error_number))), error_number_(error_number) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int FileDescriptor::release() {
  return std::exchange(fd_, -1);
}

std::string read_file(const Path& path, std::size_t limit) {
  // Without O_NONBLOCK a fifo in the file's place would block the process.
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) throw FileError("opening", path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw FileError("reading", path, errno);
  if (S_ISDIR(info.st_mode)) throw FileError("reading", path, EISDIR);
  if (!S_ISREG(info.st_mode)) throw FileError("reading", path, EINVAL);
  return read_all(fd.get(), path, limit);
}

std::optional<std::string> read_file_if_present(const Path& path, std::size_t limit) {
  try {
    return read_file(path, limit);
  } catch (const FileError& error) {
    if (error.error_number() == ENOENT) return std::nullopt;
    throw;
  }
}

Path directory_of(const Path& path) {
  return path.has_parent_path() ? path.parent_path() : Path(".");
}

void give_to_directory_owner(int fd, const Path& path) {
  if (::geteuid() != 0) return;
  struct stat directory {};
  if (::stat(directory_of(path).c_str(), &directory) != 0 || directory.st_uid == 0) return;
  if (::fchown(fd, directory.st_uid, directory.st_gid) != 0) throw FileError("setting the owner of", path, errno);
}

void write_all(int fd, std::string_view content, const Path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw FileError("writing", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void flush_directory_of(const Path& path) {
  const Path directory = directory_of(path);
  const FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw FileError("flushing the directory", directory, errno);
}

std::uintmax_t size_of(const Path& path) {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(path, missing);
  return missing ? 0 : bytes;
}

ReadAccess read_access(const Path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return ReadAccess::Owner;
  if ((info.st_mode & S_IROTH) != 0) return ReadAccess::World;
  return (info.st_mode & S_IRGRP) != 0 ? ReadAccess::Group : ReadAccess::Owner;
}

FileLock FileLock::acquire(const Path& path) {
  FileDescriptor fd = open_lock_file(path, 0600);
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) throw FileError("locking", path, errno);
  return FileLock(std::move(fd));
}

std::optional<FileLock> FileLock::try_acquire(const Path& path, mode_t mode) {
  FileDescriptor fd = open_lock_file(path, mode);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(fd));
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw FileError("locking", path, errno);
}

void FileLock::write_owner(std::string_view text) const {
  const auto size = static_cast<ssize_t>(text.size());
  if (::ftruncate(fd_.get(), 0) != 0 || ::pwrite(fd_.get(), text.data(), text.size(), 0) != size)
    throw FileError("writing", "the lock file", errno);
}

std::string FileLock::read_owner(const Path& path) {
  try {
    return read_file(path, 4096);
  } catch (const FileError&) {
    return {};
  }
}

}  // namespace wxcc::base
