/* SPDX-License-Identifier: BSD-3-Clause */
/* MelSpectrogram, as keras/src/layers/preprocessing/mel_spectrogram.py (3.15): magnitudes of the
 * short-time Fourier transform, summed up by triangles on the mel scale. */
#include <math.h>
#include <string.h>

#include "keras/layers/preprocessing/config_numbers.h"
#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/signal.h"
#include "ops/tensor.h"

typedef struct mel_spectrogram {
    crn_layer_config base;
    int64_t fft_length, sequence_stride;
    const crn_object *sequence_length; /* None: fft_length */
    const crn_object *window;          /* "hann", "hamming", None, or numbers */
    int64_t sampling_rate, num_mel_bins;
    double min_freq;
    const crn_object *max_freq; /* None: half the sampling rate */
    bool power_to_db;
    double top_db, mag_exp, min_power, ref_power;
} mel_spectrogram;

static const crn_field fields[] = {
    CRN_PARAM(mel_spectrogram, fft_length, INT, "2048", NULL),
    CRN_PARAM(mel_spectrogram, sequence_stride, INT, "512", NULL),
    CRN_PARAM(mel_spectrogram, sequence_length, OBJECT, "None", NULL),
    CRN_PARAM(mel_spectrogram, window, OBJECT, "'hann'", NULL),
    CRN_PARAM(mel_spectrogram, sampling_rate, INT, "16000", NULL),
    CRN_PARAM(mel_spectrogram, num_mel_bins, INT, "128", NULL),
    CRN_PARAM(mel_spectrogram, min_freq, REAL, "20.0", NULL),
    CRN_PARAM(mel_spectrogram, max_freq, OBJECT, "None", NULL),
    CRN_PARAM(mel_spectrogram, power_to_db, BOOL, "True", NULL),
    CRN_PARAM(mel_spectrogram, top_db, REAL, "80.0", NULL),
    CRN_PARAM(mel_spectrogram, mag_exp, REAL, "2.0", NULL),
    CRN_PARAM(mel_spectrogram, min_power, REAL, "1e-10", NULL),
    CRN_PARAM(mel_spectrogram, ref_power, REAL, "1.0", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static int64_t sequence_length(const mel_spectrogram *config)
{
    int64_t length = 0;
    return crn_object_as_int(config->sequence_length, &length) && length != 0
               ? length
               : config->fft_length;
}

static crn_status check_window(const crn_layer *layer, crn_error *err)
{
    const mel_spectrogram *config = layer->config;
    const char *name = crn_object_text(config->window);
    crn_array numbers = CRN_ARRAY_INIT;
    if (name == NULL && crn_object_is_none(config->window))
        return CRN_OK;
    if (name != NULL && (strcmp(name, "hann") == 0 || strcmp(name, "hamming") == 0))
        return CRN_OK;
    if (name != NULL)
        return crn_fail(err, CRN_ARGUMENT,
                        "If a string is passed to `window`, it must be one of `\"hann\"`, "
                        "`\"hamming\"`. Received: window=%s",
                        name);
    CRN_TRY(crn_config_numbers(layer, "window", config->window, &numbers, err));
    const bool fits = numbers.ndim == 1 && numbers.shape[0] == sequence_length(config);
    crn_array_free(&numbers);
    return fits ? CRN_OK
                : crn_fail(err, CRN_ARGUMENT,
                           "The shape of `window` must be equal to [sequence_length].");
}

enum { MOST_BINS = 1 << 16 };

static crn_status check(crn_layer *layer, crn_error *err)
{
    const mel_spectrogram *config = layer->config;
    const int64_t length = sequence_length(config);
    if (length < 1 || length > config->fft_length)
        return crn_fail(err, CRN_ARGUMENT,
                        "`fft_length` must be greater than or equal to `sequence_length`. "
                        "Received: `sequence_length`=%lld, `fft_length`=%lld.",
                        (long long)length, (long long)config->fft_length);
    if (!crn_stft_serves(config->fft_length))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "MelSpectrogram: fft_length=%lld is not supported",
                        (long long)config->fft_length);
    if (config->sequence_stride < 1 || config->num_mel_bins < 1 ||
        config->num_mel_bins > MOST_BINS)
        return crn_fail(err, CRN_ARGUMENT,
                        "MelSpectrogram: no spectrogram of %lld bins every %lld samples",
                        (long long)config->num_mel_bins, (long long)config->sequence_stride);
    return check_window(layer, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const mel_spectrogram *config = layer->config;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 2, err));
    const int64_t half = config->fft_length / 2, samples = in[0].shape[0];
    if (in[0].ndim != 1 || (samples >= 0 && samples <= half))
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects signals of rank 2 that are longer than half a "
                        "frame of %lld. Received: %s",
                        layer->name, (long long)config->fft_length,
                        crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = in[0];
    out->dtype = CRN_FLOAT32;
    out->itemsize = sizeof(float);
    out->ndim = 2;
    out->shape[0] = config->num_mel_bins;
    out->shape[1] =
        samples < 0 ? -1
                    : 1 + (samples + 2 * half - config->fft_length) / config->sequence_stride;
    return CRN_OK;
}

