# nanopb's runtime, built from Debian's source package on host and chip alike: the options below change the structs that the
# library and its callers share, so Debian's own binary, built without them, would not fit; and so the sanitizers of the dev
# preset look into the decoder, which reads what strangers send.
# SPDX-License-Identifier: Apache-2.0
include(debian_source)
debian_source(nanopb 0.4.7 NANOPB_FOLDER)

freestanding_room(nanopb ${NANOPB_FOLDER}/pb_common.c ${NANOPB_FOLDER}/pb_decode.c ${NANOPB_FOLDER}/pb_encode.c)
target_include_directories(nanopb SYSTEM PUBLIC ${NANOPB_FOLDER})
# Buffers only: no stream calls through a pointer. No texts for errors. A string that is not UTF-8 is refused on both sides,
# as any other implementation of protobuf would.
target_compile_definitions(nanopb PUBLIC PB_BUFFER_ONLY PB_NO_ERRMSG PB_VALIDATE_UTF8)
target_compile_options(nanopb PRIVATE -w)
