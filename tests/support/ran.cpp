// SPDX-License-Identifier: Apache-2.0
#include "support/ran.hpp"

#include "support/program.hpp"

namespace diary::support {

Ran run(const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment) {
  std::vector<std::string> all{"/usr/bin/env"};
  for (const auto& [name, value] : environment) all.push_back(name + "=" + value);
  all.insert(all.end(), argv.begin(), argv.end());
  Program program(all);
  program.close_input();
  std::string output = program.rest();
  return {program.wait(), std::move(output)};
}

}  // namespace diary::support
