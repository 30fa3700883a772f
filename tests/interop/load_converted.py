# SPDX-License-Identifier: BSD-3-Clause
"""Loads converted files in the scikit-learn that runs this, with warnings as errors, and compares its answers with the golden ones.
Argument: a JSON list of {name, model, npz, methods}."""
import json
import sys
import warnings

import joblib
import numpy as np

# Versions compute the same in another order of additions; files fitted on float32 rows answer in float32.
RTOL, ATOL, RTOL_FLOAT32, ATOL_FLOAT32 = 1e-7, 1e-9, 1e-4, 1e-5


def dense(a):
    a = np.asarray(a.todense() if hasattr(a, "todense") else a)
    return a.astype(str) if a.dtype.kind == "O" else a


def outputs(model, method, rows):
    if method == "predict_std":
        return [dense(a) for a in model.predict(rows, return_std=True)]
    made = getattr(model, method)(rows)
    if method == "decision_path" and isinstance(made, tuple):
        return [dense(made[0])]
    if method.startswith("staged_"):
        return [np.stack([dense(a) for a in made], axis=1)]
    return [dense(a) for a in made] if isinstance(made, (tuple, list)) else [dense(made)]


def same(got, want, is_float32):
    if want.dtype.kind in "US" or got.dtype.kind in "US":
        return got.shape == want.shape and bool(np.all(got.astype(str) == want.astype(str)))
    rtol, atol = (RTOL_FLOAT32, ATOL_FLOAT32) if is_float32 or want.dtype == "float32" else (RTOL, ATOL)
    return got.shape == want.shape and np.allclose(got.astype(float), want.astype(float), rtol=rtol, atol=atol, equal_nan=True)


def asked(model):
    if isinstance(model, dict):
        return model["model"]
    return next(m for m in model if hasattr(m, "get_params")) if isinstance(model, tuple) else model


def table(model, rows):
    """Rows of a JSON document as Python users give them: a DataFrame where the model knows names, else an array of objects; texts, dicts
    and lists of labels stay a list."""
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        import pandas
        return pandas.DataFrame(rows, columns=list(names)).infer_objects()
    is_table = isinstance(rows[0], list) and type(model).__name__ not in ("MultiLabelBinarizer", "FeatureHasher")
    return np.array(rows, dtype=object) if is_table else rows


def check(job):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=r"Class \w+ is deprecated")  # whatever the file says
        model = asked(joblib.load(job["model"]))
    assert repr(model)
    model.get_params()
    with np.load(job["npz"]) as golden:
        rows = golden["x"] if "x" in golden else table(model, json.loads(str(golden["x_json"])))
        for method in job["methods"]:
            if method != "predict_std" and not hasattr(model, method):
                continue  # a method that came later
            given = golden["transform"] if method == "inverse_transform" else rows
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = outputs(model, method, given)
            for i, got in enumerate(made):
                want = golden[f"{method}.{i}" if len(made) > 1 else method]
                is_float32 = getattr(rows, "dtype", None) == "float32"
                assert same(got, want, is_float32), f"{method} differs"


failures = 0
for entry in json.load(open(sys.argv[1])):
    try:
        check(entry)
    except Exception as problem:  # noqa: BLE001   all files are tried
        failures += 1
        print(f"{entry['name']}: {problem!r}"[:300])
print(f"{failures} failures")
sys.exit(1 if failures else 0)
