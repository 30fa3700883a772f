#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes tests/golden/keras/configs: what Keras says of models that tests/unit/keras/models build from the
same expressions. Run with Keras 3.15 (and TensorFlow), and again with TensorFlow 2.15 for the Keras 2 half:

    python tools/make_keras_configs.py tests/golden/keras/configs

Files: <name>.txt the expression (Functional models have none), <name>.json model.to_json(), <name>.summary model.summary(),
<name>.keras2.json the config of the same model in Keras 2.
"""
import io
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["COLUMNS"] = "80"
import keras  # noqa: E402
from keras.layers import *  # noqa: E402,F401,F403
from keras.models import Sequential  # noqa: E402,F401

MODELS = {
    "iris": "Sequential([Input((4,)), Dense(128, activation='relu'), Dense(3, activation='softmax')])",
    "layers": "Sequential([Input((4,)), Dense(8, activation='relu', kernel_regularizer='l2', "
              "bias_initializer='ones'), Dropout(0.5), BatchNormalization(), LeakyReLU(0.25), ReLU(max_value=6.0), "
              "ELU(0.5), Softmax(), Activation('tanh'), Reshape((2, 4)), Flatten(), "
              "Dense(3, activation='softmax', kernel_constraint='max_norm', use_bias=False)])",
    "images": "Sequential([Input((32, 32, 3)), Flatten(), Dense(1000, activation='relu', name='hidden'), "
              "BatchNormalization(name='a_name_that_is_longer_than_its_column', trainable=False), "
              "Dense(10)], name='images')",
    "sequences": "Sequential([Input((None, 4)), Dense(8, kernel_initializer='he_normal'), Softmax(axis=1)])",
    "unbuilt": "Sequential([Dense(8), BatchNormalization(scale=False), Dropout(0.1), Flatten(), Dense(1)])",
}


def functional():
    """Calls in a row."""
    x = Input((2, 3), name="x")
    y = Flatten()(x)
    y = Dense(8, activation="relu", name="hidden")(y)
    y = BatchNormalization()(y)
    return keras.Model(x, Dense(3, activation="softmax")(y), name="net")


def twice():
    """A layer that is called twice."""
    x = Input((4,), name="x")
    layer = Dense(4, name="again")
    return keras.Model(x, Activation("tanh", name="tanh")(layer(Activation("relu", name="relu")(layer(x)))), name="twice")


FUNCTIONS = {"functional": functional, "twice": twice}


def summary(model):
    lines = io.StringIO()
    model.summary(print_fn=lambda line, **_: lines.write(line))
    return lines.getvalue()


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, expression in MODELS.items():
        keras.backend.clear_session()
        if keras.__version__.startswith("2."):
            expression = expression.replace("LeakyReLU(0.25)", "LeakyReLU(alpha=0.25)")
            model = eval(expression.replace("Input((", "InputLayer(("))  # noqa: S307
            (folder / f"{name}.keras2.json").write_text(model.to_json() + "\n")
            continue
        model = eval(expression)  # noqa: S307
        (folder / f"{name}.txt").write_text(expression + "\n")
        (folder / f"{name}.json").write_text(model.to_json() + "\n")
        (folder / f"{name}.summary").write_text(summary(model))
    for name, function in FUNCTIONS.items():
        keras.backend.clear_session()
        suffix = ".keras2.json" if keras.__version__.startswith("2.") else ".json"
        model = function()
        (folder / f"{name}{suffix}").write_text(model.to_json() + "\n")
        if suffix == ".json" and name == "functional":
            (folder / f"{name}.summary").write_text(summary(model))


main()
