// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document and its page, as served.

#include <regex>

#include "http/api_test.hpp"
#include "support/gunzip.hpp"

namespace diary::http::test {
namespace {

// What the page loads.
std::vector<std::string> links(const std::string& page) {
  static const std::regex attribute("(?:src|href)=\"([^\"]+)\"");
  std::vector<std::string> found;
  for (std::sregex_iterator it(page.begin(), page.end(), attribute), end; it != end; ++it)
    found.push_back((*it)[1]);
  return found;
}

TEST(Documents, TheOpenApiDocument) {
  auto client = world().client();
  const auto answer = client.get("/api/openapi.json");
  ASSERT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("cache-control"), "no-cache");
  EXPECT_EQ(answer.json().at("openapi"), "3.1.0");
  EXPECT_TRUE(answer.json().at("paths").as_object().contains("/api/v1/diary/segments"));
  EXPECT_EQ(client.get("/api/openapi.json", {{"If-None-Match", answer.header("etag")}}).status, 304U);
  const auto packed = client.get("/api/openapi.json", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(support::gunzip(packed.body), answer.body);
}

TEST(Documents, TheProgramPrintsTheSame) {
  support::Program program({DIARY_BINARY, "openapi"});
  EXPECT_EQ(program.rest(), world().client().get("/api/openapi.json").body + "\n");
  EXPECT_EQ(program.wait(), 0);
}

TEST(Documents, ThePageAllowsNothingInlineAndNobodyElse) {
  auto client = world().client();
  const auto page = client.get("/api/docs");
  ASSERT_EQ(page.status, 200U);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  const auto policy = page.header("content-security-policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';")) << policy;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.body.find("://"), std::string::npos) << "another host";
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<script>|<style|style=|onload=|onclick=")));
  EXPECT_EQ(client.get("/api/docs", {{"If-None-Match", page.header("etag")}}).status, 304U);
}

TEST(Documents, WhatThePageNeedsIsThereForGood) {
  auto client = world().client();
  const std::map<std::string, std::string> types{
      {"js", "text/javascript; charset=utf-8"}, {"css", "text/css; charset=utf-8"}, {"png", "image/png"}};
  int assets = 0;
  for (const std::string& link : links(client.get("/api/docs").body)) {
    SCOPED_TRACE(link);
    if (link == "/api/openapi.json") continue;
    ++assets;
    EXPECT_TRUE(std::regex_match(link, std::regex("/assets/[a-z0-9-]+-[0-9a-f]{12}\\.(js|css|png)")));
    const auto plain = client.get(link);
    ASSERT_EQ(plain.status, 200U);
    EXPECT_EQ(plain.header("content-type"), types.at(link.substr(link.rfind('.') + 1)));
    EXPECT_EQ(plain.header("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(plain.header("content-encoding"), "");
    EXPECT_EQ(plain.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(client.get(link, {{"If-None-Match", plain.header("etag")}}).status, 304U);
    EXPECT_EQ(client.send("HEAD", link).header("content-length"), std::to_string(plain.body.size()));
    const auto packed = client.get(link, {{"Accept-Encoding", "gzip"}});
    if (packed.header("content-encoding") == "gzip") {
      EXPECT_EQ(support::gunzip(packed.body), plain.body);
      EXPECT_NE(packed.header("etag"), plain.header("etag"));
      for (const auto& answer : {packed, plain})
        EXPECT_NE(answer.header("vary").find("Accept-Encoding"), std::string::npos);
      EXPECT_EQ(
          client.get(link, {{"Accept-Encoding", "gzip"}, {"If-None-Match", packed.header("etag")}}).status,
          304U);
    } else {
      EXPECT_LT(plain.body.size(), 1024U) << "worth compressing";
    }
  }
  EXPECT_EQ(assets, 5);
}

// The page for residents.
TEST(Page, AllowsNothingInlineAndNobodyElse) {
  auto client = world().client();
  const auto page = client.get("/");
  ASSERT_EQ(page.status, 200U);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("cache-control"), "no-cache");
  const auto policy = page.header("content-security-policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';")) << policy;
  EXPECT_NE(policy.find("worker-src 'self' blob:"), std::string::npos) << policy;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.body.find("://"), std::string::npos) << "another host";
  EXPECT_FALSE(std::regex_search(page.body, std::regex("<script>|<style|style=|onload=|onclick=")));
  EXPECT_EQ(client.get("/", {{"If-None-Match", page.header("etag")}}).status, 304U);
  const auto packed = client.get("/", {{"Accept-Encoding", "gzip"}});
  ASSERT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(support::gunzip(packed.body), page.body);
}

TEST(Page, WhatItLinksIsThere) {
  auto client = world().client();
  int kept = 0;
  for (const std::string& link : links(client.get("/").body)) {
    SCOPED_TRACE(link);
    const auto found = client.get(link);
    ASSERT_EQ(found.status, 200U);
    const bool asset = link.starts_with("/assets/");
    kept += asset ? 1 : 0;
    EXPECT_EQ(found.header("cache-control"), asset ? "public, max-age=31536000, immutable" : "no-cache");
  }
  EXPECT_GE(kept, 2) << "a script and a style sheet";
}

TEST(Page, ItsOtherFiles) {
  auto client = world().client();
  const std::map<std::string, std::string> types{{"/sw.js", "text/javascript; charset=utf-8"},
                                                 {"/manifest.webmanifest", "application/manifest+json"},
                                                 {"/icons/icon.svg", "image/svg+xml"},
                                                 {"/icons/icon-192.png", "image/png"},
                                                 {"/icons/icon-512.png", "image/png"}};
  for (const auto& [path, type] : types) {
    SCOPED_TRACE(path);
    const auto file = client.get(path);
    ASSERT_EQ(file.status, 200U);
    EXPECT_EQ(file.header("content-type"), type);
    EXPECT_EQ(file.header("cache-control"), "no-cache");
    EXPECT_EQ(client.get(path, {{"If-None-Match", file.header("etag")}}).status, 304U);
  }
}

TEST(Documents, OtherFilesThereAreNot) {
  auto client = world().client();
  for (const char* path : {"/assets/nothing.js", "/assets/..%2fdocs%2findex.html", "/assets/", "/assets/a/b",
                           "/api/docs/", "/docs/index.html", "/page/index.html", "/index.html",
                           "/icons/nothing.png", "/icons/..%2findex.html", "/icons/"})
    expect_problem(client.get(path), 404, "not_found");
  expect_problem(client.get("/assets/%2e%2e"), 400, "malformed");
}

}  // namespace
}  // namespace diary::http::test
