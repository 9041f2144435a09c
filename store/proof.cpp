// SPDX-License-Identifier: Apache-2.0
#include "store/proof.h"

#include <algorithm>

#include "store/reader.h"
#include "store/traces.h"

namespace wxcc::store {
namespace {

constexpr int kPages = 2000;

std::vector<std::string> traces_in(const base::Path& path, const std::vector<std::string>& texts, Proof& proof) {
  TraceScan scan(texts);
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) scan.read(path.string() + suffix);
  proof.texts = std::max(proof.texts, scan.size());
  proof.bytes_read += scan.bytes_read();
  std::vector<std::string> found = scan.found();
  const Reader reader = Reader::open(path);
  found.erase(
      std::remove_if(found.begin(), found.end(), [&](const std::string& text) { return reader.still_used(text); }),
      found.end());
  return found;
}

}  // namespace

Proof prove_removal(Archive& archive, const std::vector<std::string>& texts) {
  Proof proof;
  auto purge = Archive::Purge::More;
  while (purge == Archive::Purge::More) purge = archive.purge_step(kPages);
  proof.reader_in_the_way = purge == Archive::Purge::ReaderInTheWay;
  if (proof.reader_in_the_way) return proof;
  std::vector<std::string> left = traces_in(archive.path(), texts, proof);
  if (!left.empty()) {
    // What SQLite moved between pages long ago may have left a copy where no row is.
    archive.rebuild_file();
    proof.file_rebuilt = true;
    proof.reader_in_the_way = !archive.checkpoint();
    if (proof.reader_in_the_way) return proof;
    left = traces_in(archive.path(), left, proof);
  }
  proof.traces_left = left.size();
  return proof;
}

}  // namespace wxcc::store
