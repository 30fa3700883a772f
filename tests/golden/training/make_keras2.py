# SPDX-License-Identifier: BSD-3-Clause
"""A training of Keras 2: run in this folder with TensorFlow 2.15.

keras2_adam.h5: the compiled model after two epochs of fit(shuffle=False), its optimizer's state inside
keras2_adam.npz: the rows x and y, the batch size bs, and model.weights after five epochs e5_w_0 ...
"""

import os
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(zlib.crc32(b"keras2_adam"))
x = rng.normal(size=(32, 4)).astype("float32")
y = rng.integers(0, 3, size=32)
model = keras.Sequential(
    [keras.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(3, activation="softmax")]
)
for v in model.weights:
    v.assign(rng.uniform(-0.5, 0.5, size=v.shape).astype("float32"))
model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
fit = dict(batch_size=8, shuffle=False, verbose=0)
model.fit(x, y, epochs=2, **fit)
model.save("keras2_adam.h5")
model.fit(x, y, epochs=3, **fit)
weights = {f"e5_w_{i}": v.numpy() for i, v in enumerate(model.weights)}
np.savez_compressed("keras2_adam.npz", x=x, y=y, bs=np.int64(8), **weights)
