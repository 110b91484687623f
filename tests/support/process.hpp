// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the kernel says of processes.

#include <sys/resource.h>
#include <sys/types.h>

namespace diary::support {

// Resident memory in KiB; 0: there is no such process.
[[nodiscard]] long resident_kib(pid_t pid);

// Lets this process, and those it starts, open as many files as they may; how many.
rlim_t raise_open_files();

}  // namespace diary::support
