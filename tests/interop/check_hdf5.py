# SPDX-License-Identifier: BSD-3-Clause
"""check_hdf5.py BUILD: the file that BUILD/tests/interop_write_hdf5 writes, as h5py sees it."""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def check_model(f):
    assert sorted(f) == ["attributes", "empty", "members", "model_weights", "numbers", "scalar",
                         "transposed"]
    assert text(f.attrs["keras_version"]) == "2.15.0"
    assert text(f.attrs["backend"]) == "tensorflow"
    assert text(f.attrs["model_config"]) == "x" * 70000
    assert text(f.attrs["nothing"]) == ""
    assert text(f.attrs["caf\u00e9"]) == "\u00fc"
    config = f.attrs.get_id("model_config").get_type()
    assert config.is_variable_str() and config.get_cset() == h5py.h5t.CSET_ASCII
    assert f.attrs.get_id("backend").get_type().get_cset() == h5py.h5t.CSET_UTF8

    weights = f["model_weights"]
    assert list(weights["dense"].attrs["weight_names"]) == [b"dense/kernel:0", b"dense/bias:0"]
    none = weights["dropout"].attrs["weight_names"]
    assert none.dtype == np.float64 and none.shape == (0,)
    assert list(weights["dropout"]) == []
    parts = [weights.attrs[f"layer_names{i}"] for i in range(len(weights.attrs))]
    assert len(parts) == 2 and all(part.nbytes <= 64512 for part in parts)
    assert [n for part in parts for n in part] == [
        f"a_layer_with_quite_a_long_name_that_goes_on_{i}".encode() for i in range(2000)]
    kernel = weights["dense/dense/kernel:0"]
    assert kernel.dtype == np.float32 and kernel.chunks is None
    assert np.array_equal(kernel[()], np.arange(12).reshape(4, 3))
    assert np.array_equal(weights["dense/dense/bias:0"][()], np.arange(3))


def check_numbers(f):
    assert sorted(f["numbers"]) == sorted(DTYPES + ["bfloat16"])
    for dtype in DTYPES:
        want = np.arange(6).reshape(2, 3)
        want = (want % 2 if dtype == "bool" else want).astype(dtype)
        got = f["numbers"][dtype][()]
        assert got.dtype == want.dtype and np.array_equal(got, want), dtype
    bfloat16 = f["numbers/bfloat16"]
    assert text(bfloat16.attrs["dtype"]) == "bfloat16"
    bits = np.arange(6, dtype="f4").view("u4") >> 16
    assert bfloat16[()].tobytes() == bits.astype("u2").tobytes() and bfloat16.dtype == "V2"
    assert f["scalar"][()] == 0 and f["scalar"].dtype == np.int64 and f["scalar"].shape == ()
    assert f["empty"].shape == (0, 3) and f["empty"].dtype == np.float32
    assert np.array_equal(f["transposed"][()], [[0, 3], [1, 4], [2, 5]])
    assert sorted(f["members"]) == sorted(f"member_{i}" for i in range(300))
    assert all(member[()] == 0 and member.dtype == np.uint8 for member in f["members"].values())


def check_attributes(f):
    attributes = f["attributes"].attrs
    assert len(attributes) == 60
    for i in range(60):
        shape = (2, i % 5)[:i % 3]
        want = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        dtype = (bool, np.int32, np.float64)[i % 3]
        got = np.asarray(attributes[f"attribute_{i}"])
        assert got.dtype == dtype and got.shape == shape and np.array_equal(got, want.astype(dtype)), i


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "written.h5")
        subprocess.run([os.path.join(sys.argv[1], "tests", "interop_write_hdf5"), path], check=True)
        with h5py.File(path, "r") as f:
            check_model(f)
            check_numbers(f)
            check_attributes(f)
    print("h5py", h5py.version.version, "reads what we write")


if __name__ == "__main__":
    main()
