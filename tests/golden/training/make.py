# SPDX-License-Identifier: BSD-3-Clause
"""What Keras makes of small trainings, losses and metrics: run in this folder with Keras 3.15 on TensorFlow.

<name>.npz, one for each network below, trained with fit(shuffle=False) from the weights w0_*:
  x, y, bs (batch size), sw (sample weights, where given)
  w0_i, s1_w_i, s3_w_i, e5_w_i: model.weights at the start, after the first and the third batch, after five epochs
  e5_o_i: optimizer.variables after five epochs
  loss_steps: the running loss after each batch of the first epoch; loss_epochs: history["loss"]
  pred0, pred5: predict() at the start and at the end; eval5: evaluate() at the end, the loss and, for labels, accuracy
<name>.keras: the compiled model after the second epoch, for those of SAVED
losses_metrics.npz: inputs, and the results of each loss (L0 ...) and metric (M0 ...) in the order of the tests.
"""

import os
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import constraints, layers, losses, metrics, optimizers, regularizers

SPARSE = "sparse_categorical_crossentropy"
SEED = b"2"  # with which no gradient is so large that rounding decides
CLASS_WEIGHT = {0: 1.0, 1: 2.5, 2: 0.5}
SAVED = ("opt_adam", "opt_adam_ema", "opt_rmsprop_centered_momentum", "regularizers")


# ---- data: (x, y) for a seeded generator ---------------------------------------------------------


def features(rng, rows):
    return rng.normal(size=(rows, 4)).astype("float32")


def labels(rng, rows=32):
    return features(rng, rows), rng.integers(0, 3, size=rows)


def one_hot(rng):
    x, y = labels(rng)
    return x, np.eye(3, dtype="float32")[y]


def regression(rng):
    x = features(rng, 32)
    noise = 0.1 * rng.normal(size=(32, 2))
    return x, (np.tanh(x[:, :2] * 2) + noise).astype("float32")


def positive(rng):
    x, y = regression(rng)
    return x, np.abs(y) + np.float32(0.1)


def far(rng):
    """Targets of which a percentage is no small thing: the gradients of mape are 100 / target."""
    x, y = regression(rng)
    return x, y + np.float32(20)


def binary(rng):
    x = features(rng, 32)
    return x, (x[:, :1] + x[:, 1:2] > 0).astype("float32")


def signs(rng):
    x, y = binary(rng)
    return x, y * 2 - 1


# ---- networks --------------------------------------------------------------------------------------


def network(units=3, last="softmax", hidden="tanh", middle=(), first=None, final=None):
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, activation=hidden, **(first or {})),
            *middle,
            layers.Dense(units, activation=last, **(final or {})),
        ]
    )


def frozen():
    layer = layers.BatchNormalization()
    layer.trainable = False
    return network(hidden=None, middle=[layer])


def normalised():
    return network(hidden=None, middle=[layers.BatchNormalization(), layers.Activation("relu")])


def regularised():
    return network(
        hidden="relu",
        first=dict(
            kernel_regularizer=regularizers.L1L2(0.01, 0.02),
            bias_regularizer="l2",
            activity_regularizer="l1",
        ),
        final=dict(kernel_constraint=constraints.MaxNorm(0.8)),
    )


def run(name, model, optimizer, loss, data, sample_weight=False, class_weight=None):
    rng = np.random.default_rng(zlib.crc32(SEED + name.encode()))
    x, y = data(rng)
    out = {"x": x, "y": y, "bs": np.int64(8)}
    if sample_weight:
        out["sw"] = rng.uniform(0, 2, size=len(y)).astype("float32")
    for v in model.weights:
        if "moving" not in v.name:
            v.assign(rng.uniform(-0.5, 0.5, size=v.shape).astype("float32"))

    def keep(prefix, variables):
        for i, v in enumerate(variables):
            out[f"{prefix}_{i}"] = np.array(v.numpy())

    class Steps(keras.callbacks.Callback):
        losses = []

        def on_train_batch_end(self, batch, logs=None):
            Steps.losses.append(logs["loss"])
            if len(Steps.losses) in (1, 3):
                keep(f"s{len(Steps.losses)}_w", model.weights)

    keep("w0", model.weights)
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"] if loss == SPARSE else None)
    out["pred0"] = model.predict(x, verbose=0)
    history = []
    for epoch in range(5):
        # One fit() an epoch: moving averages of weights take their place at the end of each.
        result = model.fit(
            x,
            y,
            batch_size=8,
            shuffle=False,
            verbose=0,
            callbacks=[Steps()] if epoch == 0 else [],
            sample_weight=out.get("sw"),
            class_weight=class_weight,
        )
        history.append(result.history["loss"][0])
        if epoch == 1 and name in SAVED:
            model.save(name + ".keras")
    keep("e5_w", model.weights)
    keep("e5_o", model.optimizer.variables)
    out["loss_steps"] = np.array(Steps.losses)
    out["loss_epochs"] = np.array(history)
    out["pred5"] = model.predict(x, verbose=0)
    scores = model.evaluate(x, y, batch_size=8, sample_weight=out.get("sw"), verbose=0)
    out["eval5"] = np.atleast_1d(np.array(scores))
    np.savez_compressed(name + ".npz", **out)


