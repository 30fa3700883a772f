# SPDX-License-Identifier: BSD-3-Clause
"""Attention, normalization, embeddings: masks that travel, axes of all kinds, arguments of calls, weights in objects of their own."""
import numpy as np
from make import fill, random


def ids(name, shape, count):
    return np.floor(random(name, shape, 0.0, count)).astype("float32")


def normalized(keras):
    """Axes before, between and behind others, and groups"""
    L = keras.layers
    x = L.Input((4, 3, 6))
    y = [L.LayerNormalization()(x), L.LayerNormalization(axis=[1, 3], scale=False)(x), L.LayerNormalization(axis=[-1, 2])(x),
         L.GroupNormalization(groups=2)(x), L.GroupNormalization(groups=-1, axis=2, center=False)(x), L.UnitNormalization(axis=[1, 2])(x),
         L.BatchNormalization(axis=1)(x), L.BatchNormalization(axis=-2, scale=False)(x)]
    return keras.Model(x, y)


def self_attention(keras):
    """The mask of an Embedding, seen by attention, and the causal one"""
    L = keras.layers
    x = L.Input((5,))
    e = L.Embedding(7, 6, mask_zero=True)(x)
    y = L.MultiHeadAttention(2, 3, value_dim=2)(e, e)
    z, scores = L.MultiHeadAttention(2, 3, use_bias=False, output_shape=4)(y, e, use_causal_mask=True, return_attention_scores=True)
    return keras.Model(x, [y, z, scores])


def cross_attention(keras):
    L = keras.layers
    q, v, k, m = L.Input((3, 4)), L.Input((5, 2)), L.Input((5, 6)), L.Input((3, 5), dtype="bool")
    return keras.Model([q, v, k, m], L.MultiHeadAttention(2, 3)(query=q, value=v, key=k, attention_mask=m))


def axes(keras):
    L = keras.layers
    x = L.Input((3, 4, 5))
    return keras.Model(x, [L.MultiHeadAttention(2, 3, attention_axes=(a,) if a else (1, 2))(x, x) for a in (1, 0)])


def plain(keras):
    """Attention and AdditiveAttention with masks of both inputs"""
    L = keras.layers
    a, b = L.Input((4,)), L.Input((6,))
    e = L.Embedding(5, 3, mask_zero=True)
    q, v = e(a), e(b)
    y, scores = L.Attention(use_scale=True)([q, v], return_attention_scores=True)
    return keras.Model([a, b], [y, scores, L.Attention(score_mode="concat")([q, v]), L.AdditiveAttention()([q, v], use_causal_mask=True)])


def einsum(keras):
    L = keras.layers
    x = L.Input((3, 4))
    return keras.Model(x, [L.EinsumDense(equation, output_shape=shape, bias_axes=bias, activation="tanh")(x) for equation, shape, bias in (
        ("abc,cde->abde", (None, 2, 3), "de"), ("...x,xy->...y", 5, "y"), ("abc,bcd->abd", (3, 2), "bd"), ("abc,bd->adc", (5, 4), None))])


def spectral(keras):
    L = keras.layers
    x = L.Input((3, 5))
    return keras.Model(x, L.SpectralNormalization(L.Dense(4))(L.Masking(0.5)(x)))


def newer(keras):
    L = keras.layers
    x = L.Input((5,))
    r = L.ReversibleEmbedding(7, 4, logit_soft_cap=2.0)
    e = r(x)
    y = L.GroupQueryAttention(3, 4, 2, use_gate=True, sliding_window=2)(e, e)
    return keras.Model(x, [r(L.RMSNormalization()(y), reverse=True), L.MultiHeadAttention(2, 3, use_gate=True)(e, e)])


def cases(keras, version):
    one = ("keras",) if version[0] == "3" else ("h5",)
    yield "normalized", fill(normalized(keras), "normalized"), random("normalized", (2, 4, 3, 6)), ("h5",)
    yield "self_attention", fill(self_attention(keras), "self"), ids("self", (3, 5), 7), one
    inputs = [random("q", (2, 3, 4)), random("v", (2, 5, 2)), random("k", (2, 5, 6)), random("m", (2, 3, 5)) > -0.3]
    yield "cross_attention", fill(cross_attention(keras), "cross"), inputs, ("h5",)
    yield "plain", fill(plain(keras), "plain"), [ids("a", (2, 4), 5), ids("b", (2, 6), 5)], one
    if version[0] == "3":
        yield "axes", fill(axes(keras), "axes"), random("axes", (2, 3, 4, 5)), ("h5",)
        yield "einsum", fill(einsum(keras), "einsum"), random("einsum", (2, 3, 4)), ("h5",)
    yield "spectral", fill(spectral(keras), "spectral"), np.round(random("spectral", (2, 3, 5))) / 2, one
    if version[0] == "3":
        yield "newer", fill(newer(keras), "newer"), ids("newer", (3, 5), 7), ("keras",)
