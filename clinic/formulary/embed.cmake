# Writes the files of the formulary as C: cmake -DROOT=... -DRELEASE=... -DENTRIES=a;b -DOUT=... -P embed.cmake
# SPDX-License-Identifier: Apache-2.0
set(code "/* Written from the files of formulary/ by clinic/formulary/embed.cmake. */\n#include \"clinic/formulary/builtin.h\"\n")
set(rows "")
set(number 0)
foreach(file IN ITEMS ${RELEASE} LISTS ENTRIES)
    file(READ ${ROOT}/${file} hex HEX)
    string(LENGTH "${hex}" size)
    math(EXPR size "${size} / 2")
    string(REGEX REPLACE "(..)" "\\\\x\\1" text "${hex}")
    # A line of source for each 32 bytes; adjacent strings are one.
    string(REGEX REPLACE "(................................................................................................................................)"
           "\\1\"\n    \"" text "${text}")
    string(APPEND code "static const char FILE_${number}[] =\n    \"${text}\";\n")
    set(row "{ \"${file}\", FILE_${number}, ${size} }")
    if(number EQUAL 0)
        set(release "const struct builtin_file BUILTIN_RELEASE = ${row};\n")
    else()
        string(APPEND rows "    ${row},\n")
    endif()
    math(EXPR number "${number} + 1")
endforeach()
math(EXPR entries "${number} - 1")
string(APPEND code "${release}const struct builtin_file BUILTIN_ENTRIES[] = {\n${rows}};\n"
       "const size_t BUILTIN_ENTRIES_COUNT = ${entries};\n")
file(WRITE ${OUT} "${code}")
