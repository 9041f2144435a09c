// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "moved_clock.h"
#include "simulator/cloud/search.h"

namespace wxcc::simulator {

// Searches among 700 tasks of the last 14 days.
class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    options.tasks = 700;
    options.extra_members = false;
    populate();
  }

  void populate() { generator.emplace(options, options.start ? *options.start : clock.now()); }

  std::int64_t now_ms() const { return base::to_ms(clock.now()); }

  base::Expected<std::string, std::string> run(const std::string& query, const std::string& variables = "null") {
    base::JsonWriter json;
    const auto parsed = base::JsonDocument::parse(variables);
    json.begin_object().member("query", query).key("variables").value(parsed->root()).end_object();
    const auto request = base::JsonDocument::parse(json.text());
    generator->advance(clock.now());
    return run_search(options, *generator, clock.now(), request->root());
  }

  // The last 14 days.
  std::string span() const { return fmt::format("from: {}, to: {}", now_ms() - 14 * 86'400'000LL, now_ms()); }

  base::JsonDocument tasks(const std::string& arguments, const std::string& fields) {
    const auto response = run(fmt::format(
        "{{ taskDetails({}) {{ tasks {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }}", arguments, fields));
    if (!response) ADD_FAILURE() << response.error();
    auto document = base::JsonDocument::parse(response.value_or("{}"));
    return std::move(*document);
  }
  static base::JsonNode list(const base::JsonDocument& response) {
    return response.root()["data"]["taskDetails"]["tasks"];
  }
  static base::JsonNode page_info(const base::JsonDocument& response) {
    return response.root()["data"]["taskDetails"]["pageInfo"];
  }

  std::string error_of(const std::string& query, const std::string& variables = "null") {
    const auto response = run(query, variables);
    return response ? "no error: " + response->substr(0, 100) : response.error();
  }

  // Follows the cursors to the end.
  std::vector<std::string> all_ids(const std::string& arguments, const std::string& fields) {
    std::vector<std::string> ids;
    std::string cursor = "NA";
    for (int page = 0; page < 500; ++page) {
      const auto response = tasks(fmt::format("{}, pagination: {{ cursor: \"{}\" }}", arguments, cursor), fields);
      for (const base::JsonNode task : list(response)) ids.emplace_back(*task["id"].text());
      if (!*page_info(response)["hasNextPage"].boolean()) return ids;
      cursor = *page_info(response)["endCursor"].text();
    }
    ADD_FAILURE() << "the pages do not end";
    return ids;
  }

  MovedClock clock;
  Options options;
  std::optional<TaskGenerator> generator;
};

}  // namespace wxcc::simulator