# ---- the list --------------------------------------------------------------------------------------

SGD, Adam, RMSprop = optimizers.SGD, optimizers.Adam, optimizers.RMSprop

OPTIMIZERS = {
    "sgd": SGD(0.1),
    "sgd_momentum": SGD(0.05, momentum=0.9),
    "sgd_nesterov": SGD(0.05, momentum=0.9, nesterov=True),
    "adam": Adam(0.02),
    "adam_amsgrad": Adam(0.02, amsgrad=True),
    "adamw": optimizers.AdamW(0.02, weight_decay=0.01),
    "rmsprop": RMSprop(0.01),
    "rmsprop_centered_momentum": RMSprop(0.01, momentum=0.5, centered=True),
    "adam_clipnorm": Adam(0.02, clipnorm=0.05),
    "sgd_clipvalue": SGD(0.1, clipvalue=0.01),
    "sgd_global_clipnorm": SGD(0.1, global_clipnorm=0.05),
    "sgd_weight_decay": SGD(0.1, weight_decay=0.01),
    "adam_ema": Adam(0.02, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3),
    "adam_grad_accum2": Adam(0.02, gradient_accumulation_steps=2),
    "adam_defaults": "adam",
    "sgd_defaults": "sgd",
    "rmsprop_defaults": "rmsprop",
}

LOSSES = {
    "mse": (losses.MeanSquaredError(), 2, "linear", regression),
    "mse_sum": (losses.MeanSquaredError(reduction="sum"), 2, "linear", regression),
    "mae": (losses.MeanAbsoluteError(), 2, "linear", regression),
    "mape": (losses.MeanAbsolutePercentageError(), 2, "linear", far),
    "msle": (losses.MeanSquaredLogarithmicError(), 2, "softplus", positive),
    "huber": (losses.Huber(delta=0.3), 2, "linear", regression),
    "logcosh": (losses.LogCosh(), 2, "linear", regression),
    "bce": (losses.BinaryCrossentropy(), 1, "sigmoid", binary),
    "bce_logits_smooth": (
        losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
        1,
        "linear",
        binary,
    ),
    "cce": (losses.CategoricalCrossentropy(), 3, "softmax", one_hot),
    "cce_logits_smooth": (
        losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        3,
        "linear",
        one_hot,
    ),
    "cce_notnormalized": (losses.CategoricalCrossentropy(), 3, "sigmoid", one_hot),
    "scce_logits": (losses.SparseCategoricalCrossentropy(from_logits=True), 3, "linear", labels),
    "hinge": (losses.Hinge(), 1, "tanh", signs),
    "squared_hinge": (losses.SquaredHinge(), 1, "tanh", signs),
    "categorical_hinge": (losses.CategoricalHinge(), 3, "softmax", one_hot),
    "kld": (losses.KLDivergence(), 3, "softmax", one_hot),
    "poisson": (losses.Poisson(), 2, "softplus", positive),
    "cosine": (losses.CosineSimilarity(), 2, "linear", regression),
}

ACTIVATIONS = (
    "relu gelu elu selu swish softplus mish leaky_relu hard_sigmoid softsign".split()
)


def trainings():
    for name, optimizer in OPTIMIZERS.items():
        run("opt_" + name, network(), optimizer, SPARSE, labels)
    for name, (loss, units, last, data) in LOSSES.items():
        run("loss_" + name, network(units, last), SGD(0.1), loss, data)
    for name in ACTIVATIONS:
        run("net_act_" + name, network(hidden=name), Adam(0.01), SPARSE, labels)
    run("net_bn", normalised(), Adam(0.01), SPARSE, labels)
    run("net_bn_frozen", frozen(), Adam(0.01), SPARSE, labels)
    run("regularizers", regularised(), SGD(0.1), SPARSE, labels)
    run("weighted_class", network(), SGD(0.1), SPARSE, labels, class_weight=CLASS_WEIGHT)
    run("weighted_sample", network(), SGD(0.1), SPARSE, labels, sample_weight=True)
    run("partial_last_batch", network(), SGD(0.1), SPARSE, lambda rng: labels(rng, 29))


# ---- losses and metrics on arrays --------------------------------------------------------------------


