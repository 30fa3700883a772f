# SPDX-License-Identifier: BSD-3-Clause
"""Recurrent layers: cells, directions, masks, states, initial states, steps on their own, convolutions as products."""
from make import fill, random


def cases(keras, version):
    return (case for case in every_case(keras, version) if case[3])


def every_case(keras, version):
    L = keras.layers
    every = dict(return_sequences=True)
    keras_2 = ("LSTM_backwards", "LSTM_masked", "GRU_reset_before", "RNN_stacked", "Bidirectional", "ConvLSTM2D")

    def row(name, shape, *layers):
        model = fill(keras.Sequential([keras.Input(shape[1:])] + list(layers)), name)
        return name, model, random(name, shape), ("keras",) if version[0] == "3" else ("h5",) if name in keras_2 else ()

    yield row("LSTM", (3, 5, 4), L.LSTM(6))
    yield row("LSTM_backwards", (3, 5, 4), L.LSTM(6, go_backwards=True, **every))
    yield row("LSTM_relu_nobias", (3, 5, 4), L.LSTM(5, activation="relu", recurrent_activation="hard_sigmoid", use_bias=False))
    yield row("LSTM_masked", (4, 5, 1), L.ReLU(), L.Masking(), L.LSTM(3, **every), L.LSTM(2))
    yield row("GRU_reset_before", (3, 5, 4), L.GRU(6, reset_after=False, **every))
    yield row("GRU_softmax", (3, 5, 4), L.GRU(5, activation="softmax", recurrent_activation="hard_sigmoid"))
    yield row("LSTM_repeated", (3, 5, 2), L.LSTM(3), L.RepeatVector(4), L.LSTM(2, go_backwards=True, **every))
    yield row("SimpleRNN", (3, 5, 4), L.SimpleRNN(6))
    yield row("RNN_stacked", (3, 5, 4), L.RNN([L.LSTMCell(4), L.GRUCell(3), L.SimpleRNNCell(5)], go_backwards=True, **every))
    yield row("Bidirectional", (3, 5, 4), L.Bidirectional(L.LSTM(3, **every)), L.Bidirectional(L.GRU(4), merge_mode="ave"))
    yield row("TimeDistributed", (3, 5, 4), L.TimeDistributed(L.Dense(3, activation="tanh")))
    yield row("ConvLSTM1D", (2, 3, 6, 2), L.ConvLSTM1D(3, 3, padding="same", strides=2, **every))
    yield row("ConvLSTM2D", (2, 3, 5, 4, 2), L.ConvLSTM2D(3, 2, dilation_rate=2, recurrent_activation="hard_sigmoid"))

    x, h = keras.Input((4, 2)), keras.Input((3,))
    y = L.GRU(3, return_state=True, **every)(x, initial_state=h)
    model = fill(keras.Model([x, h], list(y)), "GRU_states")
    yield "GRU_states", model, [random("x", (3, 4, 2)), random("h", (3, 3))], ("h5",)
