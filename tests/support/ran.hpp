// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program run to its end.

#include <map>
#include <string>
#include <vector>

namespace diary::support {

struct Ran {
  int code;
  std::string output;  // stdout and stderr together
};

[[nodiscard]] Ran run(const std::vector<std::string>& argv,
                      const std::map<std::string, std::string>& environment = {});

}  // namespace diary::support
