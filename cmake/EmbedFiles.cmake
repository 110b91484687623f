# SPDX-License-Identifier: Apache-2.0
# diary_embed_files(TARGET FUNCTION DIR GLOB... [DEPENDS file ...]): puts the files of DIR that match into TARGET.
# FUNCTION, declared in src/http/embedded.hpp, lists them in the order of their names. DEPENDS: what to wait for when
# DIR is made by the build itself; without it DIR is part of the source tree and looked at when CMake runs.
function(diary_embed_files target function dir)
  cmake_parse_arguments(EMBED "" "" "DEPENDS" ${ARGN})
  set(globs ${EMBED_UNPARSED_ARGUMENTS})
  set(inputs ${EMBED_DEPENDS})
  if(NOT inputs)
    list(TRANSFORM globs PREPEND ${dir}/ OUTPUT_VARIABLE patterns)
    file(GLOB inputs CONFIGURE_DEPENDS ${patterns})
  endif()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_files_script.cmake)
  add_custom_command(
    OUTPUT ${out}/${function}.cpp ${out}/${function}.S
    COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DDIR=${dir} "-DGLOBS=${globs}" -DOUT=${out} -P ${script}
    DEPENDS ${inputs} ${script}
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/${function}.cpp ${out}/${function}.S)
endfunction()
