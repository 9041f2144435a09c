// SPDX-License-Identifier: Apache-2.0
#include "net/curl_transport.h"

#include <sys/epoll.h>

#include <unordered_map>
#include <utility>

#include "base/exception_trap.h"
#include "net/curl_failure.h"
#include "net/curl_handle.h"
#include "net/curl_transfer.h"
#include "net/request_validation.h"

namespace wxcc::net {
namespace {

std::uint32_t epoll_bits(int what) {
  switch (what) {
    case CURL_POLL_IN:
      return EPOLLIN;
    case CURL_POLL_OUT:
      return EPOLLOUT;
    case CURL_POLL_INOUT:
      return EPOLLIN | EPOLLOUT;
    default:
      return 0;
  }
}

// A broken connection counts as readable: reading it gives libcurl the reason.
int select_bits(std::uint32_t events) {
  const bool in = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
  const bool out = (events & EPOLLOUT) != 0;
  return (in ? CURL_CSELECT_IN : 0) | (out ? CURL_CSELECT_OUT : 0);
}

}  // namespace

// Shared with the callbacks that are under way, since any of them may destroy the transport.
struct CurlTransport::Impl : std::enable_shared_from_this<CurlTransport::Impl> {
  Impl(systemd::EventLoop& event_loop, Options transport_options);
  void open();
  void close() noexcept;

  std::shared_ptr<CurlTransfer> start(Request request, Done done);
  void cancel(CurlTransfer& transfer) noexcept;

  void socket_action(curl_socket_t socket, int events);
  void deliver_next();
  void post_delivery();
  void post_failure(const std::shared_ptr<CurlTransfer>& transfer, TransferFailure failure);
  void finish(CurlTransfer& transfer, Outcome outcome);
  void release(CurlTransfer& transfer) noexcept;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;
  void watch(curl_socket_t socket, int what);

  systemd::EventLoop& loop;
  Options options;
  base::ExceptionTrap trap;  // of the callbacks
  std::unordered_map<curl_socket_t, std::unique_ptr<systemd::EventLoop::IoSource>> sockets;
  std::unique_ptr<base::Timer> timer;
  std::unordered_map<CurlTransfer*, std::shared_ptr<CurlTransfer>> active;
  MultiHandle multi;  // empty once closed
};

CurlTransport::Impl::Impl(systemd::EventLoop& event_loop, Options transport_options)
    : loop(event_loop), options(std::move(transport_options)) {
  initialise_libcurl();
}

void CurlTransport::Impl::open() {
  timer = loop.add_timer([this] {
    const auto self = shared_from_this();
    socket_action(CURL_SOCKET_TIMEOUT, 0);
  });
  multi.reset(curl_multi_init());
  if (!multi) throw std::bad_alloc();
  set_multi_option(multi.get(), CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
  set_multi_option(multi.get(), CURLMOPT_SOCKETDATA, static_cast<void*>(this));
  set_multi_option(multi.get(), CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
  set_multi_option(multi.get(), CURLMOPT_TIMERDATA, static_cast<void*>(this));
  set_multi_option(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  set_multi_option(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.connections_per_host));
  // Two API hosts, the token's and the object store's may all stay connected.
  set_multi_option(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections_per_host) * 2);
}

void CurlTransport::Impl::close() noexcept {
  while (!active.empty()) cancel(*active.begin()->second);
  multi.reset();
  sockets.clear();
  timer.reset();
}

std::shared_ptr<CurlTransfer> CurlTransport::Impl::start(Request request, Done done) {
  auto transfer = std::make_shared<CurlTransfer>(std::move(request), std::move(done));
  if (const auto error = validate(transfer->request())) {
    active.emplace(transfer.get(), transfer);
    post_failure(transfer, failure_of(transfer->request(), TransferFailure::Kind::BadRequest, *error));
    return transfer;
  }
  transfer->attach(options);
  active.emplace(transfer.get(), transfer);
  const CURLMcode code = curl_multi_add_handle(multi.get(), transfer->easy());
  if (code != CURLM_OK || trap.has_exception()) release(*transfer);
  trap.rethrow_pending();
  check_multi(code, "start a transfer");
  return transfer;
}

void CurlTransport::Impl::cancel(CurlTransfer& transfer) noexcept {
  const auto found = active.find(&transfer);
  if (found == active.end()) return;
  const auto owner = found->second;
  release(transfer);
}

// Lets libcurl act on the event, then delivers a completed transfer.
void CurlTransport::Impl::socket_action(curl_socket_t socket, int events) {
  int running = 0;
  const CURLMcode code = curl_multi_socket_action(multi.get(), socket, events, &running);
  trap.rethrow_pending();
  check_multi(code, "transfer");
  deliver_next();
}

// One outcome per turn of the loop: its receiver may throw, cancel any other transfer or destroy the transport.
void CurlTransport::Impl::deliver_next() {
  if (!multi) return;
  int left = 0;
  const CURLMsg* const message = curl_multi_info_read(multi.get(), &left);
  if (message == nullptr) return;
  const CURLcode result = message->data.result;
  char* owner = nullptr;
  curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
  if (left > 0) post_delivery();
  auto& transfer = *static_cast<CurlTransfer*>(static_cast<void*>(owner));
  finish(transfer, transfer.outcome(result));
}

void CurlTransport::Impl::post_delivery() {
  loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->deliver_next();
  });
}