def arrays():
    rng = np.random.default_rng(315)
    z = rng.normal(size=(6, 3)).astype("float32")
    bits = rng.integers(0, 2, size=(6, 3)).astype("float32")
    yi = np.array([0, 1, 2, 2, 1, 0])
    exponents = np.exp(z)
    return {
        "z": z,
        "p": exponents / exponents.sum(axis=1, keepdims=True),
        "yi": yi,
        "yo": np.eye(3, dtype="float32")[yi],
        "r1": rng.normal(size=(6, 3)).astype("float32"),
        "r2": rng.normal(size=(6, 3)).astype("float32"),
        "pos1": rng.uniform(0.1, 2, size=(6, 3)).astype("float32"),
        "pos2": rng.uniform(0.1, 2, size=(6, 3)).astype("float32"),
        "b": bits,
        "bp": rng.uniform(0.02, 0.98, size=(6, 3)).astype("float32"),
        "pm": bits * 2 - 1,
        "sw": rng.uniform(0.2, 2, size=6).astype("float32"),
    }


LOSS_ROWS = [
    ("MeanSquaredError", {}, "r1", "r2"),
    ("MeanAbsoluteError", {}, "r1", "r2"),
    ("MeanAbsolutePercentageError", {}, "r1", "r2"),
    ("MeanSquaredLogarithmicError", {}, "pos1", "pos2"),
    ("BinaryCrossentropy", {}, "b", "bp"),
    ("BinaryCrossentropy", {"from_logits": True}, "b", "z"),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, "b", "bp"),
    ("CategoricalCrossentropy", {}, "yo", "p"),
    ("CategoricalCrossentropy", {"from_logits": True}, "yo", "z"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.2}, "yo", "p"),
    ("SparseCategoricalCrossentropy", {}, "yi", "p"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "yi", "z"),
    ("Huber", {}, "r1", "r2"),
    ("Huber", {"delta": 0.3}, "r1", "r2"),
    ("LogCosh", {}, "r1", "r2"),
    ("Hinge", {}, "pm", "r2"),
    ("Hinge", {}, "b", "r2"),
    ("SquaredHinge", {}, "pm", "r2"),
    ("CategoricalHinge", {}, "yo", "p"),
    ("KLDivergence", {}, "yo", "p"),
    ("Poisson", {}, "pos1", "pos2"),
    ("CosineSimilarity", {}, "r1", "r2"),
]

METRIC_ROWS = [
    ("Accuracy", {}, "yi", "yi"),
    ("BinaryAccuracy", {}, "b", "bp"),
    ("BinaryAccuracy", {"threshold": 0.3}, "b", "bp"),
    ("CategoricalAccuracy", {}, "yo", "p"),
    ("SparseCategoricalAccuracy", {}, "yi", "p"),
    ("TopKCategoricalAccuracy", {"k": 2}, "yo", "p"),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "yi", "p"),
    ("MeanSquaredError", {}, "r1", "r2"),
    ("RootMeanSquaredError", {}, "r1", "r2"),
    ("MeanAbsoluteError", {}, "r1", "r2"),
    ("MeanAbsolutePercentageError", {}, "r1", "r2"),
    ("MeanSquaredLogarithmicError", {}, "pos1", "pos2"),
    ("LogCoshError", {}, "r1", "r2"),
    ("CosineSimilarity", {}, "r1", "r2"),
    ("BinaryCrossentropy", {}, "b", "bp"),
    ("CategoricalCrossentropy", {}, "yo", "p"),
    ("SparseCategoricalCrossentropy", {}, "yi", "p"),
    ("KLDivergence", {}, "yo", "p"),
    ("Poisson", {}, "pos1", "pos2"),
    ("Hinge", {}, "pm", "r2"),
    ("SquaredHinge", {}, "pm", "r2"),
    ("CategoricalHinge", {}, "yo", "p"),
]


def losses_and_metrics():
    given = arrays()
    out = dict(given)
    number = 0
    for name, config, truth, prediction in LOSS_ROWS:
        for reduction in ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight"):
            for weight in (None, given["sw"]):
                loss = getattr(losses, name)(reduction=reduction, **config)
                value = loss(given[truth], given[prediction], sample_weight=weight)
                out[f"L{number}"] = np.array(value, "float32")
                number += 1
    number = 0
    for name, config, truth, prediction in METRIC_ROWS:
        for weight in (None, given["sw"]):
            metric = getattr(metrics, name)(**config)
            for rows in (slice(0, 4), slice(4, 6)):
                part = None if weight is None else weight[rows]
                metric.update_state(given[truth][rows], given[prediction][rows], part)
            out[f"M{number}"] = np.array(metric.result(), "float32")
            number += 1
    np.savez_compressed("losses_metrics.npz", **out)


if __name__ == "__main__":
    trainings()
    losses_and_metrics()
