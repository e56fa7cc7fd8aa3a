# The part of libsodium that link/ needs, built from Debian's source package in portable C: for the chip, and on the host for the
# test that compares it with Debian's own library. X25519, ChaCha20-Poly1305, BLAKE2b, the checking of Ed25519, SHA-512.
# SPDX-License-Identifier: Apache-2.0
include(debian_source)
debian_source(libsodium 1.0.18 SODIUM_FOLDER)
set(SODIUM_SOURCE ${SODIUM_FOLDER}/src/libsodium)
set(SODIUM_MADE ${CMAKE_BINARY_DIR}/sources/sodium)

# libsodium calls each primitive through a variable that sodium_init() sets to the fastest implementation. Here there is one, and
# no such variable: the implementation comes first, as a constant of the same file, and the function that would choose is left
# unused, so the compiler calls straight. That spares function pointers in RAM, and 30 KB of tables for what is never called.
# sodium_straight(noun KNOWN implementation PICK function FILES source ... [AFTER line]): makes noun.c; `known` is the name of
# the struct that the first of the files defines.
function(sodium_straight noun)
    cmake_parse_arguments(STRAIGHT "" "KNOWN;PICK" "FILES;AFTER" ${ARGN})
    list(POP_BACK STRAIGHT_FILES dispatch)
    set(text "/* ${noun}.c - made by cmake/sodium.cmake. */\n")
    if(STRAIGHT_KNOWN)
        list(GET STRAIGHT_FILES 0 file)
        string(APPEND text "#define ${STRAIGHT_KNOWN} const ${noun}_known\n#include \"${file}\"\n"
                           "#undef ${STRAIGHT_KNOWN}\n#define ${STRAIGHT_KNOWN} ${noun}_known\n")
    endif()
    foreach(line ${STRAIGHT_AFTER})
        string(APPEND text "${line}\n")
    endforeach()
    string(APPEND text "#define ${STRAIGHT_PICK}(none) static __attribute__((unused)) pick(none)\n#include \"${dispatch}\"\n")
    file(CONFIGURE OUTPUT ${SODIUM_MADE}/${noun}.c CONTENT "${text}" @ONLY)
endfunction()

# With the arithmetic of Ed25519 in the same file: both have the field's functions as their own, 2 KB of code, and so share them.
sodium_straight(x25519 KNOWN crypto_scalarmult_curve25519_ref10_implementation
                PICK _crypto_scalarmult_curve25519_pick_best_implementation
                AFTER "#include \"crypto_core/ed25519/ref10/ed25519_ref10.c\""
                FILES crypto_scalarmult/curve25519/ref10/x25519_ref10.c crypto_scalarmult/curve25519/scalarmult_curve25519.c)
sodium_straight(poly1305 KNOWN crypto_onetimeauth_poly1305_donna_implementation
                PICK _crypto_onetimeauth_poly1305_pick_best_implementation
                FILES crypto_onetimeauth/poly1305/donna/poly1305_donna.c crypto_onetimeauth/poly1305/onetimeauth_poly1305.c)
# The header of this implementation has no guard: it declares the struct once more, now as the constant that it is here.
sodium_straight(chacha20 KNOWN crypto_stream_chacha20_ref_implementation
                PICK _crypto_stream_chacha20_pick_best_implementation
                AFTER "#include \"private/chacha20_ietf_ext.h\"" "#include \"private/implementations.h\""
                      "#include \"randombytes.h\"" "#include \"runtime.h\"" "#define extern extern const"
                FILES crypto_stream/chacha20/ref/chacha20_ref.c crypto_stream/chacha20/stream_chacha20.c)
sodium_straight(blake2b PICK crypto_generichash_blake2b__pick_best_implementation
                FILES crypto_generichash/blake2b/ref/blake2b-ref.c)

# The rounds of BLAKE2b and SHA-512 are written out one by one, 21 KB of code on the chip; in loops they are 3 KB.
# sodium_loop(variable last line): the lines with the numbers from 0 to the last in the place of @ become one loop.
function(sodium_loop variable last line)
    set(lines "")
    foreach(number RANGE ${last})
        string(REPLACE "@" "${number}" one "${line}")
        string(APPEND lines "${one}\n")
    endforeach()
    string(FIND "${${variable}}" "${lines}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "libsodium's rounds '${line}' do not stand there as cmake/sodium.cmake knows them")
    endif()
    string(REPLACE "@" "round" one "${line}")
    string(REPLACE "${lines}" "for (int round = 0; round <= ${last}; round++) {\n${one}\n}\n" text "${${variable}}")
    set(${variable} "${text}" PARENT_SCOPE)
endfunction()

file(READ ${SODIUM_SOURCE}/crypto_generichash/blake2b/ref/blake2b-compress-ref.c text)
sodium_loop(text 11 "    ROUND(@);")
file(CONFIGURE OUTPUT ${SODIUM_MADE}/blake2b_compress.c CONTENT "${text}" @ONLY)
file(READ ${SODIUM_SOURCE}/crypto_hash/sha512/cp/hash_sha512_cp.c text)
sodium_loop(text 15 "        RNDr(S, W, @, i);")
sodium_loop(text 15 "        MSCH(W, @, i);")
file(CONFIGURE OUTPUT ${SODIUM_MADE}/hash_sha512.c CONTENT "${text}" @ONLY)

set(SODIUM_FILES crypto_aead/chacha20poly1305/sodium/aead_chacha20poly1305.c crypto_generichash/blake2b/ref/generichash_blake2b.c
    crypto_sign/ed25519/ref10/open.c crypto_sign/ed25519/ref10/sign.c crypto_verify/sodium/verify.c sodium/utils.c)
list(TRANSFORM SODIUM_FILES PREPEND ${SODIUM_SOURCE}/)
freestanding_room(sodium ${SODIUM_FILES} ${SODIUM_MADE}/x25519.c ${SODIUM_MADE}/poly1305.c ${SODIUM_MADE}/chacha20.c
                         ${SODIUM_MADE}/blake2b.c ${SODIUM_MADE}/blake2b_compress.c ${SODIUM_MADE}/hash_sha512.c)
target_include_directories(sodium SYSTEM PUBLIC ${SODIUM_SOURCE}/include)
target_include_directories(sodium PRIVATE ${SODIUM_SOURCE} ${SODIUM_SOURCE}/include/sodium
    ${SODIUM_SOURCE}/crypto_scalarmult/curve25519 ${SODIUM_SOURCE}/crypto_stream/chacha20
    ${SODIUM_SOURCE}/crypto_onetimeauth/poly1305 ${SODIUM_SOURCE}/crypto_generichash/blake2b/ref)
# What its own configuration would find; assertions of sizes that the callers fix are left out, and with them their texts.
target_compile_definitions(sodium PRIVATE CONFIGURED=1 DEV_MODE=0 NATIVE_LITTLE_ENDIAN=1 NDEBUG PUBLIC SODIUM_STATIC)
target_compile_options(sodium PRIVATE -w)
