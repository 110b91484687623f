// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text of the embedded cluster's configuration files. Writes nothing.

#include <string>
#include <vector>

namespace diary::pg {

struct ClusterSettings {
  bool durable = true;  // false: for tests; survives any kill, but no power cut, and is never archived
  std::string archive_command{};   // empty: there is no backup yet, so nothing has to be kept
  bool finishing_restore = false;  // nobody may look in before recovery is over
};

// A value as these files spell it.
[[nodiscard]] std::string quoted_value(const std::string& text);

// postgresql.conf: includes ours, then the operator's.
[[nodiscard]] std::string postgresql_conf();
// diary.conf: all that we set.
[[nodiscard]] std::string diary_conf(const ClusterSettings& settings);
[[nodiscard]] std::string pg_hba_conf();
// Each of `users` (of the operating system) may be each of `roles`.
[[nodiscard]] std::string pg_ident_conf(const std::vector<std::string>& users,
                                        const std::vector<std::string>& roles);

}  // namespace diary::pg
