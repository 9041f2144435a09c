// SPDX-License-Identifier: Apache-2.0
#include "net/curl_handle.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <new>

#include "base/error.h"

namespace wxcc::net {

void initialise_libcurl() {
  struct Library {
    Library() {
      if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw base::Error("libcurl cannot be initialised");
      // With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE to the program, and OpenSSL writes to sockets that may be closed.
      struct sigaction now {};
      if (::sigaction(SIGPIPE, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
    }
    ~Library() { curl_global_cleanup(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
  };
  static const Library library;
}

void check_option(CURLcode code, CURLoption option) {
  if (code == CURLE_OK) return;
  const curl_easyoption* const known = curl_easy_option_by_id(option);
  throw base::Error(
      fmt::format("libcurl rejected option {}: {}", known != nullptr ? known->name : "?", curl_easy_strerror(code)));
}

void check_multi(CURLMcode code, const char* operation) {
  if (code != CURLM_OK) throw base::Error(fmt::format("libcurl: {}: {}", operation, curl_multi_strerror(code)));
}

void HeaderList::append(const std::string& line) {
  curl_slist* const longer = curl_slist_append(list_, line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list_ = longer;
}

void HeaderList::clear() noexcept {
  for (curl_slist* line = list_; line != nullptr; line = line->next) ::explicit_bzero(line->data, ::strlen(line->data));
  curl_slist_free_all(list_);
  list_ = nullptr;
}

}  // namespace wxcc::net
