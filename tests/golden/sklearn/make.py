# SPDX-License-Identifier: BSD-3-Clause
"""Golden files of the running scikit-learn: python make.py [PACKAGE ...]   (once for each version, in its own environment)

Each cases_<package>.py has cases(VERSION), which yields (name, fitted object, rows to ask, options); options may hold
protocol, compress, plain (pickle.dump), methods (a tuple of names; else all that the object has),
and listed (those of them that <package>.tsv names; else all).
Written are <package>/<version>/<name>.joblib (or .pkl) and .npz (the rows to ask, x, and what each method answers; several
outputs are method.0, method.1 ...), and <package>.tsv, which lists them: version, name, model, npz, methods. Rows that are
no array of numbers or strings (lists of texts, tables of objects) are kept as the text of a JSON document, x_json. Random numbers are
fixed, so a version writes the same file each time; a case that the running version cannot make is left out by cases()."""
import glob
import importlib
import json
import os
import pickle
import sys
import warnings

import joblib
import numpy as np
import sklearn

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = sklearn.__version__.replace(".post1", "")
METHODS = ["predict", "predict_proba", "predict_log_proba", "decision_function", "transform", "inverse_transform", "score_samples",
           "kneighbors", "apply", "decision_path", "mahalanobis", "predict_joint_log_proba", "predict_std", "staged_predict",
           "staged_predict_proba", "staged_decision_function"]


def save(model, folder, name, options):
    path = os.path.join(folder, name + (".pkl" if options.get("plain") else ".joblib"))
    if options.get("plain"):
        with open(path, "wb") as f:
            pickle.dump(model, f, protocol=options["protocol"])
    else:
        joblib.dump(model, path, compress=options.get("compress", 0), protocol=options.get("protocol"))
    return path


def asked(model):
    if isinstance(model, dict):
        return model["model"]
    return model[1] if isinstance(model, tuple) else model


def plain(a):
    a = np.asarray(a.todense() if hasattr(a, "todense") else a)
    return np.array(a.astype(str) if a.dtype.kind == "O" else a, order="C")


def answer(target, method, rows):
    """The outputs of one method, as a list of arrays."""
    if method == "predict_std":
        return [plain(a) for a in target.predict(rows, return_std=True)]
    made = getattr(target, method)(rows)
    if method == "decision_path" and isinstance(made, tuple):
        return [plain(made[0])]
    if method.startswith("staged_"):
        return [np.stack([plain(a) for a in made], axis=1)]
    return [plain(a) for a in made] if isinstance(made, (tuple, list)) else [plain(made)]


def answers(target, rows, wanted):
    out = {}
    for method in wanted or METHODS:
        if method != "predict_std" and not hasattr(target, method):
            continue
        try:
            given = rows if method != "inverse_transform" else target.transform(rows)
            made = answer(target, method, given.copy() if hasattr(given, "copy") else given)  # some write into it
        except Exception:  # noqa: BLE001   a Pipeline offers methods that its last step does not have
            continue
        if method == "inverse_transform":
            out["transform"] = [plain(given)]
        out[method] = made
    return out


def rows_entry(rows):
    if hasattr(rows, "to_dict"):
        rows = rows.astype(object).values.tolist()  # in the order of the columns
    if hasattr(rows, "todense"):
        rows = np.asarray(rows.todense())
    if isinstance(rows, list) and rows and isinstance(rows[0], (dict, str, list)):
        return dict(x_json=json.dumps(rows))
    a = np.asarray(rows)
    return dict(x_json=json.dumps(a.tolist())) if a.dtype.kind == "O" else dict(x=a)


def make(package):
    folder = os.path.join(HERE, package, VERSION)
    lines = []
    for name, model, rows, options in importlib.import_module("cases_" + package).cases(VERSION):
        os.makedirs(folder, exist_ok=True)
        path = save(model, folder, name, options)
        made = answers(asked(model), rows, options.get("methods"))
        flat = {m + (".%d" % i if len(a) > 1 else ""): x for m, a in made.items() for i, x in enumerate(a)}
        npz = os.path.join(folder, name + ".npz")
        np.savez_compressed(npz, **rows_entry(rows), **flat)
        lines.append("\t".join([VERSION, name, os.path.relpath(path, HERE), os.path.relpath(npz, HERE), ",".join(options.get("listed", made))]))
    table = os.path.join(HERE, package + ".tsv")
    others = [l for l in open(table).read().splitlines() if not l.startswith(VERSION + "\t")] if os.path.exists(table) else []
    with open(table, "w") as f:
        f.write("\n".join(sorted(others + lines)) + "\n")


sys.path.insert(0, HERE)
for chosen in sys.argv[1:] or sorted(os.path.basename(p)[6:-3] for p in glob.glob(os.path.join(HERE, "cases_*.py"))):
    make(chosen)
