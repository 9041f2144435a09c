// SPDX-License-Identifier: Apache-2.0
// The API behind TLS, with a certificate of a private certificate authority.
#include <fmt/format.h>
#include <httplib.h>

#include <thread>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

// Accepts requests over TLS and forwards them to the simulator, which serves plain HTTP.
class TlsProxy {
 public:
  TlsProxy(const base::Path& certificate, const base::Path& key, const std::string& target)
      : target_(target), server_(certificate.c_str(), key.c_str()) {
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      httplib::Client client(target_);
      httplib::Headers headers;
      for (const char* name : {"Authorization", "TrackingId"})
        if (request.has_header(name)) headers.emplace(name, request.get_header_value(name));
      const auto forwarded =
          client.Post(request.target, headers, request.body, request.get_header_value("Content-Type"));
      if (!forwarded) throw std::runtime_error("no response from the simulator");
      response.status = forwarded->status;
      response.set_content(forwarded->body, forwarded->get_header_value("Content-Type"));
    });
    server_.set_keep_alive_max_count(1);  // otherwise an idle connection occupies one of its threads for five seconds
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsProxy() {
    server_.stop();
    thread_.join();
  }
  TlsProxy(const TlsProxy&) = delete;
  TlsProxy& operator=(const TlsProxy&) = delete;

  [[nodiscard]] std::string url() const { return fmt::format("https://127.0.0.1:{}", port_); }

 private:
  std::string target_;
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

class Tls : public EndToEnd {
 protected:
  void SetUp() override {
    start_simulator();
    const Finished made = start_command({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                         "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "ca.pem",
                                         "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"},
                                        {}, "")
                              ->wait();
    ASSERT_EQ(made.code, 0) << made.err;
    proxy = std::make_unique<TlsProxy>(path("ca.pem"), path("key.pem"), simulator().contact_center_url());
  }
  // The configuration with the proxy's addresses, and these members.
  void configure_proxy(const std::string& members) {
    configure(members);
    std::string config = base::read_file(path("config.json"));
    const std::string plain = simulator().contact_center_url();
    for (auto at = config.find(plain); at != std::string::npos; at = config.find(plain))
      config.replace(at, plain.size(), proxy->url());
    write("config.json", config);
  }

  std::unique_ptr<TlsProxy> proxy;
};

TEST_F(Tls, TrustsConfiguredCertificateAuthority) {
  configure_proxy(R"("ca_file": "ca.pem")");
  const Finished synced = run({"sync"});
  EXPECT_EQ(synced.code % 4, 0) << synced.err;
  expect_ground_truth();
}

TEST_F(Tls, RejectsUnknownCertificateAuthorityBeforeAnyRequest) {
  configure_proxy("");
  const Finished refused = run({"check"});
  EXPECT_EQ(refused.code, 75) << refused.out << refused.err;
  EXPECT_NE(refused.out.find("certificate"), std::string::npos) << refused.out;
  EXPECT_TRUE(simulator().statistics().requests.empty());
}

}  // namespace
}  // namespace wxcc::integration
