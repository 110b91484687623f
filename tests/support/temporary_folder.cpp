// SPDX-License-Identifier: Apache-2.0
#include "support/temporary_folder.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace diary::support {

// Under /tmp rather than $TMPDIR, which can be below a home that nobody else may enter.
TemporaryFolder::TemporaryFolder() {
  std::string name = "/tmp/diary-test-XXXXXX";
  if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), 0711) != 0)
    throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace diary::support
