// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/expected.h"
#include "base/json.h"
#include "simulator/cloud/graphql.h"

namespace wxcc::simulator::graphql {

// Replaces every variable in the operation by its value from the request's "variables" or by its default. An argument
// or object member whose variable has neither goes away, as the language says. The error is graphql-java's text.
base::Expected<Operation, std::string> substitute_variables(Operation operation, base::JsonNode variables);

}  // namespace wxcc::simulator::graphql
