// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/end_to_end.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "base/digest.h"

namespace wxcc::integration {
namespace {

namespace ch = std::chrono;

// Neither for the request budget nor for tasks that become visible later.
constexpr std::string_view kWithoutDelays = R"("requests_per_minute": 1000000, "settle": 0)";

std::string with_members(std::string config, const std::string& members) {
  const auto brace = config.rfind('}');
  return config.substr(0, brace) + (members.empty() ? "" : ", " + members) + "}\n";
}

// A token that was just granted is not refreshed when the API rejects it.
std::string age_by_an_hour(std::string token_file) {
  constexpr std::string_view kMember = "\"expires_at\": \"";
  const auto begin = token_file.find(kMember) + kMember.size();
  const auto end = token_file.find('"', begin);
  const auto at = base::parse_iso8601(token_file.substr(begin, end - begin));
  return token_file.replace(begin, end - begin, base::to_iso8601_seconds(at.value() - ch::hours{1}));
}

std::string joined(const std::vector<model::ArchivedMessage>& messages) {
  std::string text;
  for (const model::ArchivedMessage& message : messages)
    text += (&message == &messages.front() ? "" : "\n") + message.text;
  return text;
}

}  // namespace

EndToEnd::EndToEnd() {
  options.tasks = 60;
  options.chat_share = 0.9;
  options.requests_per_minute = 0;
}

EndToEnd::~EndToEnd() = default;

void EndToEnd::start_simulator() {
  simulator_ = std::make_unique<simulator::Simulator>(options, clock_);
  simulator_->start();
  configure("");
  write("access_token.json", age_by_an_hour(simulator_->token_file_json()));
  remember_tokens();
}

void EndToEnd::configure(const std::string& members) {
  const std::string all = std::string(kWithoutDelays) + (members.empty() ? "" : ", " + members);
  write("config.json", with_members(simulator_->config_json("access_token.json"), all));
}

void EndToEnd::write(const std::string& name, const std::string& content, mode_t mode) const {
  base::write_file_durably(path(name), content, mode);
}

std::unique_ptr<Process> EndToEnd::start_command(std::vector<std::string> command,
                                                 const std::vector<std::string>& environment,
                                                 const std::string& input) {
  Process::Options process_options;
  std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "HOME=" + directory().string(), "TZ=UTC",
                                        "LC_ALL=C.UTF-8"};
  variables.insert(variables.end(), environment.begin(), environment.end());
  process_options.environment = std::move(variables);
  process_options.directory = directory();
  process_options.error_file = error_output_.path() / fmt::format("{}.err", ++runs_);
  process_options.input = input;
  return std::make_unique<Process>(command, process_options);
}

