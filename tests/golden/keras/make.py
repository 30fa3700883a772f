# SPDX-License-Identifier: BSD-3-Clause
"""make.py FOLDER: the models of this folder as the installed Keras (2.4 to 3.15, on TensorFlow) saves and answers them.

Every model is saved in each format that this Keras has (.keras, .h5, .weights.h5, and .wl.h5: legacy weights alone), with its input
NAME.x0.npy and what predict() gives for it, NAME.y0.npy. Weights are drawn from NumPy, seeded by the model's name. FOLDER is a tag
of the version ("k3.15", "tf2.10"); manifest.tsv lists the files that the tests load. state/TAG holds compiled models saved after two epochs with what
three more epochs made of their weights (make_state below)."""
import os
import sys
import zlib

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", TF_ENABLE_ONEDNN_OPTS="0")
import numpy as np
import tensorflow as tf

keras = tf.keras
L = keras.layers
K3 = tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 16)
SLOPE = "negative_slope" if K3 else "alpha"
ACTIVATIONS = """celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid log_softmax mish relu
relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus tanh tanh_shrink"""
R, C = keras.regularizers, keras.constraints


def many():
    return [layer for _ in range(12) for layer in (L.Dense(4, activation="relu"), L.Dropout(0.1))] + [L.Dense(2)]


# name: (input, layers)
MODELS = {
    "Dense_relu_softmax": ((5, 4), lambda: [L.Dense(8, activation="relu"), L.Dense(3, activation="softmax")]),
    "Dense_nobias": ((5, 4), lambda: [L.Dense(3, use_bias=False)]),
    "Dense_3d_input": ((2, 5, 4), lambda: [L.Dense(3, activation="tanh")]),
    "Dense_regularized_constrained": ((5, 4), lambda: [L.Dense(
        3, kernel_initializer=keras.initializers.HeNormal(seed=3), kernel_regularizer=R.L1L2(0.01, 0.02), bias_regularizer=R.L2(0.1),
        activity_regularizer=R.L2(0.01), kernel_constraint=C.MaxNorm(2.0), bias_constraint=C.NonNeg())]),
    "BatchNormalization": ((3, 5), lambda: [L.BatchNormalization()]),
    "BatchNormalization_4d": ((3, 3, 4, 5), lambda: [L.BatchNormalization(momentum=0.9)]),
    "BatchNormalization_nocenter": ((3, 5), lambda: [L.BatchNormalization(center=False)]),
    "BatchNormalization_noscale": ((3, 5), lambda: [L.BatchNormalization(scale=False, epsilon=0.01)]),
    "Dropout": ((3, 4), lambda: [L.Dropout(0.4)]),
    "ELU": ((3, 6), lambda: [L.ELU(0.7)]),
    "ReLU": ((3, 6), lambda: [L.ReLU()]),
    "ReLU_max_slope_thr": ((3, 6), lambda: [L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5)]),
    "LeakyReLU": ((3, 6), lambda: [L.LeakyReLU(**{SLOPE: 0.2})]),
    "LeakyReLU_default": ((3, 6), lambda: [L.LeakyReLU()]),
    "Softmax_layer": ((3, 3, 4), lambda: [L.Softmax()]),
    "Flatten": ((3, 2, 3, 4), lambda: [L.Flatten()]),
    "Reshape": ((3, 6, 2), lambda: [L.Reshape((3, 4))]),
    "Reshape_minus1": ((3, 6, 2), lambda: [L.Reshape((-1, 3))]),
    "trainable_false_mixed": ((3, 4), lambda: [L.Dense(4, name="frozen", trainable=False), L.BatchNormalization(), L.Dense(2)]),
    "custom_names_with_slash_free_symbols": ((3, 4), lambda: [L.Dense(3, name="Dense_A.1"), L.Dense(2, name="out")]),
    "many_layers_unique_names": ((3, 4), many),
    "seed_iris": ((150, 4), lambda: [L.Dense(128, activation="relu"), L.Dense(3, activation="softmax")]),
    "seed_iris_pca2": ((150, 2), lambda: [L.Dense(128, activation="relu"), L.Dense(3, activation="softmax")]),
}
for activation in ACTIVATIONS.split():
    MODELS["act_" + activation] = ((5, 8), lambda activation=activation: [L.Activation(activation)])

