# SPDX-License-Identifier: BSD-3-Clause
"""Convolutions, pooling, borders and up-sampling in every option, several layers a model."""
from make import fill, keras, random

L = keras.layers
MODELS = {
    "conv1d": ((2, 17, 4), lambda: [
        L.Conv1D(6, 3, padding="causal", dilation_rate=2, activation="relu"), L.Conv1D(4, 4, strides=3, padding="same", groups=2),
        L.Conv1DTranspose(3, 3, strides=2, padding="same"), L.Conv1DTranspose(5, 2, strides=3, output_padding=2),
        L.MaxPooling1D(3, 2, padding="same"), L.SeparableConv1D(4, 3, depth_multiplier=2, padding="same", activation="tanh")]),
    "conv2d": ((2, 11, 9, 3), lambda: [
        L.Conv2D(8, (3, 2), strides=(2, 1), padding="same", activation="relu"), L.BatchNormalization(), L.ReLU(6.0),
        L.Conv2D(6, 3, dilation_rate=(1, 2), groups=2, use_bias=False), L.BatchNormalization(scale=False),
        L.AveragePooling2D(2, 1, padding="same"), L.Conv2D(20, 1, activation="sigmoid"), L.GlobalAveragePooling2D()]),
    "conv3d": ((2, 5, 6, 7, 2), lambda: [
        L.Conv3D(3, (2, 3, 2), padding="same", strides=(1, 2, 2)), L.Conv3DTranspose(4, 2, strides=2, padding="same"),
        L.MaxPooling3D((2, 3, 2)), L.AveragePooling3D(2, padding="same"), L.GlobalMaxPooling3D(keepdims=True)]),
    "depthwise": ((2, 9, 8, 3), lambda: [
        L.ZeroPadding2D(((1, 0), (2, 1))), L.DepthwiseConv2D(3, strides=2, depth_multiplier=2), L.BatchNormalization(),
        L.ReLU(6.0), L.SeparableConv2D(5, 2, padding="same"), L.Conv2D(10, 3, padding="same", groups=5),
        L.Conv2D(10, 3, padding="same", groups=10, activation="elu")]),
    "transpose2d": ((2, 4, 3, 3), lambda: [
        L.Conv2DTranspose(4, 4, strides=2, padding="same"), L.Conv2DTranspose(3, (5, 3), strides=(3, 2), padding="same",
                                                                              output_padding=(1, 0), activation="relu"),
        L.Conv2DTranspose(2, 2, strides=3)]),
    "borders": ((2, 4, 5, 6, 2), lambda: [
        L.ZeroPadding3D(((1, 0), (0, 2), (1, 1))), L.Cropping3D(((0, 1), (1, 0), (2, 1))), L.UpSampling3D((1, 2, 3)),
        L.Reshape((8, 15, -1)), L.ZeroPadding2D((2, 1)), L.Cropping2D((1, 3)), L.UpSampling2D((2, 1)),
        L.GlobalMaxPooling2D(keepdims=True), L.Reshape((-1, 1)), L.UpSampling1D(3), L.ZeroPadding1D((0, 2)),
        L.Cropping1D((1, 0))]),
    "pool_first": ((2, 3, 7, 8), lambda: [
        L.MaxPooling2D((3, 2), strides=(2, 1), data_format="channels_first"), L.ZeroPadding2D(1, data_format="channels_first"),
        L.Cropping2D(((0, 1), (1, 0)), data_format="channels_first"), L.UpSampling2D((1, 2), data_format="channels_first"),
        L.AveragePooling2D(2, padding="same", data_format="channels_first"),
        L.GlobalAveragePooling2D(data_format="channels_first", keepdims=True)]),
}
ADAPTIVE = ((2, 7, 9, 3), lambda: [
    L.AdaptiveAveragePooling2D((5, 4)), L.AdaptiveMaxPooling2D((3, 6)), L.Reshape((18, 3)), L.AdaptiveMaxPooling1D(7),
    L.AdaptiveAveragePooling1D(4)])


def residual(keras):
    x = L.Input((7, 6, 5), name="x")
    a = L.BatchNormalization()(L.Conv2D(8, 3, padding="same", use_bias=False)(x))
    b = L.BatchNormalization()(L.Conv2D(8, 1)(x))
    c = L.Activation("relu")(L.Add()([a, b]))
    d = L.Activation("sigmoid")(L.BatchNormalization()(L.DepthwiseConv2D(3, padding="same")(c)))
    return keras.Model(x, [L.Add()([c, d]), L.GlobalAveragePooling2D(keepdims=True)(d)])


def cases(keras, version):
    three = version[0] == "3"
    # TensorFlow 2.15 has no pooling of channels_first on CPUs.
    models = dict(MODELS, adaptive=ADAPTIVE) if three else {"conv2d": MODELS["conv2d"], "depthwise": MODELS["depthwise"]}
    form = ("keras",) if three else ("h5",)
    for name, (shape, layers) in models.items():
        model = keras.Sequential([L.Input(shape[1:])] + layers())
        yield name, fill(model, name), random("x/" + name, shape), form
    if three:
        yield "residual", fill(residual(keras), "residual"), random("x/residual", (3, 7, 6, 5)), form
