# SPDX-License-Identifier: Apache-2.0
# diary_library(NAME SOURCES a.cpp ... HEADERS a.hpp ... DEPS target ...): one library for one folder of src/.
# Headers are named in full ("base/result.hpp"), so the include root is src/ everywhere.
function(diary_library name)
  cmake_parse_arguments(LIB "" "" "SOURCES;HEADERS;DEPS" ${ARGN})
  add_library(${name} STATIC ${LIB_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${LIB_HEADERS})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${LIB_DEPS})
endfunction()
