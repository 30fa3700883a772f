# SPDX-License-Identifier: BSD-3-Clause
"""Graphs: branches, several outputs, shared layers, models in models, layers listed against their order."""
from make import fill, random


def nested(keras, twice):
    """`twice`: the inner model also stands by itself in the outer one; Keras cannot load such a .keras again, but the .h5."""
    L = keras.layers
    inner = keras.Sequential([L.Input((4,)), L.Dense(3, activation="tanh"), L.BatchNormalization()], name="inner")
    x = L.Input((4,), name="x")
    middle = keras.Model(x, L.Dense(2)(inner(x)), name="middle")
    inner = inner if twice else keras.Sequential([L.Input((4,)), L.Dense(3)], name="other")
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    return keras.Model([a, b], [middle(a), middle(b), inner(a)], name="outer")


def shared(keras):
    L = keras.layers
    a = L.Input((5,), name="a")
    dense = L.Dense(5, activation="relu", name="shared")
    first = dense(a)
    second = dense(first)
    return keras.Model(a, [L.Dense(2, name="one")(second), L.Dense(3, name="two")(first)])


def frozen(keras):
    L = keras.layers
    inner = keras.Sequential([L.Input((4,)), L.BatchNormalization(), L.Dense(4, name="still", trainable=False), L.Dense(3)], name="inner")
    a = L.Input((4,))
    return keras.Model(a, inner(a))


def cases(keras, version):
    formats = ("keras", "h5") if version >= "2.13" or version[0] == "3" else ("h5",)
    yield "nested", fill(nested(keras, False), "nested"), [random("a", (3, 4)), random("b", (3, 4))], formats
    yield "nested_twice", fill(nested(keras, True), "nested"), [random("a", (3, 4)), random("b", (3, 4))], ("h5",)
    yield "shared", fill(shared(keras), "shared"), random("shared", (3, 5)), formats
    yield "frozen", fill(frozen(keras), "frozen"), random("frozen", (3, 4)), formats
