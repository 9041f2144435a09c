// SPDX-License-Identifier: Apache-2.0
#include "store/erasure_verification.h"

#include <algorithm>

#include "store/archive_file.h"
#include "store/reader.h"
#include "store/residue_scan.h"

namespace wxcc::store {
namespace {

constexpr int kPages = 2000;

std::int64_t bytes_beside(const base::Path& path) {
  std::int64_t bytes = 0;
  for (const char* suffix : kDatabaseSuffixes) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path.string() + suffix, missing);
    if (!missing) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

std::vector<std::string> residue_in(const base::Path& path, const std::vector<std::string>& texts,
                                    ErasureVerification& result, const VerificationProgress& progress) {
  ResidueScanner scan(texts);
  const std::int64_t all = bytes_beside(path);
  const auto report = [&] { progress("bytes scanned", static_cast<std::int64_t>(scan.bytes_read()), all); };
  for (const char* suffix : kDatabaseSuffixes) scan.read(path.string() + suffix, report);
  result.texts = std::max(result.texts, scan.size());
  result.bytes_read += scan.bytes_read();
  return Reader::open(path).exclude_still_referenced(scan.found());
}

bool purge(Archive& archive, const VerificationProgress& progress) {
  std::int64_t pages = 0;
  auto step = Removal::Purge::More;
  while (step == Removal::Purge::More) {
    step = archive.removal().purge_step(kPages);
    progress("pages of the full text index merged", pages += kPages, 0);
  }
  return step == Removal::Purge::Done;
}

}  // namespace

ErasureVerification verify_erasure(Archive& archive, const std::vector<std::string>& texts,
                                   const VerificationProgress& progress) {
  const VerificationProgress report = progress ? progress : [](std::string_view, std::int64_t, std::int64_t) {};
  ErasureVerification result;
  result.blocked_by_reader = !purge(archive, report);
  if (result.blocked_by_reader || texts.empty()) return result;
  std::vector<std::string> left = residue_in(archive.path(), texts, result, report);
  if (!left.empty()) {
    // What SQLite moved between pages long ago may have left a copy where no row is.
    report("files written anew", 0, 0);
    archive.removal().vacuum();
    result.vacuumed = true;
    result.blocked_by_reader = !archive.checkpoint();
    if (result.blocked_by_reader) return result;
    left = residue_in(archive.path(), left, result, report);
  }
  result.matches_remaining = left.size();
  return result;
}

}  // namespace wxcc::store
