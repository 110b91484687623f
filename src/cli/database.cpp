// SPDX-License-Identifier: Apache-2.0
#include "cli/database.hpp"

namespace diary::cli {
namespace {

// A database that is somebody else's to run.
class External final : public Database {
 public:
  explicit External(std::string url) : url_(std::move(url)) {}
  [[nodiscard]] std::string owner_url() const override { return url_; }
  [[nodiscard]] std::string app_url() const override { return url_; }
  [[nodiscard]] bool embedded() const override { return false; }

 private:
  std::string url_;
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const Config& config, Use) {
  if (config.database_url.empty()) return fail(Errc::failed, "set DATABASE_URL or --database");
  return std::make_unique<External>(config.database_url);
}

}  // namespace diary::cli
