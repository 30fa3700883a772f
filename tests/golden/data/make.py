#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the files in this folder: what NumPy, CPython's zipfile and repr() write.

Run here, with NumPy 2.4. The zip members' dates are the zip epoch, so the bytes are the same every
time; numbers.csv and numbers.npy come from a seeded generator.
"""
import io
import struct
import warnings
import zipfile

import numpy as np
from numpy.lib import format as npy


def save(name, array):
    np.save(name + ".npy", array, allow_pickle=True)


def arrays():
    f8 = np.arange(12, dtype="<f8").reshape(3, 4) / 8
    save("f8", f8)
    save("f8_fortran", np.asfortranarray(f8))
    save("f8_big", f8.astype(">f8"))
    save("f4_3d", np.arange(24, dtype="<f4").reshape(2, 3, 4))
    save("f2", np.array([0.5, -2.0, 65504.0], "<f2"))
    save("i2_big", np.array([[1, -2], [300, -32768]], ">i2"))
    save("i8", np.array([1, -2, 2**62]))
    save("u1", np.arange(5, dtype="u1"))
    save("bool", np.array([True, False, True]))
    save("c16_big", np.array([1 + 2j, -3.5j], ">c16"))
    save("str", np.array(["setosa", "\u00e9t\u00e9", "\U0001f952"]))
    save("str_big", np.array(["ab", "\u00e9"], ">U2"))
    save("bytes", np.array([b"ab", b"cde"]))
    save("scalar", np.float64(2.5))
    save("empty", np.zeros((0, 3)))
    save("structured", np.zeros(2, [("height", "<f8"), ("n", "<i4")]))
    save("object", np.array([None, 1], dtype=object))
    save("datetime", np.array(["2020-01-01"], "M8[D]"))
    for version in (2, 0), (3, 0):
        with open(f"f8_v{version[0]}.npy", "wb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            npy.write_array(file, f8, version)
    np.savez("arrays.npz", x=f8, labels=np.array(["a", "bc", "a"]))
    np.savez_compressed("compressed.npz", x=f8, zeros=np.zeros(1000))
    np.savez("one.npz", np.arange(4))


def member(name):
    return zipfile.ZipInfo(name)


class Pipe(io.RawIOBase):
    """A file that cannot seek: zipfile then writes data descriptors."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def zips():
    with zipfile.ZipFile("stored.zip", "w") as z:
        z.writestr(member("metadata.json"), '{"keras_version": "3.15.1"}')
        z.writestr(member("assets/"), "")
        z.writestr(member("assets/\u00e9.txt"), "UTF-8 name")
    with zipfile.ZipFile("deflated.zip", "w", zipfile.ZIP_DEFLATED) as z:
        z.comment = b"a comment"
        for name, text in ("a.txt", b"cornichon " * 500), ("b.txt", b""):
            info = member(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as z:
        z.writestr(member("streamed.txt"), "its sizes follow it")
        with z.open(member("wide.txt"), "w", force_zip64=True) as file:
            file.write(b"its sizes follow it in eight bytes each")
    open("streamed.zip", "wb").write(pipe.data)

    # A zip64 archive although nothing in it is large: every 32-bit value that may be is all ones.
    name, data = b"x.bin", b"zip64"
    crc = zipfile.crc32(data)
    ones = 0xFFFFFFFF
    common = struct.pack("<HHHHHI", 45, 0, 0, 0, 33, crc) + struct.pack("<II", ones, ones)
    local = b"PK\3\4" + common + struct.pack("<HH", 5, 20) + name + struct.pack("<HHQQ", 1, 16, 5, 5)
    central = b"PK\1\2" + struct.pack("<H", 0x32D) + common + struct.pack("<HH", 5, 28)
    central += struct.pack("<HHHII", 0, 0, 0, 0, ones) + name + struct.pack("<HHQQQ", 1, 24, 5, 5, 0)
    at = len(local) + len(data)
    end64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 0x32D, 45, 0, 0, 1, 1, len(central), at)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, at + len(central), 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, ones, ones, 0)
    open("zip64.zip", "wb").write(local + data + central + end64 + locator + end)


def numbers():
    rng = np.random.default_rng(20240229)
    bits = rng.integers(0, 2**63, 400, dtype=np.uint64)
    values = [float(v) for v in bits.view("<f8") if np.isfinite(v)]
    values += [float(v) for v in rng.normal(size=400) * 10.0 ** rng.integers(-20, 20, 400)]
    texts = [repr(v) for v in values]
    texts += ["%.18e" % v for v in values[-200:]] + ["%.30f" % v for v in values[-50:]]
    # Halfway between two doubles, a little more, and ends of the range.
    texts += ["9007199254740993", "9007199254740993.0", "9007199254740992.9999", "1e23", "8.5e-27"]
    texts += ["0.500000000000000166533453693773481063544750213623046875", "4.9e-324", "2e-324"]
    texts += ["1.7976931348623157e308", "1e400", "-1e-400", "123456789012345678901234567890", "-0.0"]
    texts += ["1e27", "1e28", "1e-27", "18446744073709551615.5", "9999999999999999999e-27"]
    open("numbers.csv", "w").write("".join(t + "\n" for t in texts))
    np.save("numbers.npy", np.array([float(t) for t in texts]))


arrays()
zips()
numbers()
