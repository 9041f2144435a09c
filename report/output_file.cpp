// SPDX-License-Identifier: Apache-2.0
#include "report/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/digest.h"
#include "base/error.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kBuffer = 64 * 1024;
constexpr mode_t kExtractMode = 0640;

base::Error exists_already(const base::Path& target) {
  return base::Error(fmt::format(
      "writing the extract to {}: there is such a file already; move it away or choose another name", target.string()));
}

base::Path directory_of(const base::Path& path) {
  return path.has_parent_path() ? path.parent_path() : base::Path(".");
}

base::Path new_name(const base::Path& beside) {
  base::Path name = beside;
  name += fmt::format(".{}.tmp", base::to_hex(base::random_bytes(6)));
  return name;
}

// A file without a name: nothing is left of it when the process dies. Not on every file system: invalid then.
base::FileDescriptor create_unnamed(const base::Path& directory) {
  return base::FileDescriptor(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

base::Path path_of(const base::FileDescriptor& fd) {
  return fmt::format("/proc/self/fd/{}", fd.get());
}

base::FileDescriptor create_new(const base::Path& path) {
  base::FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) throw base::FileError("creating", path, errno);
  return fd;
}

}  // namespace

OutputFile::OutputFile(base::Path target, Existing existing) : target_(std::move(target)), existing_(existing) {
  struct stat info {};
  if (::lstat(target_.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) throw base::FileError("writing the extract to", target_, EISDIR);
    if (existing_ == Existing::Refuse) throw exists_already(target_);
  }
  fd_ = create_unnamed(directory());
  if (fd_.valid()) return;
  temporary_ = new_name(target_);
  fd_ = create_new(temporary_);
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

base::Path OutputFile::path() const {
  return path_of(fd_);
}

base::Path OutputFile::directory() const {
  return directory_of(target_);
}

void OutputFile::commit() {
  if (::fchmod(fd_.get(), kExtractMode) != 0) throw base::FileError("setting the mode of", target_, errno);
  if (::fsync(fd_.get()) != 0) throw base::FileError("flushing", target_, errno);
  publish();
  const base::FileDescriptor folder(::open(directory().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0)
    throw base::FileError("flushing the directory", directory(), errno);
}

void OutputFile::publish() {
  if (temporary_.empty()) {
    base::Path name = existing_ == Existing::Refuse ? target_ : new_name(target_);
    if (::linkat(AT_FDCWD, path().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      if (errno == EEXIST) throw exists_already(target_);
      throw base::FileError("naming", target_, errno);
    }
    if (existing_ == Existing::Refuse) return;
    temporary_ = std::move(name);
  }
  const unsigned flags = existing_ == Existing::Refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), flags) != 0) {
    if (errno == EEXIST) throw exists_already(target_);
    // Some file systems cannot refuse to replace in one step.
    if (errno != EINVAL || flags == 0) throw base::FileError("replacing", target_, errno);
    struct stat info {};
    if (::lstat(target_.c_str(), &info) == 0) throw exists_already(target_);
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) throw base::FileError("replacing", target_, errno);
  }
  temporary_.clear();
}

void require_space(const base::Path& directory, std::size_t bytes) {
  const base::Path probe = new_name(directory / "space");
  const base::FileDescriptor file = create_new(probe);
  ::unlink(probe.c_str());
  const int result = ::fallocate(file.get(), 0, 0, static_cast<off_t>(bytes));
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS)
    throw base::FileError("writing the extract in", directory, errno);
}

void TextSink::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBuffer) flush();
}

void TextSink::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw base::FileError("writing", name_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

}  // namespace wxcc::report
