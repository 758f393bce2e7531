#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of how large files are cut, written from docs/format.md.

Prints the ends of the chunks of two contents, for src/test/resources/golden/chunks.txt:

  make-chunks-golden.py > ../resources/golden/chunks.txt
"""
import hashlib
import struct

MIB = 1 << 20
SMALLEST, NORMAL, LARGEST = 4 * MIB, 8 * MIB, 16 * MIB
GEAR = [struct.unpack(">Q", hashlib.sha256(bytes([b])).digest()[:8])[0] for b in range(256)]
WORD = (1 << 64) - 1


def chunk_length(content, start):
    """Length of the chunk that begins at start."""
    left = len(content) - start
    fingerprint = 0
    for i in range(SMALLEST, min(left, LARGEST)):
        fingerprint = ((fingerprint << 1) + GEAR[content[start + i]]) & WORD
        zeros = 25 if i < NORMAL else 21
        if fingerprint >> (64 - zeros) == 0:
            return i + 1
    return min(left, LARGEST)


def ends(content):
    at = 0
    while True:
        at += chunk_length(content, at)
        if at == len(content):
            return
        yield at


def counted(size):
    content = bytearray()
    i = 0
    while len(content) < size:
        content += hashlib.sha256(struct.pack(">Q", i)).digest()
        i += 1
    return bytes(content[:size])


for name, content in (("counted", counted(80 * MIB)), ("zeros", bytes(40 * MIB))):
    for end in ends(content):
        print(name, end)
