// SPDX-License-Identifier: Apache-2.0
// The cloud behind TLS, signed by an authority of the operator's own.
#include <fmt/format.h>
#include <httplib.h>

#include <thread>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

// Takes requests over TLS and passes them on to the simulator, which speaks plain HTTP.
class TlsFront {
 public:
  TlsFront(const base::Path& certificate, const base::Path& key, const std::string& behind)
      : behind_(behind), server_(certificate.c_str(), key.c_str()) {
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      httplib::Client client(behind_);
      httplib::Headers headers;
      for (const char* name : {"Authorization", "TrackingId"})
        if (request.has_header(name)) headers.emplace(name, request.get_header_value(name));
      const auto answer = client.Post(request.target, headers, request.body, request.get_header_value("Content-Type"));
      if (!answer) throw std::runtime_error("the cloud does not answer");
      response.status = answer->status;
      response.set_content(answer->body, answer->get_header_value("Content-Type"));
    });
    server_.set_keep_alive_max_count(1);  // else an idle connection keeps one of its threads for five seconds
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsFront() {
    server_.stop();
    thread_.join();
  }
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  [[nodiscard]] std::string url() const { return fmt::format("https://127.0.0.1:{}", port_); }

 private:
  std::string behind_;
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

class BehindTls : public EndToEnd {
 protected:
  void SetUp() override {
    start_cloud();
    const Finished made = start_command({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                         "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "ca.pem",
                                         "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"},
                                        {}, "")
                              ->wait();
    ASSERT_EQ(made.code, 0) << made.err;
    front = std::make_unique<TlsFront>(path("ca.pem"), path("key.pem"), cloud().contact_center_url());
  }
  // The configuration with the front's addresses, and these members.
  void configure_front(const std::string& members) {
    configure(members);
    std::string config = base::read_file(path("config.json"));
    const std::string plain = cloud().contact_center_url();
    for (auto at = config.find(plain); at != std::string::npos; at = config.find(plain))
      config.replace(at, plain.size(), front->url());
    write("config.json", config);
  }

  std::unique_ptr<TlsFront> front;
};

TEST_F(BehindTls, AnAuthorityThatTheConfigurationNamesIsTrusted) {
  configure_front(R"("ca_file": "ca.pem")");
  const Finished synced = run({"sync"});
  EXPECT_EQ(synced.code % 4, 0) << synced.err;
  expect_ground_truth();
}

TEST_F(BehindTls, AnUnknownAuthorityIsRefusedAndNothingIsAsked) {
  configure_front("");
  const Finished refused = run({"check"});
  EXPECT_EQ(refused.code, 75) << refused.out << refused.err;
  EXPECT_NE(refused.out.find("certificate"), std::string::npos) << refused.out;
  EXPECT_TRUE(cloud().statistics().requests.empty());
}

}  // namespace
}  // namespace wxcc::integration
