# SPDX-License-Identifier: Apache-2.0
# Run with -DFUNCTION= -DDIR= -DGLOBS= -DOUT=; see EmbedFiles.cmake. The assembler copies the bytes (.incbin), so that
# size costs no time and any byte will do.
list(TRANSFORM GLOBS PREPEND ${DIR}/)
file(GLOB files LIST_DIRECTORIES false RELATIVE ${DIR} ${GLOBS})
list(SORT files)
if(NOT files)
  message(FATAL_ERROR "${DIR} holds nothing to embed")
endif()
set(asm "// Generated from ${DIR}. Do not edit.\n.section .rodata\n")
set(symbols "")
set(rows "")
set(number 0)
foreach(name IN LISTS files)
  set(symbol diary_embedded_${FUNCTION}_${number})
  string(APPEND asm ".balign 16\n.globl ${symbol}\n.hidden ${symbol}\n${symbol}:\n.incbin \"${DIR}/${name}\"\n"
                    ".globl ${symbol}_end\n.hidden ${symbol}_end\n${symbol}_end:\n.byte 0\n")
  string(APPEND symbols "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
  string(APPEND rows "      {\"${name}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND asm ".section .note.GNU-stack,\"\",%progbits\n")
file(WRITE ${OUT}/${FUNCTION}.S "${asm}")
file(WRITE ${OUT}/${FUNCTION}.cpp "// Generated from ${DIR}. Do not edit.
#include \"http/embedded.hpp\"

#include <cstddef>

extern \"C\" {
${symbols}}

namespace diary::http {

std::span<const EmbeddedFile> ${FUNCTION}() {
  static const EmbeddedFile files[] = {
${rows}  };
  return files;
}

}  // namespace diary::http
")
