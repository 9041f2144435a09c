// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/digest.h"
#include "base/error.h"

namespace wxcc::base {
namespace {

constexpr std::string_view kTemporarySuffix = ".tmp";
constexpr std::size_t kTemporaryBytes = 6;

Error exists_already(const Path& target) {
  return Error(
      fmt::format("writing {}: the file already exists; overwrite it, or choose another name", target.string()));
}

Path path_of(const FileDescriptor& fd) {
  return fmt::format("/proc/self/fd/{}", fd.get());
}

// Invalid where the file system has no files without a name, or where /proc is missing, by which they get one.
FileDescriptor create_unnamed(const Path& directory) {
  FileDescriptor fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  return fd.valid() && ::access(path_of(fd).c_str(), F_OK) == 0 ? std::move(fd) : FileDescriptor();
}

FileDescriptor create_new(const Path& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) throw FileError("creating", path, errno);
  return fd;
}

}  // namespace

AtomicFile::AtomicFile(Path target, OverwritePolicy policy, mode_t mode)
    : target_(std::move(target)), policy_(policy), mode_(mode) {
  struct stat info {};
  if (::lstat(target_.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) throw FileError("writing", target_, EISDIR);
    if (policy_ == OverwritePolicy::Fail) throw exists_already(target_);
  }
  fd_ = create_unnamed(directory_of(target_));
  if (fd_.valid()) return;
  Path name = temporary_name(target_);
  fd_ = create_new(name);
  temporary_ = std::move(name);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Path AtomicFile::path() const {
  return path_of(fd_);
}

void AtomicFile::commit() {
  if (::fchmod(fd_.get(), mode_) != 0) throw FileError("setting the mode of", target_, errno);
  give_to_directory_owner(fd_.get(), target_);
  if (temporary_.empty() && policy_ == OverwritePolicy::Overwrite) {
    Path name = temporary_name(target_);
    link(name);
    temporary_ = std::move(name);
  }
  if (::fsync(fd_.get()) != 0) throw FileError("flushing", target_, errno);
  publish();
  flush_directory_of(target_);
}

void AtomicFile::link(const Path& name) {
  if (::linkat(AT_FDCWD, path().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return;
  if (errno == EEXIST) throw exists_already(target_);
  throw FileError("naming", target_, errno);
}

void AtomicFile::publish() {
  if (temporary_.empty()) return link(target_);
  const bool overwrite = policy_ == OverwritePolicy::Overwrite;
  const unsigned flags = overwrite ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), flags) != 0) {
    if (errno == EEXIST) throw exists_already(target_);
    // Some file systems do not support RENAME_NOREPLACE.
    if (errno != EINVAL || overwrite) throw FileError("replacing", target_, errno);
    struct stat info {};
    if (::lstat(target_.c_str(), &info) == 0) throw exists_already(target_);
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) throw FileError("replacing", target_, errno);
  }
  temporary_.clear();
}

Path temporary_name(const Path& sibling) {
  Path name = sibling;
  name += fmt::format(".{}{}", to_hex(random_bytes(kTemporaryBytes)), kTemporarySuffix);
  return name;
}

std::vector<Path> find_stale_temp_files(const Path& path) {
  const std::string start = path.filename().string() + ".";
  const std::size_t length = start.size() + 2 * kTemporaryBytes + kTemporarySuffix.size();
  std::vector<Path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory_of(path), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == length && name.starts_with(start) && name.ends_with(kTemporarySuffix))
      found.push_back(entry.path());
  }
  return found;
}

void write_file_durably(const Path& path, std::string_view content, mode_t mode) {
  AtomicFile file(path, OverwritePolicy::Overwrite, mode);
  write_all(file.fd(), content, path);
  file.commit();
}

}  // namespace wxcc::base
