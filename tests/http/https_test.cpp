// SPDX-License-Identifier: Apache-2.0
// The server as it speaks TLS itself: certificates made by openssl, asked by curl and by OpenSSL's own
// client.
#include <openssl/ssl.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "http/wire_test.hpp"
#include "support/ran.hpp"
#include "support/temporary_folder.hpp"

namespace diary::http::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* last = "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// A certificate for 127.0.0.1 that is its own authority, under `name`.
void make_certificate(const fs::path& folder, const std::string& name) {
  const auto ran =
      support::run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / (name + ".key"), "-out", folder / (name + ".crt")});
  if (ran.code != 0) throw std::runtime_error(ran.output);
}

class Https : public testing::Test {
 protected:
  struct Place {
    Place() {
      for (const char* name : {"first", "second"}) make_certificate(folder.path(), name);
      use("first");
      const std::map<std::string, std::string> settings{{"DIARY_TLS_CERT", file("server.crt")},
                                                        {"DIARY_TLS_KEY", file("server.key")},
                                                        {"DIARY_HEADER_TIME", "2"}};
      std::map<std::string, std::string> environment = way_in.environment();
      environment.insert(settings.begin(), settings.end());
      server = std::make_unique<support::Served>(
          DIARY_BINARY, std::vector<std::string>{"--database", way_in.server()}, environment);
    }
    [[nodiscard]] std::string file(const std::string& name) const { return folder.path() / name; }
    // As a renewing program does: each file replaced at once.
    void use(const std::string& name) const {
      for (const std::string kind : {".key", ".crt"}) {
        fs::copy_file(file(name + kind), file("new"), fs::copy_options::overwrite_existing);
        fs::rename(file("new"), file("server" + kind));
      }
    }
    support::TemporaryFolder folder;
    support::TestDatabase database;
    support::WayIn way_in{database};
    std::unique_ptr<support::Served> server;
  };
  static Place& place() {
    static Place made;
    return made;
  }
  static int port() { return place().server->port(); }
  static support::Ran curl(const std::string& authority, std::vector<std::string> more = {},
                           const std::string& path = "/healthz") {
    std::vector<std::string> argv{"curl", "-sS", "-m", "20", "--cacert", place().file(authority + ".crt")};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.push_back("https://127.0.0.1:" + std::to_string(port()) + path);
    return support::run(argv);
  }
};

