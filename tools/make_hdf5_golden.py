# SPDX-License-Identifier: BSD-3-Clause
"""Makes the HDF5 files of tests/golden/hdf5 with h5py, and beside each file the listing that
tests/h5_listing.h must give. Listings alone, of files given as arguments:
`make_hdf5_golden.py list FILE...`.

Run with h5py 3.14 (HDF5 1.14), then with h5py 3.16 (HDF5 2.0). Some files hold the time of their
making."""
import ctypes
import sys
import zlib
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent.parent / "tests" / "golden" / "hdf5"


# ---- listings ------------------------------------------------------------------------------------

def list_string(data):
    shown = "".join(chr(b) if 0x20 <= b <= 0x7E and b not in b"'\\" else f"\\x{b:02x}"
                    for b in data[:24])
    return f" {len(data)} {zlib.crc32(data):08x} '{shown}'"


def as_bytes(value):
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)


def list_value(item, read, dtype_attribute=None):
    """item: the low-level attribute or dataset; read(): its value through h5py."""
    kind, space = item.get_type(), item.get_space()
    if space.get_simple_extent_type() == h5py.h5s.NULL:
        return " refused"
    if isinstance(kind, h5py.h5t.TypeStringID):
        value = np.asarray(read(), dtype=object)
        scalar = space.get_simple_extent_type() == h5py.h5s.SCALAR
        return (f" text {'variable' if kind.is_variable_str() else 'fixed'}"
                f" {'utf8' if kind.get_cset() == h5py.h5t.CSET_UTF8 else 'ascii'}"
                f" {'scalar' if scalar else 'list'} {value.size}"
                + "".join(list_string(as_bytes(v)) for v in value.ravel()))
    if isinstance(kind, h5py.h5t.TypeOpaqueID) and kind.get_size() == 2 and dtype_attribute in (None, "bfloat16", b"bfloat16"):
        value, name = np.ascontiguousarray(read()).reshape(space.shape), "bfloat16"
    elif kind.dtype.kind in "iufb" and kind.dtype.itemsize <= 8 and \
            (kind.dtype.kind == "b" or not isinstance(kind, h5py.h5t.TypeEnumID)):
        value = np.asarray(read())
        value = np.ascontiguousarray(value.astype(kind.dtype.newbyteorder("<"))).reshape(value.shape)
        name = value.dtype.name
    else:
        return " refused"
    return f" {name} ({''.join(f'{n},' for n in value.shape)}) {zlib.crc32(value.tobytes()):08x}"


def list_object(path, thing, lines):
    if isinstance(thing, h5py.Dataset) and thing.compression == "lzf":
        lines.append(path + " refused")
    elif isinstance(thing, h5py.Dataset):
        lines.append(path + list_value(thing.id, lambda: thing[()], thing.attrs.get("dtype")))
    elif isinstance(thing, h5py.Group):
        lines.append(path + " group")
    else:
        lines.append(path + " refused")
    for name in sorted(thing.attrs, key=str.encode):
        attribute = thing.attrs.get_id(name)
        lines.append(f"{path} @{name}" + list_value(attribute, lambda: thing.attrs[name]))
    if isinstance(thing, h5py.Group):
        for name in sorted(thing, key=str.encode):
            list_object(name if path == "/" else f"{path}/{name}", thing[name], lines)


def listing(file):
    lines = []
    with h5py.File(file, "r") as f:
        list_object("/", f, lines)
    return "\n".join(lines) + "\n"


# ---- files ---------------------------------------------------------------------------------------

