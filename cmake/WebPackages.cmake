# SPDX-License-Identifier: Apache-2.0
# The Node side of the build. Needs node and npm (tools/install.sh, group build); npm fetches what web/package-lock.json
# pins into web/node_modules, once.
#   web_installed   the file that says that they are there
#   web_dist        the folder of what the program carries in itself; web_dist_stamp says that it is made
find_program(NODE node REQUIRED)
find_program(NPM npm REQUIRED)
set(web_dir ${PROJECT_SOURCE_DIR}/web)
set(web_installed ${web_dir}/node_modules/.package-lock.json)
add_custom_command(
  OUTPUT ${web_installed}
  COMMAND ${NPM} ci --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${web_installed}
  DEPENDS ${web_dir}/package.json ${web_dir}/package-lock.json ${web_dir}/.npmrc
  WORKING_DIRECTORY ${web_dir}
  COMMENT "Fetching the packages of web/package-lock.json"
  VERBATIM)

set(web_dist ${PROJECT_BINARY_DIR}/web/dist)
set(web_dist_stamp ${PROJECT_BINARY_DIR}/web/dist.stamp)
file(GLOB web_sources CONFIGURE_DEPENDS ${web_dir}/docs/*)
file(GLOB_RECURSE web_page_sources CONFIGURE_DEPENDS ${web_dir}/page/* ${web_dir}/src/api/client.ts)
add_custom_command(
  OUTPUT ${web_dist_stamp}
  COMMAND ${NODE} ${web_dir}/build.mjs ${web_dist}
  COMMAND ${CMAKE_COMMAND} -E touch ${web_dist_stamp}
  DEPENDS ${web_installed} ${web_dir}/build.mjs ${web_dir}/vite.config.mjs ${web_sources}
    ${web_page_sources}
  VERBATIM)
add_custom_target(web_packages DEPENDS ${web_installed})
