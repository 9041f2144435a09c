// SPDX-License-Identifier: Apache-2.0
// Whom the transport trusts. The authorities and certificates are made by openssl(1) for this run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <httplib.h>
#include <stdlib.h>

#include <filesystem>
#include <thread>

#include "tests/net/raw_server.h"
#include "tests/net/transport_fixture.h"
#include "tests/temporary_directory.h"

namespace wxcc::net {
namespace {

using testing::HasSubstr;
using Kind = TransferFailure::Kind;

// An authority, and certificates that it signed.
class Authority {
 public:
  Authority() {
    write("ca.conf",
          "[ca]\ndefault_ca=own\n[own]\nnew_certs_dir=.\ndatabase=index\nserial=serial\ndefault_md=sha256\npolicy=any\n"
          "copy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n");
    write("index", "");
    write("serial", "01\n");
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 "
        "-subj /CN=test-authority -addext basicConstraints=critical,CA:TRUE");
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // Makes NAME.pem and NAME.key for a host ("DNS:x" or "IP:x") and a time of validity.
  void sign(const std::string& name, const std::string& host, const std::string& validity = "-days 1") const {
    openssl(
        fmt::format("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {0}.key -out {0}.csr "
                    "-subj /CN={0} -addext subjectAltName={1}",
                    name, host));
    openssl(fmt::format("ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in {0}.csr -out {0}.pem {1}",
                        name, validity));
  }
  [[nodiscard]] base::Path file(const std::string& name) const { return directory_.path() / name; }

 private:
  void write(const std::string& name, std::string_view text) const { directory_.write(name, text); }
  void openssl(const std::string& arguments) const {
    const std::string command =
        fmt::format("cd '{}' && openssl {} > openssl.log 2>&1", directory_.path().string(), arguments);
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: openssl " + arguments);
  }

  tests::TemporaryDirectory directory_;
};

class TlsServer {
 public:
  TlsServer(const Authority& authority, const std::string& name)
      : server_(authority.file(name + ".pem").c_str(), authority.file(name + ".key").c_str()) {
    server_.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("over TLS", "text/plain");
    });
    server_.set_keep_alive_max_count(1);  // else an idle connection keeps one of its threads for five seconds
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsServer() {
    server_.stop();
    thread_.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  [[nodiscard]] std::string url(std::string_view host = "127.0.0.1") const {
    return fmt::format("https://{}:{}/", host, port_);
  }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

class TlsTest : public TransportTest {
 protected:
  static void SetUpTestSuite() {
    authority_ = new Authority;
    authority_->sign("good", "IP:127.0.0.1,DNS:localhost");
    authority_->sign("other-host", "DNS:example.org");
    authority_->sign("expired", "IP:127.0.0.1", "-startdate 20200101000000Z -enddate 20200102000000Z");
    authority_->sign("not-yet", "IP:127.0.0.1", "-startdate 20450101000000Z -enddate 20450102000000Z");
  }
  static void TearDownTestSuite() {
    delete authority_;
    authority_ = nullptr;
  }
  void SetUp() override { transport = transport_with({.ca_file = authority_->file("ca.pem")}); }

  void expect_rejected(const std::string& name, std::string_view reason) {
    const TlsServer server(*authority_, name);
    Request request = request_for(server.url());
    request.bearer = base::Secret("s3cret");
    EXPECT_THAT(message_of(fetch(std::move(request)), Kind::Tls), HasSubstr(std::string(reason)));
  }

  static Authority* authority_;
};
Authority* TlsTest::authority_ = nullptr;

TEST_F(TlsTest, TrustsGivenAuthority) {
  const TlsServer server(*authority_, "good");
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto outcome = get(server.url(host));
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->body, "over TLS");
  }
}

TEST_F(TlsTest, CompletesManyConcurrentTransfers) {
  const TlsServer server(*authority_, "good");
  std::vector<std::unique_ptr<Transfer>> transfers;
  int succeeded = 0;
  for (int i = 0; i < 20; ++i)
    transfers.push_back(transport->start(request_for(server.url()), [&](const Outcome& outcome) {
      EXPECT_TRUE(outcome) << outcome.error().message;
      if (++succeeded == 20) loop.exit(0);
    }));
  run();
}

TEST_F(TlsTest, RejectsUnknownAuthority) {
  transport = transport_with({});
  expect_rejected("good", "certificate");
}

TEST_F(TlsTest, RejectsOtherAuthority) {
  const Authority other;
  transport = transport_with({.ca_file = other.file("ca.pem")});
  expect_rejected("good", "certificate");
}

TEST_F(TlsTest, RejectsCertificateOfOtherHost) {
  expect_rejected("other-host", "no alternative certificate subject");
}

TEST_F(TlsTest, RejectsExpiredCertificate) {
  expect_rejected("expired", "expired");
}

TEST_F(TlsTest, RejectsCertificateNotYetValid) {
  expect_rejected("not-yet", "not yet valid");
}

TEST_F(TlsTest, NamesMissingAuthorityFile) {
  transport = transport_with({.ca_file = authority_->file("missing.pem")});
  expect_rejected("good", "missing.pem");
}

TEST_F(TlsTest, ReportsTlsFailureForPlainServer) {
  const RawServer server([](Peer& peer) {
    peer.send(http_response("400 Bad Request", "plain"));
    peer.wait_for_close();
  });
  message_of(get(fmt::format("https://127.0.0.1:{}/", server.port())), Kind::Tls);
}

}  // namespace
}  // namespace wxcc::net