std::unique_ptr<Process> EndToEnd::start(const std::vector<std::string>& arguments,
                                         const std::vector<std::string>& environment) {
  std::vector<std::string> command = {WXCC_ARCHIVE, "--log-level", "trace"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return start_command(std::move(command), environment, "");
}

Finished EndToEnd::ended(Process& process) {
  Finished finished = process.wait();
  output_ += finished.out + finished.err;
  remember_tokens();
  return finished;
}

Finished EndToEnd::run(std::vector<std::string> arguments, const std::string& input) {
  arguments.insert(arguments.begin(), WXCC_ARCHIVE);
  return ended(*start_command(std::move(arguments), {}, input));
}

Finished EndToEnd::run_under(std::vector<std::string> wrapper, const std::vector<std::string>& arguments) {
  wrapper.emplace_back(WXCC_ARCHIVE);
  wrapper.insert(wrapper.end(), arguments.begin(), arguments.end());
  return ended(*start_command(std::move(wrapper), {}, ""));
}

std::string EndToEnd::log_in() {
  const auto login = start({"login", "--no-browser"});
  const std::string& output = login->wait_for_output("\n\nThen wait");
  const auto begin = output.find("http");
  const std::string url = output.substr(begin, output.find('\n', begin) - begin);
  const Finished browser =
      start_command({"curl", "--silent", "--show-error", "--location", "--max-time", "20", url}, {}, "")->wait();
  EXPECT_EQ(browser.code, 0) << browser.err;
  EXPECT_EQ(ended(*login).code, 0);
  return browser.out;
}

std::string EndToEnd::before_all() const {
  return base::to_iso8601(clock_.now() - ch::days{options.days + 2});
}

Finished EndToEnd::run_sqlite3(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"sqlite3"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const Process::Options process_options{std::vector<std::string>{"PATH=/usr/bin:/bin"}, directory(),
                                         error_output_.path() / "sqlite3", ""};
  Finished finished = Process(command, process_options).wait();
  if (finished.code != 0) throw std::runtime_error("sqlite3: " + finished.err);
  return finished;
}

std::string EndToEnd::sql(const std::string& query) const {
  return run_sqlite3({"-readonly", archive().string(), query}).out;
}

void EndToEnd::change(const std::string& statements) const {
  run_sqlite3({archive().string(), statements});
}

std::string EndToEnd::rows() const {
  std::string all = sql(".dump");
  // The spans and the service's record hold the times of runs.
  std::string result;
  std::size_t begin = 0;
  while (begin < all.size()) {
    const std::size_t end = std::min(all.find('\n', begin), all.size() - 1);
    const std::string line = all.substr(begin, end - begin + 1);
    if (!line.starts_with("INSERT INTO scan_span ") && !line.starts_with("INSERT INTO service ")) result += line;
    begin = end + 1;
  }
  return result;
}

void EndToEnd::expect_ground_truth() {
  const std::vector<simulator::GroundTruthEntry> ground_truth = simulator_->ground_truth();
  ASSERT_FALSE(ground_truth.empty());
  const store::Reader archived = reader();
  EXPECT_EQ(archived.counts().tasks(), static_cast<std::int64_t>(ground_truth.size()));
  for (const simulator::GroundTruthEntry& entry : ground_truth) {
    SCOPED_TRACE(fmt::format("task {} ({})", entry.id, entry.transcript_kind));
    const auto row = archived.conversation(entry.id);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->task.ended, entry.ended);
    EXPECT_EQ(row->task.created, entry.created);
    EXPECT_EQ(row->task.queue.name, entry.queue);
    EXPECT_EQ(row->message_count, static_cast<std::int64_t>(entry.message_count));
    const auto messages = archived.messages(entry.id);
    ASSERT_EQ(messages.size(), entry.message_count);
    EXPECT_EQ(messages.empty() ? "" : base::to_hex(base::sha256(joined(messages))), entry.sha256);
    const bool unreadable = entry.transcript_kind == "malformed" || entry.transcript_kind == "truncated";
    const auto state = !entry.has_transcript ? model::TranscriptState::Absent
                       : unreadable          ? model::TranscriptState::Unparsed
                                             : model::TranscriptState::Archived;
    const bool waiting = !entry.has_transcript && row->transcript_state == model::TranscriptState::Pending;
    EXPECT_TRUE(waiting || row->transcript_state == state) << model::to_text(row->transcript_state);
    EXPECT_EQ(archived.raw_transcripts(entry.id).empty(), !entry.has_transcript);
  }
}

void EndToEnd::remember_tokens() {
  secrets_.insert(options.client_secret);
  const auto text = base::read_file_if_present(path("access_token.json"));
  if (!text) return;
  const auto document = base::JsonDocument::parse(*text);
  if (!document) return;
  for (const char* name : {"access_token", "refresh_token", "previous_refresh_token"})
    if (const auto token = document->root()[name].text(); token && token->size() > 8) secrets_.emplace(*token);
}

void EndToEnd::expect_no_secret(const std::string& where, const std::string& text) const {
  for (const std::string& secret : secrets_)
    EXPECT_EQ(text.find(secret), std::string::npos) << where << " contains a secret";
  for (const char* sign : {"X-Amz-Signature", "Bearer ey", "client_secret="})
    EXPECT_EQ(text.find(sign), std::string::npos) << where << " contains \"" << sign << '"';
}

void EndToEnd::TearDown() {
  constexpr std::size_t kMaxFileBytes = 256U << 20U;
  expect_no_secret("standard output", output_);
  for (const auto& root : {directory(), error_output_.path()})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string name = entry.path().filename().string();
      const bool holds_secrets = name.starts_with("config") || name.find("token") != std::string::npos ||
                                 name.find("secret") != std::string::npos || name.ends_with(".in");
      if (entry.is_regular_file() && !holds_secrets)
        expect_no_secret(name, base::read_file(entry.path(), kMaxFileBytes));
    }
  if (!simulator_) return;
  for (const auto& [violation, count] : simulator_->statistics().violations)
    ADD_FAILURE() << count << " violations of the API: " << violation;
}

void expect_one_line(const Finished& finished, int code, const std::vector<std::string>& words) {
  EXPECT_EQ(finished.code, code) << finished.err;
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  EXPECT_TRUE(finished.err.ends_with('\n')) << finished.err;
  for (const std::string& word : words)
    EXPECT_NE(finished.err.find(word), std::string::npos) << "no \"" << word << "\" in: " << finished.err;
}

}  // namespace wxcc::integration