def types(f):
    for name in "i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 >i4 >f4 >f8 >u2".split():
        f[f"numbers/{name.replace('>', 'be_')}"] = np.arange(6).reshape(2, 3).astype(name)
    f["numbers/f4"].attrs["unit"] = "m"
    f["numbers/bool"] = np.array([True, False, True])
    f["numbers/scalar"] = np.float32(1.5)
    f["numbers/empty"] = np.zeros((0, 3), "f4")
    f["text/scalar"] = "caf\u00e9"
    f["text/list"] = ["a", "", "some longer text"]
    f["text/fixed"] = np.array([[b"ab", b"c"], [b"", b"defg"]])
    f["text/utf8"] = np.array(["\u00fc".encode(), b"x"], h5py.string_dtype("utf-8", 6))
    space = h5py.h5t.C_S1.copy()
    space.set_size(8)
    space.set_strpad(h5py.h5t.STR_SPACEPAD)
    h5py.h5d.create(f["text"].id, b"space", space, h5py.h5s.create_simple((2,))).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab", b"abc d"], "S8"))
    bf16 = f.create_dataset("numbers/bfloat16", data=np.array([b"\x80\x3f", b"\x00\x40"], "V2"))
    bf16.attrs["dtype"] = "bfloat16"
    f["other/opaque"] = np.array([b"\x80\x3f"], "V2")
    f["other/compound"] = np.zeros(2, [("a", "f4"), ("b", "i2")])
    f["other/complex"] = np.array([1 + 2j])
    f.create_dataset("other/enum", data=[1, 2], dtype=h5py.enum_dtype({"ONE": 1, "TWO": 2}, "i1"))
    ragged = f.create_dataset("other/ragged", (2,), h5py.vlen_dtype("i4"))
    ragged[0] = [1, 2]
    f["other/named"] = np.dtype("f4")
    f.create_dataset("other/of_named", data=[1.0, 2.0], dtype=f["other/named"])
    f["other/null"] = h5py.Empty("f4")
    a = f.attrs
    a["float"], a["vector"], a["matrix"] = 0.5, np.arange(3, dtype="i4"), np.eye(2, dtype=">f4")
    a["text"], a["names"] = "caf\u00e9", ["x", "yy"]
    a["bytes"], a["fixed"] = np.bytes_(b"abc"), np.array([b"kernel", b"bias"])
    a["none"], a["null"], a["yes"] = [], h5py.Empty("S1"), True
    a["complex"] = 1j
    f["hard_link"] = f["numbers/f4"]


def strings(f):
    f["scalar"] = "caf\u00e9"
    f["list"] = ["a", "", "some longer text"]
    f["fixed"] = np.array([b"ab", b"c", b""])
    f.attrs["fixed"], f.attrs["empty"], f.attrs["long"] = np.bytes_(b"abc"), "", "x" * 5000


def layouts(f, latest=False):
    def make(name, shape, dtype="f4", **how):
        # The same numbers in every version: a ramp with a jump.
        data = np.arange(int(np.prod(shape))).reshape(shape) % 251
        f.create_dataset(name, data=data.astype(dtype), **how)
    make("gzip", (20, 30), chunks=(7, 8), compression="gzip", compression_opts=9)
    make("all_filters", (20, 30), "f8", chunks=(7, 8), compression="gzip", shuffle=True,
         fletcher32=True)
    make("plain", (20, 30), "i2", chunks=(20, 7))
    make("shuffle", (11, 3, 5), "i4", chunks=(4, 2, 5), shuffle=True)
    make("unlimited", (50, 3), chunks=(4, 2), maxshape=(None, 3))
    make("unlimited_last", (3, 50), chunks=(2, 4), maxshape=(6, None), compression="gzip")
    make("unlimited_both", (20, 30), chunks=(7, 8), maxshape=(None, None))
    make("unlimited_both_gzip", (20, 30), chunks=(7, 8), maxshape=(None, None), compression="gzip")
    make("one_chunk", (6, 5), chunks=(6, 5))
    make("one_chunk_gzip", (6, 5), chunks=(6, 5), compression="gzip")
    count = 1500 if latest else 200
    make("long", (count,), "u1", chunks=(1,), maxshape=(1600,))
    make("longer", (count // 2,), "u1", chunks=(1,), maxshape=(None,),
         compression="gzip" if latest else None)
    part = f.create_dataset("sparse", (40, 40), "f4", chunks=(8, 8), fillvalue=2.5)
    part[10:20, 30:] = 1
    f.create_dataset("never_written", (4, 5), "i4", fillvalue=-3)
    f.create_dataset("never_chunked", (4, 5), "i4", chunks=(2, 2), compression="gzip")
    shrunk = f.create_dataset("shrunk", data=np.arange(40.0), chunks=(5,), maxshape=(None,))
    shrunk.resize((12,))
    strings = f.create_dataset("strings", (9,), h5py.string_dtype(), chunks=(4,), compression="gzip")
    strings[:] = [f"name_{i}" for i in range(9)]
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    early.set_chunk((4, 5))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    h5py.h5d.create(f.id, b"early", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((10, 10)),
                    early).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(100, dtype="f4").reshape(10, 10))
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((3,)),
                    compact).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(3.0))
    f.create_dataset("lzf", data=np.arange(40.0), chunks=(10,), compression="lzf")


def many(f):
    """Groups of several B-tree levels, headers with continuations, attributes of all sizes."""
    group, one = f.create_group("members"), f.create_dataset("one", data=1)
    for i in range(600):
        group[f"hard_link_{i * 7919 % 600}"] = one
    few = f.create_group("attributes")
    for i in range(40):
        few.attrs[f"attribute_{i:02d}"] = np.arange(i, dtype="i2")
    few.attrs["large"] = np.arange(6000, dtype="f8")
    f["numbers"] = np.arange(4.0)
    for i in range(20):
        f["numbers"].attrs[f"text_{i}"] = "x" * i
    deep = "/".join("abcdefghij" * 2)
    f[deep] = 1


