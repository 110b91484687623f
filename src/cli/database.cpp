// SPDX-License-Identifier: Apache-2.0
#include "cli/database.hpp"

#include "base/log.hpp"
#include "pg/private_cluster.hpp"

namespace diary::cli {
namespace {

// A database that is somebody else's to run.
class External final : public Database {
 public:
  External(std::string url, std::string owner_url) : url_(std::move(url)), owner_url_(std::move(owner_url)) {}
  [[nodiscard]] std::string owner_url() const override { return owner_url_.empty() ? url_ : owner_url_; }
  [[nodiscard]] std::string superuser_url() const override { return owner_url(); }
  [[nodiscard]] std::string app_url() const override { return url_; }
  [[nodiscard]] bool embedded() const override { return false; }
  [[nodiscard]] std::filesystem::path folder() const override { return {}; }
  [[nodiscard]] Result<bool> revive() override { return false; }

 private:
  std::string url_;
  std::string owner_url_;
};

class Embedded final : public Database {
 public:
  explicit Embedded(std::unique_ptr<pg::PrivateCluster> cluster) : cluster_(std::move(cluster)) {}
  [[nodiscard]] std::string owner_url() const override { return cluster_->conninfo(pg::owner_role); }
  [[nodiscard]] std::string superuser_url() const override { return cluster_->conninfo(pg::superuser_role); }
  [[nodiscard]] std::string app_url() const override { return cluster_->conninfo(pg::app_role); }
  [[nodiscard]] bool embedded() const override { return true; }
  [[nodiscard]] std::filesystem::path folder() const override { return cluster_->folder(); }
  [[nodiscard]] Result<bool> revive() override {
    if (cluster_->alive()) return false;
    spdlog::error("the embedded PostgreSQL is gone; starting it again");
    return cluster_->restart().transform([] { return true; });
  }

 private:
  std::unique_ptr<pg::PrivateCluster> cluster_;
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const Config& config, Use use) {
  if (!config.database_url.empty()) return std::make_unique<External>(config.database_url, config.owner_url);
  if (!config.owner_url.empty())
    return fail(Errc::failed, "DIARY_OWNER_URL is of no use without a DATABASE_URL");
  auto cluster =
      pg::PrivateCluster::open({.folder = config.data_dir, .serving = use == Use::exclusive, .settings = {}});
  if (!cluster) return fail(std::move(cluster.error()));
  return std::make_unique<Embedded>(*std::move(cluster));
}

}  // namespace diary::cli
