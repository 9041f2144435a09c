// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace wxcc::net {

// libcurl's handles with owners. For the sources of this directory only.

// Once per process, before the first handle. Throws base::Error.
void initialise_libcurl();

struct EasyDeleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, EasyDeleter>;

struct MultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
using MultiHandle = std::unique_ptr<CURLM, MultiDeleter>;

// Throw base::Error unless the code means success.
void check_option(CURLcode code, CURLoption option);
void check_multi(CURLMcode code, const char* operation);

// T must be the very type that the option's documentation names: long, curl_off_t, const char*, a function or an object
// pointer.
template <typename T>
void set_option(CURL* easy, CURLoption option, T value) {
  check_option(curl_easy_setopt(easy, option, value), option);
}

template <typename T>
void set_multi_option(CURLM* multi, CURLMoption option, T value) {
  check_multi(curl_multi_setopt(multi, option, value), "set an option");
}

// The header lines of a request. Their memory is wiped: one of them holds the bearer token.
class HeaderList {
 public:
  HeaderList() = default;
  ~HeaderList() { clear(); }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  void append(const std::string& line);
  void clear() noexcept;
  [[nodiscard]] curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace wxcc::net
