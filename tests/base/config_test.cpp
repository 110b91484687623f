// SPDX-License-Identifier: Apache-2.0
#include "base/config.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace diary {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  void TearDown() override {
    unsetenv("DIARY_LISTEN");
    unsetenv("DIARY_BCRYPT_COST");
  }
  std::string file(const std::string& text) {
    const std::string path = ::testing::TempDir() + "/diary_config_test.toml";
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(ConfigTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const auto path = file("listen = \"127.0.0.1:1001\"\nbcrypt_cost = 5\njwt_expiry = \"2h\"\n");
  setenv("DIARY_LISTEN", "127.0.0.1:1002", 1);
  setenv("DIARY_BCRYPT_COST", "6", 1);
  const auto loaded = load_config({{"listen", "127.0.0.1:1003"}}, path);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.listen_port, 1003);
  EXPECT_EQ(loaded->config.bcrypt_cost, 6);
  EXPECT_EQ(loaded->config.jwt_expiry.count(), 7200);
  EXPECT_EQ(loaded->config.pool_size, 20);
}

TEST_F(ConfigTest, NamesWhatItRefuses) {
  const auto refused = [&](const std::string& text) {
    const auto loaded = load_config({}, file(text));
    return loaded ? std::string("taken") : loaded.error().message;
  };
  EXPECT_NE(refused("bcrypt_cost = 3").find("bcrypt_cost (file) must be an integer from 4 to 15"),
            std::string::npos);
  EXPECT_NE(refused("listen = \"8080\"").find("listen (file)"), std::string::npos);
  EXPECT_NE(refused("listen = \"h:65536\"").find("port"), std::string::npos);
  EXPECT_NE(refused("jwt_secret = \"short\"").find("32 bytes"), std::string::npos);
  EXPECT_NE(refused("jwt_expiry = \"367d\"").find("duration"), std::string::npos);
  EXPECT_NE(refused("lisen = \"h:1\"").find("unknown setting \"lisen\""), std::string::npos);
  EXPECT_NE(refused("retention_months = 6").find("from 7 to 1200"), std::string::npos);
  EXPECT_NE(refused("retention_months = 1201").find("from 7 to 1200"), std::string::npos);
  EXPECT_EQ(refused("retention_months = 7"), "taken");
  EXPECT_EQ(refused("retention_months = 0"), "taken");
  EXPECT_NE(refused("audit_months = -1").find("from 1 to 1200"), std::string::npos);
  EXPECT_NE(refused("audit_months = 1201").find("from 1 to 1200"), std::string::npos);
  EXPECT_EQ(refused("audit_months = 1"), "taken");
  EXPECT_EQ(refused("audit_months = 0"), "taken");
  EXPECT_EQ(refused("join_m = 0"), "taken");
  EXPECT_EQ(refused("join_m = 0.25"), "taken");
  EXPECT_EQ(refused("join_m = \"50\""), "taken");
  for (const char* wrong : {"50.01", "-0.1", "nan", "inf", "\"0,5\"", "\"\""})
    EXPECT_NE(refused(std::string("join_m = ") + wrong).find("join_m (file) must be a number of metres"),
              std::string::npos)
        << wrong;
  EXPECT_NE(refused("retention_months = 7.5").find("from 7 to 1200"), std::string::npos);
  EXPECT_NE(refused("trusted_proxies = \"10.0.0.0/8, proxy\"").find("\"proxy\" is no address or network"),
            std::string::npos);
  EXPECT_EQ(refused("trusted_proxies = \"10.0.0.0/8, ::1\""), "taken");
  EXPECT_NE(refused("redis_url = \"http://cache\"").find("redis_url (file) must be redis://"),
            std::string::npos);
  EXPECT_EQ(refused("redis_url = \"redis://:secret@cache/1\""), "taken");
  EXPECT_NE(refused("cors_origins = \"https://a/\"").find("\"https://a/\" is no origin"), std::string::npos);
  EXPECT_EQ(refused("cors_origins = \"*\""), "taken");
  EXPECT_NE(refused("metrics = \"maybe\"").find("on or off"), std::string::npos);
  EXPECT_NE(refused("metrics_token = \"fifteen bytes..\"").find("16 bytes"), std::string::npos);
  EXPECT_NE(refused("redis_timeout_ms = 0").find("from 1 to 10000"), std::string::npos);
  EXPECT_NE(refused("rate_limit_max_routing = 0").find("from 1"), std::string::npos);
  EXPECT_NE(refused("rate_limit_max_routing_anonymous = 0").find("from 1"), std::string::npos);
  EXPECT_NE(refused("pool_size = 1.5").find("pool_size (file) must be an integer"), std::string::npos);
  EXPECT_NE(refused("pool_size = [1]").find("pool_size must be a string or a number"), std::string::npos);
}

TEST_F(ConfigTest, MasksSecrets) {
  const auto loaded = load_config({{"jwt_secret", std::string(32, 'x')}}, {});
  ASSERT_TRUE(loaded);
  for (const Setting& setting : loaded->settings) EXPECT_EQ(setting.value.find("xxxx"), std::string::npos);
}

}  // namespace
}  // namespace diary