// OpenSSL's client on a socket.
class TlsSocket {
 public:
  explicit TlsSocket(int port) : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    BIO* bio = BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str());
    SSL_set_bio(ssl_, bio, bio);
    if (SSL_connect(ssl_) != 1) throw std::runtime_error("no handshake");
  }
  ~TlsSocket() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsSocket(const TlsSocket&) = delete;
  TlsSocket& operator=(const TlsSocket&) = delete;

  void send(const std::string& bytes) { SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())); }
  std::string read_all() {
    std::string all;
    char piece[4096];
    for (int n = 1; (n = SSL_read(ssl_, piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(n));
    return all;
  }
  // Whether the end was announced, rather than a connection cut.
  [[nodiscard]] bool was_closed_in_order() const {
    return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_;
};

TEST_F(Https, IsSpokenToCurl) {
  const auto ran = curl("first", {"-i", "-w", "%{http_version} %{ssl_verify_result}"});
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_TRUE(ran.output.starts_with("HTTP/1.1 200 ")) << ran.output;
  EXPECT_TRUE(ran.output.ends_with("{\"status\":\"alive\"}1.1 0")) << ran.output;
  EXPECT_NE(curl("second").code, 0) << "a stranger's certificate";
}

TEST_F(Https, NothingOlderThanTls12) {
  EXPECT_EQ(curl("first", {"--tlsv1.3"}).code, 0);
  EXPECT_EQ(curl("first", {"--tlsv1.2", "--tls-max", "1.2"}).code, 0);
  EXPECT_NE(curl("first", {"--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"}).code, 0);
  EXPECT_NE(curl("first", {"--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-SHA"}).code, 0)
      << "no authenticated encryption";
}

TEST_F(Https, AlpnIsHttp11) {
  const auto offer = [](const char* protocols) {
    return support::run({"sh", "-c",
                         "openssl s_client -connect 127.0.0.1:" + std::to_string(port()) + " -alpn " +
                             protocols + " </dev/null 2>&1"})
        .output;
  };
  EXPECT_NE(offer("h2,http/1.1").find("ALPN protocol: http/1.1"), std::string::npos);
  EXPECT_NE(offer("h2").find("no application protocol"), std::string::npos);
}

TEST_F(Https, RequestsAreFramedAsElsewhere) {
  TlsSocket many(port());
  many.send(std::string(alive) + "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
            "3\r\nabc\r\n0\r\n\r\n" + alive + last);
  EXPECT_EQ(statuses(many.read_all()), (std::vector<int>{200, 405, 200, 404}));
  EXPECT_TRUE(many.was_closed_in_order());
  TlsSocket smuggler(port());
  smuggler.send(
      "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" +
      std::string(last));
  EXPECT_EQ(statuses(smuggler.read_all()), std::vector<int>{400});
  EXPECT_TRUE(smuggler.was_closed_in_order());
  TlsSocket trickle(port());
  for (const char c : std::string(last)) trickle.send(std::string(1, c));
  EXPECT_EQ(statuses(trickle.read_all()), std::vector<int>{404});
  TlsSocket large(port());
  large.send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\nConnection: close\r\n\r\n");
  large.send(std::string(1024UL * 1024, 'x'));
  EXPECT_EQ(statuses(large.read_all()), std::vector<int>{405});
}

TEST_F(Https, PlainHttpIsToldSo) {
  support::RawSocket plain(port());
  plain.send(alive);
  const std::string answer = plain.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
  EXPECT_NE(answer.find("HTTPS"), std::string::npos);
  support::RawSocket noise(port());
  noise.send(std::string(100, '\0'));
  EXPECT_TRUE(noise.hangs_up());
  support::RawSocket half(port());
  half.send(std::string("\x16\x03\x01\x02\x00", 5));
  EXPECT_TRUE(half.hangs_up()) << "a handshake has its time";
  support::RawSocket silent(port());
  EXPECT_TRUE(silent.hangs_up());
}

TEST_F(Https, LiveEventsComeAsTheyHappen) {
  pg::Connection super(place().database.superuser_conninfo());
  ASSERT_TRUE(support::eventually([] { return curl("first", {"-f"}, "/readyz").code == 0; }));
  std::atomic<bool> done = false;
  // One street after the other, until the client goes.
  std::thread writing([&] {
    for (int i = 0; !done; ++i)
      super.exec(
          "INSERT INTO diary.segments (segment_id, street, length_m, geometry) VALUES ('tls' || $1, 'A', 10, "
          "ST_GeomFromText('LINESTRING(1 1, 1.1 1)', 4326))",
          {i});
  });
  const auto heard = curl("first", {"-N", "-m", "3"}, "/api/v1/live/segments?bbox=0,0,2,2");
  done = true;
  writing.join();
  EXPECT_EQ(heard.code, 28) << "it has no end: " << heard.output;
  EXPECT_NE(heard.output.find("retry: 3000\n"), std::string::npos) << heard.output;
  EXPECT_NE(heard.output.find("event: segment\n"), std::string::npos) << heard.output;
}

TEST_F(Https, ARenewedCertificateIsUsed) {
  TlsSocket before(port());
  place().use("second");
  EXPECT_TRUE(support::eventually([] { return curl("second").code == 0; })) << "the files changed";
  before.send(last);
  EXPECT_EQ(statuses(before.read_all()), std::vector<int>{404}) << "who is connected stays so";
  std::ofstream(place().file("server.crt")) << "no certificate\n";
  kill(place().server->pid(), SIGHUP);
  EXPECT_TRUE(support::eventually(
      [] { return place().server->log().find("the certificate stays as it was") != std::string::npos; }));
  EXPECT_EQ(curl("second").code, 0);
  place().use("first");
  kill(place().server->pid(), SIGHUP);
  EXPECT_TRUE(support::eventually([] { return curl("first").code == 0; }));
}

TEST(HttpsSettings, BelongTogether) {
  const support::TemporaryFolder folder;
  make_certificate(folder.path(), "a");
  make_certificate(folder.path(), "b");
  const auto serve = [&](const std::string& certificate, const std::string& key) {
    std::vector<std::string> argv{DIARY_BINARY, "serve", "--database",
                                  "postgresql://nobody@127.0.0.1:1/none"};
    if (!certificate.empty()) argv.insert(argv.end(), {"--tls-cert", folder.path() / certificate});
    if (!key.empty()) argv.insert(argv.end(), {"--tls-key", folder.path() / key});
    const auto ran = support::run(argv);
    EXPECT_EQ(ran.code, 1) << ran.output;
    return ran.output;
  };
  EXPECT_NE(serve("a.crt", "").find("tls_key is missing"), std::string::npos);
  EXPECT_NE(serve("", "a.key").find("tls_cert is missing"), std::string::npos);
  EXPECT_NE(serve("a.crt", "b.key").find("b.key"), std::string::npos);
  EXPECT_NE(serve("none.crt", "a.key").find("none.crt"), std::string::npos);
  EXPECT_NE(serve("a.key", "a.key").find("a.key"), std::string::npos);
}

}  // namespace
}  // namespace diary::http::test