O = keras.optimizers
OPTIMIZERS = {
    "opt_sgd": lambda o: o.SGD(0.1),
    "opt_sgd_momentum": lambda o: o.SGD(0.1, momentum=0.9),
    "opt_adam": lambda o: o.Adam(0.02),
    "opt_adam_amsgrad": lambda o: o.Adam(0.02, amsgrad=True),
    "opt_adam_grad_accum2": lambda o: o.Adam(0.02, gradient_accumulation_steps=2),
    "opt_adamw": lambda o: o.AdamW(0.02, weight_decay=0.01),
    "opt_rmsprop": lambda o: o.RMSprop(0.01),
}


def save_legacy_weights(model, path):
    """Keras 3 still has the writer, but not for a file of weights alone."""
    if not K3:
        return model.save_weights(path)
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(path, "w") as f:
        legacy_h5_format.save_weights_to_hdf5_group(f, model)


def save(model, name):
    """In every format; those that this version does not have are left out."""
    writers = {".keras": model.save, ".h5": model.save, ".weights.h5": model.save_weights,
               ".wl.h5": lambda path: save_legacy_weights(model, path)}
    for suffix, write in writers.items():
        try:
            write(name + suffix)
        except (ValueError, NotImplementedError, TypeError) as e:
            print(f"{name}{suffix}: {e}", file=sys.stderr)


def make(name):
    shape, layers = MODELS[name]
    keras.backend.clear_session()
    random = np.random.RandomState(zlib.crc32(name.encode()))
    model = keras.Sequential([keras.Input(shape[1:])] + layers())
    model.set_weights([random.uniform(0.2, 1.2, w.shape) if "variance" in v.name else random.normal(0, 0.5, w.shape)
                       for v, w in zip(model.weights, model.get_weights())])
    x = random.normal(0, 1, shape).astype("f4")
    y = model.predict(x, verbose=0)
    if name.startswith("seed"):
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, random.randint(0, 3, len(x)), epochs=2, verbose=0)
        y = model.predict(x, verbose=0)
    save(model, name)
    np.save(name + ".x0.npy", x)
    np.save(name + ".y0.npy", y)


def make_state(name, optimizer):
    keras.backend.clear_session()
    random = np.random.RandomState(zlib.crc32(name.encode()))
    x, y = random.normal(0, 1, (32, 4)).astype("f4"), random.randint(0, 3, 32)
    norm = [L.BatchNormalization(momentum=0.9)] if name == "net_bn" else []
    model = keras.Sequential([keras.Input((4,)), L.Dense(5, activation="tanh")] + norm + [L.Dense(3, activation="softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    save(model, name)
    model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    np.savez(name + ".npz", x=x, y=y, bs=8, **{f"w_{i}": w for i, w in enumerate(model.get_weights())})


def attempt(function, *args):
    """What this version does not know yet, or no more, is left out."""
    try:
        function(*args)
    except (AttributeError, TypeError, ValueError) as e:
        print(f"{args[0]}: {e}", file=sys.stderr)


def main():
    folder = os.path.abspath(sys.argv[1])
    state = os.path.join(os.path.dirname(folder), "state", os.path.basename(folder))
    for path in (folder, state):
        os.makedirs(path, exist_ok=True)
    os.chdir(folder)
    for name in MODELS:
        attempt(make, name)
    os.chdir(state)
    for name, optimizer in OPTIMIZERS.items():
        attempt(lambda n: make_state(n, optimizer(O)), name)
        if hasattr(O, "legacy") and not K3:
            attempt(lambda n: make_state(n, optimizer(O.legacy)), name.replace("opt_", "opt_legacy_"))
    make_state("net_bn", O.Adam(0.02))


main()
