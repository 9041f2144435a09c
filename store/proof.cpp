// SPDX-License-Identifier: Apache-2.0
#include "store/proof.h"

#include <algorithm>

#include "store/reader.h"
#include "store/traces.h"

namespace wxcc::store {
namespace {

constexpr int kPages = 2000;
constexpr const char* kSuffixes[] = {"", "-wal", "-shm", "-journal"};

std::int64_t bytes_beside(const base::Path& path) {
  std::int64_t bytes = 0;
  for (const char* suffix : kSuffixes) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path.string() + suffix, missing);
    if (!missing) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

std::vector<std::string> traces_in(const base::Path& path, const std::vector<std::string>& texts, Proof& proof,
                                   const ProofProgress& progress) {
  TraceScan scan(texts);
  const std::int64_t all = bytes_beside(path);
  const auto tell = [&] { progress("bytes looked through", static_cast<std::int64_t>(scan.bytes_read()), all); };
  for (const char* suffix : kSuffixes) scan.read(path.string() + suffix, tell);
  proof.texts = std::max(proof.texts, scan.size());
  proof.bytes_read += scan.bytes_read();
  return Reader::open(path).without_owner(scan.found());
}

bool purge(Archive& archive, const ProofProgress& progress) {
  std::int64_t pages = 0;
  auto step = Archive::Purge::More;
  while (step == Archive::Purge::More) {
    step = archive.purge_step(kPages);
    progress("pages of the full text index merged", pages += kPages, 0);
  }
  return step == Archive::Purge::Done;
}

}  // namespace

Proof prove_removal(Archive& archive, const std::vector<std::string>& texts, const ProofProgress& progress) {
  const ProofProgress tell = progress ? progress : [](std::string_view, std::int64_t, std::int64_t) {};
  Proof proof;
  proof.reader_in_the_way = !purge(archive, tell);
  if (proof.reader_in_the_way || texts.empty()) return proof;
  std::vector<std::string> left = traces_in(archive.path(), texts, proof, tell);
  if (!left.empty()) {
    // What SQLite moved between pages long ago may have left a copy where no row is.
    tell("files written anew", 0, 0);
    archive.rebuild_file();
    proof.file_rebuilt = true;
    proof.reader_in_the_way = !archive.checkpoint();
    if (proof.reader_in_the_way) return proof;
    left = traces_in(archive.path(), left, proof, tell);
  }
  proof.traces_left = left.size();
  return proof;
}

}  // namespace wxcc::store
