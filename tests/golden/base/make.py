# SPDX-License-Identifier: BSD-3-Clause
"""Writes the golden files of this folder with real Python and NumPy: `python make.py`.

double_repr.txt  bits of a float64 (hex), its repr()
float_repr.txt   bits of a float32 (hex), its str(), by NumPy 1.26 (NumPy 2.4 changed it)
random.txt       what is drawn: stream, seed, function, argument, numbers (floats in hex)
half.txt         bits of a float32, of its float16 and of its bfloat16 (ml_dtypes)
astype.txt       dtype from, dtype to, elements before and after (floats in hex)
"""
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent


def write(name, lines):
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="ascii")


def doubles():
    rng = np.random.default_rng(1)
    powers = 2.0 ** np.arange(-1074, 1024, 37)
    edges = [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**-44, 9007199254740993.0,
             1e22, 1e23, 9.5367431640625e-07, 0.1, 0.3, 1 / 3, 100.0, 1e15, 123456789012345680.0,
             9999999999999998.0, 1e16, 1e17, 1e-4, 1e-5, 0.00012, 0.0, -0.0, 1.0, -1.5,
             np.inf, -np.inf, np.nan]
    values = np.concatenate([
        edges, powers, np.nextafter(powers, 0), np.nextafter(powers, np.inf),
        10.0 ** np.arange(-320, 309, 31), rng.standard_normal(100),
        np.round(rng.standard_normal(50), 3), rng.integers(-2**62, 2**62, 50).astype(float),
        rng.integers(0, 2**63, 200, dtype=np.uint64).view(float),
        rng.integers(0, 2**52, 50, dtype=np.uint64).view(float)])
    write("double_repr.txt", [f"{v.view(np.uint64):016x} {float(v)!r}" for v in values])


def floats():
    rng = np.random.default_rng(2)
    powers = (2.0 ** np.arange(-149, 128, 7)).astype(np.float32)
    edges = np.array([1e-45, 1.1754944e-38, 3.4028235e38, 1e-4, 1e16, 9999999198822400, 16777216,
                      8.5899346e9, 123456789, 0.1, 0, -0.0, np.inf, np.nan, 1e10], np.float32)
    values = np.concatenate([
        edges, powers, np.nextafter(powers, np.float32(0)), np.nextafter(powers, np.float32(np.inf)),
        rng.standard_normal(100).astype(np.float32),
        rng.integers(0, 2**31, 150).astype(np.uint32).view(np.float32),
        rng.integers(0, 2**23, 30).astype(np.uint32).view(np.float32)])
    write("float_repr.txt", [f"{v.view(np.uint32):08x} {v!s}" for v in values])


def drawn(stream, seed, function, argument, numbers):
    text = " ".join(x.hex() if isinstance(x, float) else str(x) for x in numbers)
    return f"{stream} {seed} {function} {argument} {len(numbers)} {text}"


def random():
    lines = []
    bounds = [1, 2, 3, 10, 1000, 2**31, 2**32 - 1, 2**32, 2**32 + 1, 2**40 + 7, 2**62, 2**63 - 1]
    for seed in (0, 1, 42, 2**32 - 1):
        make = lambda: np.random.RandomState(seed)
        lines.append(drawn("RandomState", seed, "double", 0, make().random_sample(40).tolist()))
        lines.append(drawn("RandomState", seed, "normal", 0, make().standard_normal(41).tolist()))
        for n in bounds:
            rs = make()
            lines.append(drawn("RandomState", seed, "below", n, [int(rs.randint(n)) for _ in range(9)]))
        for n in (0, 1, 2, 30):
            lines.append(drawn("RandomState", seed, "permutation", n, make().permutation(n).tolist()))
    for seed in (0, 1, 42, 2**32, 2**63 + 5, 2**64 - 1):
        make = lambda: np.random.default_rng(seed)
        lines.append(drawn("Generator", seed, "double", 0, make().random(40).tolist()))
        # Long enough for the wedges and the tail of the ziggurat; the sum of all tells of each.
        normals = make().standard_normal(20000)
        lines.append(drawn("Generator", seed, "normal", 0, normals[:400].tolist()))
        lines.append(drawn("Generator", seed, "normal_cumsum", 20000, [float(np.cumsum(normals)[-1])]))
        for n in bounds:
            g = make()
            lines.append(drawn("Generator", seed, "below", n, [int(g.integers(n)) for _ in range(9)]))
        for n in (0, 1, 2, 30):
            lines.append(drawn("Generator", seed, "permutation", n, make().permutation(n).tolist()))
    write("random.txt", lines)


def halves():
    import ml_dtypes
    rng = np.random.default_rng(3)
    steps = np.arange(0, 0x7C00, 61).astype(np.uint16).view(np.float16).astype(np.float32)
    middles = (steps + np.arange(1, 0x7C01, 61).astype(np.uint16).view(np.float16).astype(np.float32)) / 2
    with np.errstate(all="ignore"):
        values = np.concatenate([
            steps, middles, np.nextafter(middles, np.float32(0)), -np.nextafter(middles, np.float32(np.inf)),
            rng.integers(0, 2**32, 200, dtype=np.uint64).astype(np.uint32).view(np.float32),
            np.array([0, -0.0, 65504, 65519.996, 65520, np.inf, -np.inf, 2.0**-25, 2.0**-24], np.float32)])
        values = values[~np.isnan(values)]
        half = values.astype(np.float16).view(np.uint16)
        brain = values.astype(ml_dtypes.bfloat16).view(np.uint16)
    write("half.txt", [f"{v:08x} {h:04x} {b:04x}" for v, h, b in zip(values.view(np.uint32), half, brain)])


def astype():
    import ml_dtypes
    names = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
             "float16", "bfloat16", "float32", "float64"]
    types = {n: np.dtype(ml_dtypes.bfloat16) if n == "bfloat16" else np.dtype(n) for n in names}
    text = lambda a: " ".join(float(x).hex() if a.dtype.kind in "fV" else str(int(x)) for x in a)
    lines = []
    for source in names:
        if source == "bool":
            before = np.array([0, 1, 1, 0, 1, 0], bool)
        elif "int" in source:
            info = np.iinfo(source)
            before = np.array([info.min, 0, 1, 77, info.max, info.max // 3], types[source])
        else:
            # Inside every integer type, so that the result is defined.
            before = np.array([0, 1.75, 0.1, 100.49, 3.5, 1e-7], float).astype(types[source])
        for target in names:
            with np.errstate(all="ignore"):
                lines.append(f"{source} {target} {len(before)} {text(before)} {text(before.astype(types[target]))}")
    write("astype.txt", lines)


if __name__ == "__main__":
    for make in (doubles, floats, random, halves, astype):
        if len(sys.argv) == 1 or make.__name__ in sys.argv[1:]:
            make()
