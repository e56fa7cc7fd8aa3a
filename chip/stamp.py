#!/usr/bin/python3
"""stamp - writes into a linked image what it says of itself (chip/image.h): its size, its CRC, its build id.

    stamp.py IMAGE.elf [IMAGE.bin]     into the ELF file in place; IMAGE.bin: the loaded bytes alone, for a flash programmer

The build id is a hash over the bytes that are loaded, so the same source gives the same one wherever and whenever it is built.
"""
# SPDX-License-Identifier: Apache-2.0
import hashlib
import pathlib
import struct
import sys
import zlib

STAMP, CRC_AT, STAMP_BYTES, BUILD_BYTES = 0x100, 0x104, 28, 20
PT_LOAD = 1


def loaded(elf):
    """(offset in the file, size) of the one segment that is loaded; it must begin at address 0."""
    if elf[:6] != b"\x7fELF\x01\x01":
        sys.exit("stamp: not a little-endian 32-bit ELF file")
    first, size, count = struct.unpack_from("<I", elf, 28)[0], *struct.unpack_from("<HH", elf, 42)
    segments = [struct.unpack_from("<8I", elf, first + at * size) for at in range(count)]
    loads = [row for row in segments if row[0] == PT_LOAD]
    if len(loads) != 1 or loads[0][3] != 0 or loads[0][4] != loads[0][5]:
        sys.exit("stamp: an image has one segment, at address 0, and nothing that a loader would clear")
    return loads[0][1], loads[0][4]


def main():
    path = pathlib.Path(sys.argv[1])
    elf = bytearray(path.read_bytes())
    offset, size = loaded(elf)
    image = bytearray(elf[offset:offset + size])
    image[STAMP:STAMP + STAMP_BYTES] = bytes(STAMP_BYTES)
    build = hashlib.sha256(image).digest()[:BUILD_BYTES]
    struct.pack_into(f"<II{BUILD_BYTES}s", image, STAMP, size, 0, build)
    struct.pack_into("<I", image, CRC_AT, zlib.crc32(image[:CRC_AT] + image[CRC_AT + 4:]))
    elf[offset:offset + size] = image
    path.write_bytes(elf)
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_bytes(image)


if __name__ == "__main__":
    main()
