// SPDX-License-Identifier: Apache-2.0
#include "simulator/simulator.h"

#include <fmt/format.h>

#include <utility>

namespace wxcc::simulator {
namespace {

std::string origin_of(int port) {
  return fmt::format("http://127.0.0.1:{}", port);
}

}  // namespace

Simulator::Simulator(Options options, const base::Clock& clock)
    : Services(std::move(options), clock),
      api_([this](Request request) { return handle_api(std::move(request)); }, this->options()),
      store_([this](Request request) { return handle_store(std::move(request)); }, this->options()) {}

void Simulator::start() {
  const int store_port = store_.start(0);
  // The API's port is known once it accepts requests. Requests need the store's address only.
  set_addresses("", origin_of(store_port));
  const int api_port = api_.start(options().port);
  set_addresses(origin_of(api_port), origin_of(store_port));
}

void Simulator::stop() {
  api_.stop();
  store_.stop();
}

}  // namespace wxcc::simulator
