# SPDX-License-Identifier: BSD-3-Clause
"""check_keras.py BUILD: what BUILD/tests/interop_write_keras wrote, real Keras 3 and Keras 2 (tf_keras) load without a warning, predict the
same, judge the same and train on from the saved state to the same end."""
import contextlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
import h5py
import keras
import numpy as np
import tf_keras

EPOCHS, BATCH, STEPS = 2, 16, 6
# What Keras 3 says of legacy files, its own too, and of the argument's name that Keras 2 knows.
KERAS_3_OF_LEGACY = ("Compiled the loaded model, but the compiled metrics", "Error in loading the saved optimizer",
                     "No training configuration found", "Argument `alpha` is deprecated.")
checked = 0


class Heard(logging.Handler):
    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def quietly(*allowed):
    """Warnings and log lines are failures."""
    heard = Heard()
    loggers = [logging.getLogger(name) for name in ("absl", "tensorflow", "")]
    for logger in loggers:
        logger.addHandler(heard)
    logging.getLogger("tensorflow").setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for start in allowed:
                warnings.filterwarnings("ignore", message=re.escape(start))
            yield
    finally:
        for logger in loggers:
            logger.removeHandler(heard)
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
    rest = [m for m in heard.messages if not m.startswith(allowed)]
    assert not rest, rest


def same(got, want, what, rtol=1e-5, atol=1e-6):
    global checked
    np.testing.assert_allclose(got, want, rtol, atol, err_msg=what)
    checked += 1


def trains_on(model, case, what):
    """From the saved state, with the same rows in the same order, to the same weights."""
    assert int(model.optimizer.iterations) == STEPS, (what, int(model.optimizer.iterations))
    model.fit(case.x, case.y, epochs=EPOCHS, batch_size=BATCH, shuffle=False, verbose=0)
    if "Dropout" not in [layer.__class__.__name__ for layer in model.layers]:
        same(model.predict(case.x, verbose=0), case.after, what + " trained on", 2e-4, 2e-5)


def accuracy_is_right(model, case, what):
    """Metrics by the name "accuracy" depend on what the library makes of it."""
    values = model.evaluate(case.x, case.y, verbose=0, return_dict=True)
    if "accuracy" in values:
        right = case.before.argmax(1) == case.y if case.before.shape[1] > 1 else (case.before[:, 0] > 0.5) == case.y
        same(values["accuracy"], right.mean(), what + " accuracy")


class Case:
    def __init__(self, name):
        self.name = name
        for what in ("x", "y", "before", "after"):
            setattr(self, what, np.load(f"{name}.{what}.npy"))


def comparable(text):
    """A model's JSON; a loss that is an object is written without the arguments that are the defaults."""
    record = json.loads(text)
    loss = record.get("compile_config", {}).get("loss")
    if isinstance(loss, dict):
        loss.pop("config")
    return record


def check_keras_3(case):
    with quietly():
        model = keras.models.load_model(case.name + ".keras")
    what = f"{case.name}.keras"
    assert model.compiled, what
    same(model.predict(case.x, verbose=0), case.before, what)
    accuracy_is_right(model, case, what)
    trains_on(model, case, what)

    with open(case.name + ".json") as f:
        text = f.read()
    what = f"{case.name}.weights.h5"
    with quietly():
        model = keras.models.model_from_json(text)
        model.load_weights(case.name + ".weights.h5")
    same(model.predict(case.x, verbose=0), case.before, what)
    trains_on(model, case, what)

    with quietly():
        model = keras.models.model_from_json(text)
        model.load_weights(case.name + "_weights.h5")
    same(model.predict(case.x, verbose=0), case.before, f"{case.name}_weights.h5")
    assert comparable(model.to_json()) == comparable(text), case.name

    with quietly(*KERAS_3_OF_LEGACY):
        model = keras.models.load_model(case.name + ".h5")
    what = f"{case.name}.h5 in Keras 3"
    assert model.compiled, what
    same(model.predict(case.x, verbose=0), case.before, what)
    accuracy_is_right(model, case, what)


def check_keras_2(case):
    with quietly():
        model = tf_keras.models.load_model(case.name + ".h5")
    what = f"{case.name}.h5 in Keras 2"
    assert model.compiled_loss is not None, what
    same(model.predict(case.x, verbose=0), case.before, what)
    accuracy_is_right(model, case, what)
    trains_on(model, case, what)

    for suffix in ("_weights.h5", ".weights.h5"):
        with quietly():
            model = tf_keras.models.load_model(case.name + ".h5", compile=False)
            model.set_weights([np.zeros_like(w) for w in model.get_weights()])
            model.load_weights(case.name + suffix)
        same(model.predict(case.x, verbose=0), case.before, case.name + suffix + " in Keras 2")


def check_members(case):
    """Nothing but what Keras writes, stored, without dates."""
    with zipfile.ZipFile(case.name + ".keras") as archive:
        infos = archive.infolist()
        assert [i.filename for i in infos] == ["metadata.json", "config.json", "model.weights.h5"]
        assert all(i.compress_type == 0 and i.date_time == (1980, 1, 1, 0, 0, 0) for i in infos)
        metadata = json.loads(archive.read("metadata.json"))
        assert metadata == {"keras_version": keras.__version__, "date_saved": "1980-01-01@00:00:00"}, metadata
    with h5py.File(case.name + ".h5") as f:
        assert f["model_weights"].attrs["layer_names"].dtype.kind == "S"
        assert f.attrs.get_id("model_config").get_type().get_cset() == h5py.h5t.CSET_ASCII


def main():
    build = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        env = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        names = subprocess.run([os.path.join(build, "tests", "interop_write_keras"), folder], env=env, check=True,
                               capture_output=True, text=True).stdout.split()
        assert names
        for case in map(Case, names):
            check_members(case)
            check_keras_3(case)
            check_keras_2(case)
        os.chdir("/")
    print(f"{checked} comparisons of {len(names)} models")


main()