def huge(f):
    f.attrs["over_64_kib"] = np.arange(20000, dtype="f8")
    f.attrs["over_64_kib_too"] = np.arange(9000, dtype="f8")[::-1].copy()


def refused(name, suffix="", **how):
    """Files that a model file must not be like."""
    with h5py.File(HERE / f"refused_{name}{suffix}.h5", "w", **how) as f:
        f["group/data"] = np.arange(3.0)
        if name == "soft":
            f["group/link"] = h5py.SoftLink("/group/data")
        elif name == "external_link":
            f["group/link"] = h5py.ExternalLink("other.h5", "/data")
        elif name == "external_storage":
            f.create_dataset("group/link", (3,), "f8", external=[("other.bin", 0, 24)])
        elif name == "virtual":
            layout = h5py.VirtualLayout((3,), "f8")
            layout[:] = h5py.VirtualSource("other.h5", "data", (3,))
            f.create_virtual_dataset("group/link", layout)
        elif name == "cycle":
            f["group/link"] = f["/"]


def libhdf5():
    """The library that h5py has loaded, for settings that it does not offer."""
    with open("/proc/self/maps") as maps:
        path = next(line.split()[-1] for line in maps if "libhdf5-" in line or "libhdf5." in line)
    return ctypes.CDLL(path)


def measures(f):
    """What does not depend on the widths of addresses, with a chunk at the border left alone."""
    strings(f)
    f.create_dataset("group/chunked", data=np.arange(60).reshape(6, 10), chunks=(4, 4), shuffle=True)
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_chunk((4, 4))
    how.set_deflate(6)
    libhdf5().H5Pset_chunk_opts(ctypes.c_int64(how.id), 2)  # H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS
    h5py.h5d.create(f["group"].id, b"whole_only", h5py.h5t.STD_I32LE, h5py.h5s.create_simple((6, 10)),
                    how).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(60, dtype="i4").reshape(6, 10))


def make_measured(name, offset, length, chunk_k=None, latest=False):
    path = HERE / f"{name}.h5"
    create, access = h5py.h5p.create(h5py.h5p.FILE_CREATE), h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    create.set_sizes(offset, length)
    if chunk_k is not None:
        libhdf5().H5Pset_istore_k(ctypes.c_int64(create.id), chunk_k)
    if latest:
        access.set_libver_bounds(h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
    with h5py.File(h5py.h5f.create(bytes(path), h5py.h5f.ACC_TRUNC, create, access)) as f:
        measures(f)
    path.with_suffix(".txt").write_text(listing(path))


def make(name, fill, *arguments, **how):
    path = HERE / f"{name}.h5"
    with h5py.File(path, "w", **how) as f:
        fill(f, *arguments)
    path.with_suffix(".txt").write_text(listing(path))


def main():
    if h5py.version.hdf5_version_tuple >= (2,):  # only what HDF5 2 writes in another way
        make("layouts_hdf5_2", layouts, True, libver="latest")
        return
    make("types_earliest", types)
    make("types_latest", types, libver="latest")
    make("layouts_earliest", layouts)
    make("layouts_latest", layouts, True, libver="latest")
    make("many_earliest", many)
    make("many_latest", many, libver="latest")
    make("many_ordered", many, track_order=True)
    make("strings", strings)
    make("huge_latest", huge, libver="latest")
    make("user_block", types, userblock_size=1024)
    make("superblock_2", types, libver=("v108", "v108"))
    make_measured("superblock_1", 8, 8, chunk_k=8)
    make_measured("sizes_4_4", 4, 4)
    make_measured("sizes_4_8_latest", 4, 8, latest=True)
    make_measured("sizes_2_2", 2, 2)
    for name in "soft external_link external_storage virtual cycle".split():
        refused(name)
        refused(name, "_latest", libver="latest")
    with h5py.File(HERE / "zeros.h5", "w") as f:
        f.create_dataset("zeros", data=np.zeros(8 << 20, "i1"), chunks=(1 << 20,), compression="gzip")
    with h5py.File(HERE / "never_written.h5", "w") as f:
        f.create_dataset("none", (8 << 20,), "i1")


if __name__ == "__main__":
    if sys.argv[1:2] == ["list"]:
        for file in sys.argv[2:]:
            sys.stdout.write(listing(file))
    else:
        main()
