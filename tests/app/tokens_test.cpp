// SPDX-License-Identifier: Apache-2.0
// Which tokens are believed, by each kind of key; and the key files that are no keys.
#include "app/tokens.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <fstream>

#include "support/temporary_folder.hpp"
#include "support/token.hpp"

namespace diary {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

const std::string secret(32, 's');
const std::string old_secret(32, 'o');

User somebody() {
  User user;
  user.user_id = Uuid::random();
  user.email = "ann@example.org";
  user.tier = "premium";
  user.token_time = std::chrono::floor<seconds>(now());
  return user;
}

json::object claims_of(const User& user) {
  const auto at = std::chrono::duration_cast<seconds>(user.token_time.time_since_epoch()).count();
  return {{"sub", user.user_id.text()},
          {"email", user.email},
          {"tier", user.tier},
          {"iat", at},
          {"exp", at + 600},
          {"jti", Uuid::random().text()}};
}

class KeyFiles : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    const auto path = folder.path() / "key.pem";
    std::ofstream(path) << text;
    return path;
  }
  Tokens made_with(const support::KeyPair& pair, std::vector<TokenKey> former = {}) {
    return {read_key_file(write(pair.private_pem)).value(), seconds{600}, std::move(former)};
  }
  void expect_refused(const std::string& text, const std::string& message) {
    const auto key = read_key_file(write(text));
    ASSERT_FALSE(key);
    EXPECT_NE(key.error().message.find("key.pem"), std::string::npos);
    EXPECT_NE(key.error().message.find(message), std::string::npos) << key.error().message;
    EXPECT_EQ(key.error().message.find("BEGIN"), std::string::npos);
  }

  support::TemporaryFolder folder;
  User user = somebody();
};

// A changed token is no token, wherever the change is.
void expect_tampering_shows(const Tokens& tokens, const std::string& token) {
  const auto dot = token.rfind('.');
  for (const std::size_t at : {token.find('.') + 3, dot - 3, dot + 3, dot + 20}) {
    std::string other = token;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.verify(other)) << "byte " << at;
  }
  EXPECT_FALSE(tokens.verify(token.substr(0, dot + 1)));
  EXPECT_FALSE(tokens.verify(token.substr(0, dot)));
}

TEST_F(KeyFiles, EachKindSignsAndBelievesItsOwnAlone) {
  const auto rsa = support::make_key_pair("RSA 2048");
  const auto elliptic = support::make_key_pair("P-256");
  const Tokens by_secret(secret_key(secret), seconds{600});
  const Tokens by_rsa = made_with(rsa);
  const Tokens by_curve = made_with(elliptic);
  const std::vector<const Tokens*> all{&by_secret, &by_rsa, &by_curve};
  for (const Tokens* mine : all) {
    const auto token = mine->issue(user);
    for (const Tokens* other : all) EXPECT_EQ(other->verify(token).has_value(), other == mine);
    const auto caller = mine->verify(token);
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->user_id.text(), user.user_id.text());
    EXPECT_EQ(caller->email, user.email);
    EXPECT_EQ(caller->tier, user.tier);
    EXPECT_EQ(caller->issued_at, user.token_time);
    EXPECT_EQ(caller->expires_at, user.token_time + seconds{600});
    EXPECT_TRUE(Uuid::parse(caller->token_id));
    expect_tampering_shows(*mine, token);
  }
  EXPECT_TRUE(by_rsa.verify(support::make_token_with_key(claims_of(user), rsa.private_pem, "RS256")));
  EXPECT_TRUE(by_curve.verify(support::make_token_with_key(claims_of(user), elliptic.private_pem, "ES256")));
}

TEST_F(KeyFiles, APublicKeyIsNoSecret) {
  for (const char* kind : {"RSA 2048", "P-256"}) {
    SCOPED_TRACE(kind);
    const auto pair = support::make_key_pair(kind);
    const Tokens tokens = made_with(pair, {secret_key(old_secret)});
    for (const char* algorithm : {"HS256", "HS512", "none"}) {
      EXPECT_FALSE(tokens.verify(support::make_token(claims_of(user), pair.public_pem, algorithm)));
      EXPECT_FALSE(tokens.verify(support::make_token(
          claims_of(user), pair.public_pem.substr(0, pair.public_pem.size() - 1), algorithm)));
    }
    for (const char* algorithm : {"RS256", "RS512", "ES256", "HS256", "none", "PS256", ""}) {
      const bool right = std::string(algorithm) == (std::string(kind) == "P-256" ? "ES256" : "RS256");
      EXPECT_EQ(tokens.verify(support::make_token_with_key(claims_of(user), pair.private_pem, algorithm))
                    .has_value(),
                right)
          << algorithm;
    }
    const auto another = support::make_key_pair(kind);
    EXPECT_FALSE(tokens.verify(made_with(another).issue(user)));
  }
}

