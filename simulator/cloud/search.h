// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/expected.h"
#include "base/json.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/task_generator.h"

namespace wxcc::simulator {

// Executes the body of POST /search, {"query", "variables"}. The result is the response's JSON; the error is the
// description of a status 400. Every page is a new search: a change between two pages shifts the later ones.
base::Expected<std::string, std::string> run_search(const Options& options, const TaskGenerator& tasks,
                                                    base::Instant now, base::JsonNode request);

}  // namespace wxcc::simulator
