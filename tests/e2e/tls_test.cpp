// SPDX-License-Identifier: Apache-2.0
// The program and a PostgreSQL that is reached by TCP and takes TLS only.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "pg/connection.hpp"
#include "pg/private_cluster.hpp"
#include "support/eventually.hpp"
#include "support/ran.hpp"
#include "support/served.hpp"
#include "support/temporary_folder.hpp"

namespace diary {
namespace {

using support::Ran;

constexpr const char* password = "hush-hush";

// A PostgreSQL with a certificate for "localhost" by an authority of its own; an authority that nobody asked.
class World {
 public:
  World() {
    open_cluster();
    cluster_->stop();
    certificates();
    std::ofstream(file("hba.conf")) << "local all all peer map=diary\n"
                                       "hostssl all all 127.0.0.0/8 scram-sha-256\n";
    std::ofstream(data() / "postgresql.local.conf")
        << "listen_addresses = '" << address << "'\nssl = on\nssl_cert_file = '" << file("server.crt")
        << "'\nssl_key_file = '" << file("server.key") << "'\nhba_file = '" << file("hba.conf") << "'\n";
    open_cluster();
    super().exec(std::string("ALTER ROLE diary_owner PASSWORD '") + password + "'");
  }

  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::string url(const std::string& host, const std::string& rest,
                                const std::string& secret = password) const {
    return "postgresql://diary_owner:" + secret + "@" + host + "/diary?hostaddr=" + address + "&" + rest;
  }
  [[nodiscard]] std::string verified(const std::string& host, const std::string& authority) const {
    return url(host, "sslmode=verify-full&sslrootcert=" + file(authority));
  }
  [[nodiscard]] pg::Connection super() const {
    return pg::Connection(cluster_->conninfo(pg::superuser_role));
  }

  // The port is the cluster's to choose, and always 5432; the address is ours alone.
  const std::string address =
      "127.1." + std::to_string((getpid() >> 7) & 255) + "." + std::to_string(1 + (getpid() & 127));

 private:
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  void open_cluster() {
    cluster_.reset();
    auto cluster =
        pg::PrivateCluster::open({.folder = data(), .serving = true, .settings = {.durable = false}});
    if (!cluster) throw std::runtime_error(cluster.error().message);
    cluster_ = *std::move(cluster);
  }
  void openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    if (const Ran ran = support::run(arguments); ran.code != 0) throw std::runtime_error(ran.output);
  }
  void certificates() {
    const std::vector<std::string> key{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};
    const auto request = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), "req");
      arguments.insert(arguments.end(), key.begin(), key.end());
      openssl(std::move(arguments));
    };
    for (const std::string name : {"ca", "stranger"})
      request({"-x509", "-days", "2", "-subj", "/CN=" + name, "-keyout", file(name + ".key"), "-out",
               file(name + ".crt")});
    request({"-subj", "/CN=localhost", "-keyout", file("server.key"), "-out", file("server.csr")});
    std::ofstream(file("names")) << "subjectAltName=DNS:localhost\n";
    openssl({"x509", "-req", "-days", "2", "-in", file("server.csr"), "-CA", file("ca.crt"), "-CAkey",
             file("ca.key"), "-CAcreateserial", "-extfile", file("names"), "-out", file("server.crt")});
    chmod(file("server.key").c_str(), 0600);
    if (!pg::is_root()) return;
    const auto account = pg::find_account("postgres").value();
    for (const char* name : {"server.key", "server.crt"})
      if (chown(file(name).c_str(), account.uid, account.gid) != 0) throw std::runtime_error("chown");
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<pg::PrivateCluster> cluster_;
};

World& world() {
  static World made;
  return made;
}

Ran diary(const std::string& command, const std::string& url) {
  return support::run({DIARY_BINARY, command}, {{"DATABASE_URL", url},
                                                {"DIARY_JWT_SECRET", support::test_jwt_secret},
                                                {"DIARY_LISTEN", "127.0.0.1:0"}});
}

// At once and for good, for the reason given, and without the password.
void expect_refusal(const std::string& url, const std::string& reason) {
  for (const char* command : {"serve", "migrate", "psql"}) {
    const Ran ran = diary(command, url);
    EXPECT_EQ(ran.code, std::string(command) == "psql" ? 2 : 1) << ran.output;
    EXPECT_NE(ran.output.find(reason), std::string::npos) << command << ": " << ran.output;
    EXPECT_EQ(ran.output.find("internal error"), std::string::npos) << ran.output;
    EXPECT_EQ(ran.output.find("hush"), std::string::npos) << ran.output;
  }
}

TEST(Tls, VerifiedFromEndToEnd) {
  const auto url = world().verified("localhost", "ca.crt");
  support::Served server(DIARY_BINARY, {}, {{"DATABASE_URL", url}});
  auto super = world().super();
  const auto sessions = [&](const char* encrypted) {
    return super
        .exec(
            "SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = "
            "'diary_owner' "
            "AND ssl = $1",
            {encrypted})
        .integer(0, 0);
  };
  EXPECT_TRUE(support::eventually([&] { return sessions("t") > 0; }));
  EXPECT_EQ(sessions("f"), 0);
  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(server.log().find("hush"), std::string::npos);
}

TEST(Tls, AnotherNameIsRefused) {
  expect_refusal(world().verified("elsewhere.example.org", "ca.crt"), "does not match host name");
}

TEST(Tls, AnUnknownAuthorityIsRefused) {
  expect_refusal(world().verified("localhost", "stranger.crt"), "certificate verify failed");
  expect_refusal(world().verified("localhost", "missing.crt"), "missing.crt");
}

TEST(Tls, WithoutTlsTheServerRefuses) {
  expect_refusal(world().url("localhost", "sslmode=disable"), "no encryption");
}

TEST(Tls, AWrongPasswordIsNotRepeated) {
  expect_refusal(world().url("localhost", "sslmode=require", "hush-wrong"), "password authentication failed");
}

TEST(Tls, NorAUrlThatCannotBeRead) {
  for (const char* url : {"postgresql://diary_owner:hush@[localhost/diary",
                          "postgresql://diary_owner:hush%zz@h/d", "postgresql://h/diary?hush=1", "hush"}) {
    for (const char* command : {"serve", "migrate", "psql"}) {
      const Ran ran = diary(command, url);
      EXPECT_EQ(ran.code, 1) << ran.output;
      EXPECT_NE(ran.output.find("the database URL is not one that libpq understands"), std::string::npos)
          << ran.output;
      EXPECT_EQ(ran.output.find("hush"), std::string::npos) << ran.output;
    }
  }
}

TEST(Tls, TheConfigurationMasksIt) {
  const std::map<std::string, std::string> environment{{"DATABASE_URL", world().url("localhost", "")},
                                                       {"DIARY_OWNER_URL", world().url("localhost", "")}};
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"config"}, {"config", "--json"}}) {
    auto argv = arguments;
    argv.insert(argv.begin(), DIARY_BINARY);
    const Ran ran = support::run(argv, environment);
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.output.find("DIARY_OWNER_URL"), std::string::npos);
    EXPECT_EQ(ran.output.find("hush"), std::string::npos) << ran.output;
  }
}

}  // namespace
}  // namespace diary
