"""SipHash-2-4 with 128 bits of output, and the hash that stands for an account in data files.

Written after J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), and the
128-bit variant of their reference implementation, so that a test can look for an account in files
that hold no identifiers.
"""

import struct

_MASK = (1 << 64) - 1

#: The file `key`: magic, format version, zeros, the key, a checksum.
_KEY_FILE = struct.Struct("<8sII16s16s")


def _rotated(value, bits):
    return (value << bits | value >> (64 - bits)) & _MASK


def _rounds(state, count):
    v0, v1, v2, v3 = state
    for _ in range(count):
        v0 = (v0 + v1) & _MASK
        v1 = _rotated(v1, 13) ^ v0
        v0 = _rotated(v0, 32)
        v2 = (v2 + v3) & _MASK
        v3 = _rotated(v3, 16) ^ v2
        v0 = (v0 + v3) & _MASK
        v3 = _rotated(v3, 21) ^ v0
        v2 = (v2 + v1) & _MASK
        v1 = _rotated(v1, 17) ^ v2
        v2 = _rotated(v2, 32)
    return v0, v1, v2, v3


def siphash128(key, data):
    """The 16 bytes of the hash of `data` under a key of 16 bytes."""
    k0, k1 = struct.unpack("<QQ", key)
    state = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D ^ 0xEE,
             k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573)
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", padded):
        v0, v1, v2, v3 = state
        v0, v1, v2, v3 = _rounds((v0, v1, v2, v3 ^ word), 2)
        state = (v0 ^ word, v1, v2, v3)
    v0, v1, v2, v3 = state
    v0, v1, v2, v3 = _rounds((v0, v1, v2 ^ 0xEE, v3), 4)
    low = v0 ^ v1 ^ v2 ^ v3
    v0, v1, v2, v3 = _rounds((v0, v1 ^ 0xDD, v2, v3), 4)
    return struct.pack("<QQ", low, v0 ^ v1 ^ v2 ^ v3)


def account_hash(data_directory, account):
    """What stands for an account in the files of a data directory: 16 bytes."""
    magic, version, zeros, key, _ = _KEY_FILE.unpack((data_directory / "key").read_bytes())
    assert (magic, version, zeros) == (b"TALLYKEY", 1, 0)
    return siphash128(key, account.encode())
