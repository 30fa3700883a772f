# SPDX-License-Identifier: BSD-3-Clause
"""Preprocessing layers: numbers, images, sounds, tokens and texts. Whatever the options, in one small model each."""
import numpy as np
import tensorflow as tf
from make import random

WORDS = [["the", "cat", "dog's"], ["É", "", "the"], ["zeta", "a cat", "dog"]]
TEXTS = [["The cat, the Dog!"], ["a cat sat on ÉTÉ"], [""], ["dog-cat  dog's\tcat cat (unknown) words"]]


def one(keras, layer, shape, dtype="float32"):
    return keras.Sequential([keras.layers.InputLayer(shape, dtype=dtype), layer])


def numbers(keras):
    L = keras.layers
    norm = L.Normalization(axis=(1, -1), name="norm")
    norm.adapt(random("adapt", (50, 3, 4), 2.0, 9.0))
    a = L.Input((3, 4))
    outputs = [norm(a), L.Normalization(axis=None, mean=0.25, variance=4.0, invert=True)(a), L.Rescaling([0.5, 2.0, 3.0, 1.0], offset=-1.0)(a),
               L.Discretization([-0.5, 0.0, 0.25])(a)]
    return keras.Model(a, outputs), random("numbers", (4, 3, 4)), norm


def images(keras, version):
    L = keras.layers
    a = L.Input((7, 5, 3))
    outputs = [L.Resizing(4, 9, interpolation=m)(a) for m in ("bilinear", "bicubic", "area", "lanczos3")]
    outputs += [L.Resizing(6, 3, crop_to_aspect_ratio=True)(a), L.CenterCrop(3, 4)(a), L.CenterCrop(9, 2)(a), L.RandomFlip()(a)]
    if version[0] == "3":
        outputs += [L.Resizing(3, 4, antialias=True, interpolation="bicubic")(a), L.Resizing(6, 4, pad_to_aspect_ratio=True, fill_value=0.5)(a),
                    L.AutoContrast((0, 1))(a), L.ContrastLimitedAdaptiveHistogramEqualization((0, 1), 2.0, (2, 3))(a)]
    else:
        outputs.append(L.RandomCrop(4, 4)(a))
    return keras.Model(a, outputs), random("images", (2, 7, 5, 3), 0.0, 1.0)


def sounds(keras):
    L = keras.layers
    a, b = L.Input((60, 2)), L.Input((150,))
    outputs = [L.STFTSpectrogram(mode=m, frame_length=12, frame_step=5, fft_length=16, padding=p, expand_dims=e)(a)
               for m, p, e in (("log", "valid", False), ("stft", "same", True), ("psd", "same", False))]
    outputs.append(L.MelSpectrogram(fft_length=48, sequence_stride=20, sequence_length=40, sampling_rate=800, num_mel_bins=6, min_freq=30.0, window="hamming")(b))
    return keras.Model([a, b], outputs), [random("sounds", (3, 60, 2)), random("loud", (3, 150))]


def tokens(keras):
    L = keras.layers
    a, b = L.Input((3,), dtype="string"), L.Input((3,), dtype="int64")
    words, whole = ["cat", "dog", "É"], [2, 5, -7]
    outputs = [L.StringLookup(vocabulary=words, num_oov_indices=3, mask_token="the")(a), L.StringLookup(vocabulary=words, output_mode="count")(a),
               L.StringLookup(vocabulary=words, output_mode="tf_idf", idf_weights=[0.5, 1.5, 2.0], max_tokens=6, pad_to_max_tokens=True)(a),
               L.IntegerLookup(vocabulary=whole, num_oov_indices=4, mask_token=9)(b), L.IntegerLookup(vocabulary=whole, output_mode="multi_hot")(b),
               L.Hashing(7)(a), L.Hashing(5, mask_value=5, salt=[3, 4])(b), ]
    return keras.Model([a, b], outputs), [tf.constant(WORDS), np.array([[2, 5, 9], [-7, 0, 3], [-8, 1, 2]])]


def crossed(keras):
    L = keras.layers
    a, b = L.Input((1,), dtype="string"), L.Input((1,), dtype="int64")
    return keras.Model([a, b], L.HashedCrossing(9)([a, b])), [tf.constant([["cat"], ["É"]]), np.array([[2], [-5]])]


def cases(keras, version):
    formats = ("keras", "h5")
    model, x, norm = numbers(keras)
    norm.count.assign(50)
    yield "numbers", model, x, formats
    model, x = images(keras, version)
    yield "images", model, x, formats[:1]
    model, x = tokens(keras)
    yield "tokens", model, x, formats
    model, x = crossed(keras)
    yield "crossed", model, x, formats[:1]
    L = keras.layers
    yield "codes", one(keras, L.CategoryEncoding(6, output_mode="count"), (4,), "int64"), np.array([[0, 5, 5, 1], [2, 2, 2, 3]]), formats
    text = L.TextVectorization(output_mode="tf_idf", ngrams=2)
    text.adapt([t[0] for t in TEXTS])
    yield "text_adapted", one(keras, text, (1,), "string"), tf.constant(TEXTS), formats[:1]
    text = L.TextVectorization(vocabulary=["cat", "the", "dogs"], output_sequence_length=5)
    yield "text", one(keras, text, (1,), "string"), tf.constant(TEXTS), formats
    lookup = L.StringLookup(max_tokens=4)
    lookup.adapt(["cat", "cat", "dog", "the", "the", "the"])
    yield "lookup_adapted", one(keras, lookup, (3,), "string"), tf.constant(WORDS), formats[:1]
    lookup = L.StringLookup(vocabulary=["a", "b"], invert=True)
    yield "names", one(keras, lookup, (3,), "int64"), np.array([[0, 1, 2], [2, 2, 7]]), formats
    if version[0] == "3":
        model, x = sounds(keras)
        yield "sounds", model, x, formats[:1]
