# SPDX-License-Identifier: BSD-3-Clause
"""Golden models of the running Keras: python make.py [PACKAGE ...]   (once for each version, in its own environment)

Each cases_<package>.py has cases(keras, VERSION), which yields (name, model, inputs, formats): a model with one or several inputs,
what is asked of it (an array, or a list of them), and in which files it is kept: ("keras", "h5"), those that this version can write.
Weights and inputs come from NumPy, seeded by the name: random(name, shape) of this file, and fill(model, name) for all weights.
Written are <package>/<version>/<name>.keras, .h5 and .npz (x0, x1, ... the inputs; y0, y1, ... what predict() answers; texts as
NumPy's strings), and <package>.tsv, which lists them: version, name, model, npz."""
import glob
import importlib
import os
import sys
import zlib

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", TF_ENABLE_ONEDNN_OPTS="0")
import numpy as np
import tensorflow as tf

keras = tf.keras
HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = getattr(keras, "__version__", tf.__version__)
sys.path.insert(0, HERE)


def random(name, shape, low=-1.0, high=1.0):
    """float32 numbers that depend on the name alone"""
    return np.random.default_rng(zlib.crc32(name.encode())).uniform(low, high, shape).astype("float32")


def fill(model, name):
    """Weights drawn anew, those of variances and counts positive; returns the model"""
    drawn = []
    for i, w in enumerate(model.weights):
        values = random("%s/%d" % (name, i), w.shape, -0.5, 0.5)
        drawn.append(np.abs(values) + 0.5 if "variance" in w.name else values if "float" in str(w.dtype) else w.numpy())
    model.set_weights(drawn)
    return model


def listed(values):
    if isinstance(values, dict):
        return [values[k] for k in sorted(values)]
    return list(values) if isinstance(values, (list, tuple)) else [values]


def kept(value):
    a = np.asarray(value)
    return np.array([s.decode() if isinstance(s, bytes) else s for s in a.ravel()]).reshape(a.shape) if a.dtype.kind in "OS" else a


def make(package):
    folder = os.path.join(HERE, package, VERSION)
    lines = []
    for name, model, inputs, formats in importlib.import_module("cases_" + package).cases(keras, VERSION):
        os.makedirs(folder, exist_ok=True)
        npz = os.path.join(folder, name + ".npz")
        arrays = {"x%d" % i: kept(x) for i, x in enumerate(listed(inputs))}
        arrays.update({"y%d" % i: kept(y) for i, y in enumerate(listed(model.predict(inputs, verbose=0)))})
        np.savez_compressed(npz, **arrays)
        for form in formats:
            path = os.path.join(folder, "%s.%s" % (name, form))
            model.save(path)
            lines.append("\t".join([VERSION, name, os.path.relpath(path, HERE), os.path.relpath(npz, HERE)]))
    table = os.path.join(HERE, package + ".tsv")
    others = [line for line in open(table).read().splitlines() if not line.startswith(VERSION + "\t")] if os.path.exists(table) else []
    with open(table, "w") as f:
        f.write("\n".join(sorted(others + lines)) + "\n")


if __name__ == "__main__":
    sys.modules["make"] = sys.modules["__main__"]
    for chosen in sys.argv[1:] or sorted(os.path.basename(p)[6:-3] for p in glob.glob(os.path.join(HERE, "cases_*.py"))):
        make(chosen)