/* ---- the window ---- */

/* tf.signal's: periodic for an even length, though symmetric for an odd one. */
static void raised_cosine(float a, float b, int64_t n, float *out)
{
    const float period = (float)(n - (n % 2 != 0));
    for (int64_t i = 0; i < n; i++)
        out[i] = n == 1
                     ? 1.0f
                     : a - b * cosf((float)(2.0 * 3.14159265358979323846) * (float)i / period);
}

/* Of fft_length numbers, zeros around those of the sequence. */
static crn_value window_constant(const crn_layer *layer, crn_graph *graph)
{
    const mel_spectrogram *config = layer->config;
    const int64_t n = config->fft_length, length = sequence_length(config);
    const char *name = crn_object_text(config->window);
    crn_array window = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    crn_status status;
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT32, 0, 1, &n, &window, &graph->error));
    float *at = window.data;
    for (int64_t i = 0; i < n; i++)
        at[i] = crn_object_is_none(config->window) ? 1.0f : 0.0f;
    at += (n - length) / 2;
    if (name != NULL && strcmp(name, "hann") == 0) {
        raised_cosine(0.5f, 0.5f, length, at);
    } else if (name != NULL) {
        raised_cosine(0.54f, 0.46f, length, at);
    } else if (!crn_object_is_none(config->window)) {
        CRN_TRY_OR_DONE(
            crn_config_numbers(layer, "window", config->window, &numbers, &graph->error));
        memcpy(at, numbers.data, (size_t)length * sizeof(float));
    }
    value = crn_graph_constant(graph, &window);
done:
    crn_array_free(&window);
    crn_array_free(&numbers);
    return value;
}

/* ---- the mel scale ---- */

static float to_mel(float hertz)
{
    return 1127.0f * logf(1.0f + hertz / 700.0f);
}

/* Place i of n from start to stop. */
static float even_step(float start, float stop, int64_t i, int64_t n)
{
    return i == n - 1 ? stop : start + (stop - start) / (float)(n - 1) * (float)i;
}

/* What a frequency counts in the bin between three edges. */
static float share(float mel, const float *edges)
{
    const float rise = (mel - edges[0]) / (edges[1] - edges[0]);
    const float fall = (edges[2] - mel) / (edges[2] - edges[1]);
    const float least = rise < fall ? rise : fall;
    return least > 0.0f ? least : 0.0f;
}

/* (fft_length / 2 + 1, num_mel_bins): which frequency counts how much in which bin; the lowest
 * counts nowhere. */
static crn_value mel_matrix(const mel_spectrogram *config, crn_graph *graph)
{
    const int64_t shape[2] = {config->fft_length / 2 + 1, config->num_mel_bins};
    double most = 0.0;
    crn_array matrix = CRN_ARRAY_INIT, edges = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    crn_status status;
    const int64_t edge_count = shape[1] + 2;
    if (!crn_object_as_double(config->max_freq, &most) || most == 0.0)
        most = (double)(config->sampling_rate / 2);
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT32, 0, 2, shape, &matrix, &graph->error));
    CRN_TRY_OR_DONE(crn_array_create(CRN_FLOAT32, 0, 1, &edge_count, &edges, &graph->error));
    float *weights = matrix.data, *edge = edges.data;
    const float low = to_mel((float)config->min_freq), high = to_mel((float)most);
    for (int64_t j = 0; j < edge_count; j++)
        edge[j] = even_step(low, high, j, edge_count);
    for (int64_t i = 0; i < shape[0]; i++) {
        const float hertz = even_step(0.0f, (float)config->sampling_rate / 2.0f, i, shape[0]);
        for (int64_t j = 0; j < shape[1]; j++)
            weights[i * shape[1] + j] = i > 0 ? share(to_mel(hertz), edge + j) : 0.0f;
    }
    value = crn_graph_constant(graph, &matrix);
done:
    crn_array_free(&matrix);
    crn_array_free(&edges);
    return value;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const mel_spectrogram *config = layer->config;
    crn_graph *graph = lowering->graph;
    const crn_stft_attributes stft = {.fft_length = config->fft_length,
                                      .step = config->sequence_stride,
                                      .exponent = (float)config->mag_exp};
    (void)n_in;
    crn_value y = crn_stft(graph, crn_cast(graph, in[0], CRN_FLOAT32),
                           window_constant(layer, graph), &stft);
    y = crn_affine(graph, y, mel_matrix(config, graph), false, CRN_NO_VALUE);
    if (config->power_to_db) {
        const float least = (float)config->min_power, power = fabsf((float)config->ref_power);
        y = crn_decibels(graph, y,
                         &(crn_decibels_attributes){
                             .least = least,
                             .reference = 10.0f * log10f(power < least ? least : power),
                             .range = (float)config->top_db});
    }
    return crn_permute(graph, y, (int32_t[]){1, 0});
}

const crn_layer_type crn_layer_MelSpectrogram = {
    .base = {.name = "MelSpectrogram",
             .module = "keras.layers",
             .size = sizeof(mel_spectrogram),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .check = check,
};
