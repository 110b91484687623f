// SPDX-License-Identifier: Apache-2.0
#include "http/assets.hpp"

#include <functional>
#include <map>
#include <stdexcept>

#include "http/body.hpp"
#include "http/embedded.hpp"
#include "http/problem.hpp"

namespace diary::http {
namespace {

struct Asset {
  std::string_view bytes;
  std::string_view gzip;  // empty: not worth it
  std::string_view content_type;
  std::string etag;
};
using Assets = std::map<std::string, Asset, std::less<>>;

constexpr std::string_view gzip_suffix = ".gz";

std::string_view content_type_of(std::string_view name) {
  static const std::map<std::string_view, std::string_view> types{
      {".css", "text/css; charset=utf-8"},
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".png", "image/png"},
      {".svg", "image/svg+xml"},
      {".webmanifest", "application/manifest+json"},
      {".woff2", "font/woff2"}};
  const auto type = types.find(name.substr(name.rfind('.')));
  if (type == types.end()) throw std::runtime_error("no content type for " + std::string(name));
  return type->second;
}

Assets collect() {
  Assets assets;
  for (const EmbeddedFile& file : web_files()) {
    if (file.name.ends_with(gzip_suffix)) continue;
    Asset& asset = assets[std::string(file.name)];
    asset.bytes = file.bytes;
    asset.content_type = content_type_of(file.name);
  }
  for (const EmbeddedFile& file : web_files()) {
    if (!file.name.ends_with(gzip_suffix)) continue;
    Asset& asset = assets.at(std::string(file.name.substr(0, file.name.size() - gzip_suffix.size())));
    if (file.bytes.size() >= asset.bytes.size()) continue;
    asset.gzip = file.bytes;
  }
  for (auto& [name, asset] : assets)
    asset.etag = digest_of(std::string(asset.bytes) + std::string(asset.gzip));
  return assets;
}

}  // namespace

Reply asset_reply(std::string_view name, const Request& request) {
  static const Assets assets = collect();
  const auto found = assets.find(name);
  if (found == assets.end()) return problem(Error{Errc::not_found, "there is no such file"}, request);
  const Asset& asset = found->second;
  Reply reply;
  reply.content_type = asset.content_type;
  reply.body = asset.bytes;
  reply.gzip = asset.gzip;
  reply.etag = asset.etag;
  return reply;
}

}  // namespace diary::http
