// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "simulator/program/arguments.h"
#include "simulator/simulator.h"

namespace {

using namespace wxcc;

// Blocked before the first thread starts, so that none of them is interrupted and only wait_for_end() sees them.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void wait_for_end(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

void print_addresses(const simulator::Simulator& cloud) {
  base::JsonWriter json;
  json.begin_object().member("base_url", cloud.base_url()).member("authorize_url", cloud.authorize_url());
  json.member("contact_center_url", cloud.contact_center_url()).member("store_url", cloud.store_url());
  json.member("control_url", cloud.control_url()).member("org_id", cloud.options().org_id);
  json.member("client_id", cloud.options().client_id).member("redirect_uri", cloud.options().redirect_uri).end_object();
  std::puts(json.text().c_str());
  std::fflush(stdout);
}

void run(const simulator::Arguments& arguments) {
  const sigset_t signals = block_end_signals();
  const base::SystemClock clock;
  simulator::Simulator cloud(arguments.options, clock);
  for (const std::string& fault : arguments.faults) cloud.add_fault(fault);
  cloud.start();
  if (arguments.config_directory) cloud.write_config(*arguments.config_directory);
  print_addresses(cloud);
  wait_for_end(signals);
  cloud.stop();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto command_line = simulator::read_command_line(argc, argv);
    if (const int* exit_code = std::get_if<int>(&command_line)) return *exit_code;
    run(std::get<simulator::Arguments>(command_line));
    return 0;
  } catch (const base::UsageError& error) {
    std::fprintf(stderr, "wxcc-simulator: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wxcc-simulator: %s\n", error.what());
    return 1;
  }
}