TEST_F(KeyFiles, AFormerSecretIsBelievedAndSignsNoMore) {
  const Tokens before(secret_key(old_secret), seconds{600});
  const Tokens after(secret_key(secret), seconds{600}, {secret_key(old_secret)});
  const Tokens by_rsa = made_with(support::make_key_pair("RSA 2048"), {secret_key(old_secret)});
  const Tokens forgotten(secret_key(secret), seconds{600});
  const auto token = before.issue(user);
  EXPECT_TRUE(after.verify(token));
  EXPECT_TRUE(by_rsa.verify(token));
  EXPECT_FALSE(forgotten.verify(token));
  EXPECT_FALSE(before.verify(after.issue(user)));
  EXPECT_TRUE(forgotten.verify(after.issue(user)));
}

TEST_F(KeyFiles, OthersAreRefusedByName) {
  expect_refused(support::make_key_pair("RSA 1024").private_pem, "at least 2048 bits");
  expect_refused(support::make_key_pair("P-384").private_pem, "P-256");
  expect_refused(support::make_key_pair("Ed25519").private_pem, "P-256");
  expect_refused(support::make_key_pair("RSA 2048").public_pem, "no private key");
  expect_refused("garbage", "no private key");
  expect_refused("", "cannot be read");
  const auto missing = read_key_file(folder.path() / "none.pem");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("none.pem cannot be read"), std::string::npos);
}

class Claims : public testing::Test {
 protected:
  bool believed(const char* name, const json::value& value) {
    auto claims = claims_of(user);
    claims[name] = value;
    return tokens.verify(support::make_token(claims, secret)).has_value();
  }
  User user = somebody();
  const std::int64_t at = std::chrono::duration_cast<seconds>(user.token_time.time_since_epoch()).count();
  Tokens tokens{secret_key(secret), seconds{600}};
};

TEST_F(Claims, HaveTheirBounds) {
  EXPECT_TRUE(believed("exp", at + 60));
  EXPECT_FALSE(believed("exp", at - 1));
  EXPECT_FALSE(believed("exp", 0));
  EXPECT_FALSE(believed("exp", -1));
  EXPECT_TRUE(believed("exp", 253'402'300'799));
  EXPECT_FALSE(believed("exp", 253'402'300'800));
  EXPECT_FALSE(believed("exp", std::numeric_limits<std::int64_t>::max()));
  EXPECT_TRUE(believed("iat", at + 50)) << "clocks differ";
  EXPECT_FALSE(believed("iat", at + 90));
  EXPECT_FALSE(believed("iat", 0));
  EXPECT_TRUE(believed("nbf", at));
  EXPECT_FALSE(believed("nbf", at + 90));
  EXPECT_TRUE(believed("jti", json::string(100, 'x')));
  EXPECT_FALSE(believed("jti", json::string(101, 'x')));
  EXPECT_FALSE(believed("jti", ""));
  EXPECT_FALSE(believed("jti", 7));
  EXPECT_FALSE(believed("sub", "root"));
  EXPECT_FALSE(believed("sub", nullptr));
}

TEST_F(Claims, ATokenHasAtMost4096Bytes) {
  auto claims = claims_of(user);
  const auto padded = [&](std::size_t size) {
    claims["pad"] = json::string(size, 'x');
    return support::make_token(claims, secret);
  };
  std::size_t size = 2000;
  while (padded(size + 3).size() <= 4096) size += 3;
  EXPECT_TRUE(tokens.verify(padded(size)));
  EXPECT_FALSE(tokens.verify(padded(size + 3)));
  EXPECT_FALSE(tokens.verify(std::string(1'000'000, 'x')));
}

TEST_F(Claims, GarbageIsNoToken) {
  for (const char* text : {"", ".", "..", "...", "a.b.c", "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30.",
                           "eyJhbGciOiJIUzI1NiJ9..", "\xFF\xFE.\x01.\x02"})
    EXPECT_FALSE(tokens.verify(text)) << text;
}

}  // namespace
}  // namespace diary
