# SPDX-License-Identifier: Apache-2.0
# diary_library(NAME SOURCES a.cpp ... HEADERS a.hpp ... DEPS target ...): one library for one folder of src/.
# Headers are named in full ("base/result.hpp"), so the include root is src/ everywhere.
function(diary_library name)
  cmake_parse_arguments(LIB "TOGETHER" "" "SOURCES;HEADERS;DEPS" ${ARGN})
  add_library(${name} STATIC ${LIB_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${LIB_HEADERS})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${LIB_DEPS})
  if(LIB_TOGETHER)
    diary_together(${name})
  endif()
endfunction()

# Several files of one target in one go share the time that their headers take: a quarter less for the optimised
# program, about half for the tests. What two files name alike in their anonymous namespaces then collides.
# tools/lint.sh compiles each by itself.
option(DIARY_TOGETHER "Compile the files of one target several at a time" ON)
function(diary_together name)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${DIARY_TOGETHER} UNITY_BUILD_BATCH_SIZE 9)
  if(DIARY_TOGETHER AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What is true of a file by itself only: its anonymous types are no header's, others' names hide none of its own.
    target_compile_options(${name} PRIVATE -Wno-subobject-linkage -Wno-shadow)
  endif()
endfunction()