void CurlTransport::Impl::post_failure(const std::shared_ptr<CurlTransfer>& transfer, TransferFailure failure) {
  loop.post([weak = weak_from_this(), weak_transfer = std::weak_ptr(transfer), failure = std::move(failure)] {
    const auto self = weak.lock();
    const auto waiting = weak_transfer.lock();
    if (self && waiting && self->active.contains(waiting.get())) self->finish(*waiting, base::make_unexpected(failure));
  });
}

void CurlTransport::Impl::finish(CurlTransfer& transfer, Outcome outcome) {
  const auto owner = active.at(&transfer);
  const Done done = transfer.take_done();
  release(transfer);
  done(std::move(outcome));
}

// Afterwards libcurl does not know the transfer.
void CurlTransport::Impl::release(CurlTransfer& transfer) noexcept {
  if (transfer.easy() != nullptr) curl_multi_remove_handle(multi.get(), transfer.easy());
  transfer.detach();
  active.erase(&transfer);
}

int CurlTransport::Impl::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  auto& impl = *static_cast<Impl*>(self);
  return impl.trap.guard([&] { impl.watch(socket, what); }) ? 0 : -1;
}

void CurlTransport::Impl::watch(curl_socket_t socket, int what) {
  if (what == CURL_POLL_REMOVE) {
    sockets.erase(socket);
    return;
  }
  auto& source = sockets[socket];
  if (source) {
    source->set_events(epoll_bits(what));
    return;
  }
  source = loop.watch_descriptor(socket, epoll_bits(what), [this, socket](std::uint32_t events) {
    const auto self = shared_from_this();
    socket_action(socket, select_bits(events));
  });
}

int CurlTransport::Impl::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& impl = *static_cast<Impl*>(self);
  const bool ok = impl.trap.guard([&] {
    if (milliseconds < 0)
      impl.timer->stop();
    else
      impl.timer->start(base::Millis(milliseconds));
  });
  return ok ? 0 : -1;
}

namespace {

// The caller's handle of a transfer: destroying it cancels.
template <typename Impl>
class RunningTransfer final : public Transfer {
 public:
  RunningTransfer(std::weak_ptr<Impl> transport, std::weak_ptr<CurlTransfer> transfer)
      : transport_(std::move(transport)), transfer_(std::move(transfer)) {}
  ~RunningTransfer() override {
    const auto transport = transport_.lock();
    const auto transfer = transfer_.lock();
    if (transport && transfer) transport->cancel(*transfer);
  }
  RunningTransfer(const RunningTransfer&) = delete;
  RunningTransfer& operator=(const RunningTransfer&) = delete;

 private:
  std::weak_ptr<Impl> transport_;
  std::weak_ptr<CurlTransfer> transfer_;
};

}  // namespace

CurlTransport::CurlTransport(systemd::EventLoop& loop, Options options)
    : impl_(std::make_shared<Impl>(loop, std::move(options))) {
  impl_->open();
}

CurlTransport::~CurlTransport() {
  impl_->close();
}

std::unique_ptr<Transfer> CurlTransport::start(Request request, Done done) {
  return std::make_unique<RunningTransfer<Impl>>(impl_, impl_->start(std::move(request), std::move(done)));
}

}  // namespace wxcc::net
