"""frame.py - frames of the link, written and read independently of link/frame.c, after link/SPEC.md, section 2."""
# SPDX-License-Identifier: Apache-2.0
import struct


def crc16(data):
    """CRC-16 of link/SPEC.md §2, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        for bit in range(8):
            top = (crc >> 15) ^ (byte >> (7 - bit) & 1)
            crc = (crc << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return crc


def stuffed(body):
    """The frame of a body: each run up to a zero, headed by its length and one."""
    plain = body + struct.pack("<H", crc16(body))
    return b"".join(bytes([len(run) + 1]) + run for run in plain.split(b"\0")) + b"\0"


def unstuffed(frame):
    plain, rest = b"", frame.rstrip(b"\0")
    while rest:
        plain += rest[1:rest[0]] + (b"\0" if rest[0] < 255 else b"")
        rest = rest[rest[0]:]
    body, crc = plain[:-3], plain[-3:-1]  # the last run has no zero behind it
    assert struct.pack("<H", crc16(body)) == crc
    return body
