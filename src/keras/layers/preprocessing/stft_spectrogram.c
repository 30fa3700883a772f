/* SPDX-License-Identifier: BSD-3-Clause */
/* STFTSpectrogram, as keras/src/layers/preprocessing/stft_spectrogram.py (3.15): frames of each
 * channel times the layer's two kernels, which hold window and transform. */
#include <string.h>

#include "keras/layers/layer.h"
#include "ops/affine.h"
#include "ops/rows.h"
#include "ops/signal.h"
#include "ops/tensor.h"

typedef struct stft_spectrogram {
    crn_layer_config base;
    const char *mode;
    int64_t frame_length;
    const crn_object *frame_step, *fft_length; /* None: half of frame_length; a power of two */
    const crn_object *window;                  /* the kernels have it, like the next two */
    bool periodic;
    const crn_object *scaling;
    const char *padding;
    bool expand_dims;
    const char *data_format;
} stft_spectrogram;

static const crn_field fields[] = {
    CRN_PARAM(stft_spectrogram, mode, STRING, "'log'", NULL),
    CRN_PARAM(stft_spectrogram, frame_length, INT, "256", NULL),
    CRN_PARAM(stft_spectrogram, frame_step, OBJECT, "None", NULL),
    CRN_PARAM(stft_spectrogram, fft_length, OBJECT, "None", NULL),
    CRN_PARAM(stft_spectrogram, window, OBJECT, "'hann'", NULL),
    CRN_PARAM(stft_spectrogram, periodic, BOOL, "False", NULL),
    CRN_PARAM(stft_spectrogram, scaling, OBJECT, "'density'", NULL),
    CRN_PARAM(stft_spectrogram, padding, STRING, "'valid'", NULL),
    CRN_PARAM(stft_spectrogram, expand_dims, BOOL, "False", NULL),
    CRN_PARAM(stft_spectrogram, data_format, STRING, "None", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

typedef enum output_mode { REAL, IMAGINARY, BOTH, LOG, MAGNITUDE, PSD, ANGLE } output_mode;

/* What the config says, in numbers. */
typedef struct settings {
    output_mode mode;
    int64_t step, fft_length;
    bool channels_first, same;
} settings;

static bool is_str(const char *text, const char *wanted)
{
    return text != NULL && strcmp(text, wanted) == 0;
}

static bool find_mode(const char *name, output_mode *out)
{
    static const char *const names[] = {
        [REAL] = "real",           [IMAGINARY] = "imag", [BOTH] = "stft",  [LOG] = "log",
        [MAGNITUDE] = "magnitude", [PSD] = "psd",        [ANGLE] = "angle"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_str(name, names[i])) {
            *out = (output_mode)i;
            return true;
        }
    }
    return false;
}

/* What a power of two it takes to hold a frame. */
static int64_t power_of_two(int64_t frame_length)
{
    int64_t n = 1;
    while (n < frame_length && n < INT64_C(1) << 40)
        n *= 2;
    return n;
}

static settings settings_of(const stft_spectrogram *config)
{
    settings s = {.step = config->frame_length / 2,
                  .fft_length = power_of_two(config->frame_length)};
    (void)find_mode(config->mode, &s.mode);
    (void)crn_object_as_int(config->frame_step, &s.step);
    (void)crn_object_as_int(config->fft_length, &s.fft_length);
    s.channels_first = is_str(config->data_format, "channels_first");
    s.same = is_str(config->padding, "same");
    return s;
}

static crn_status check_names(const stft_spectrogram *config, crn_error *err)
{
    output_mode unused;
    if (!find_mode(config->mode, &unused))
        return crn_fail(err, CRN_ARGUMENT,
                        "Output mode is invalid, it must be one of log, magnitude, psd, real, "
                        "imag, angle, stft. Received: mode=%s",
                        config->mode != NULL ? config->mode : "None");
    if (!is_str(config->padding, "valid") && !is_str(config->padding, "same"))
        return crn_fail(err, CRN_ARGUMENT,
                        "Padding is invalid, it should be 'valid', 'same'. Received: "
                        "padding=%s",
                        config->padding != NULL ? config->padding : "None");
    if (config->data_format != NULL && !is_str(config->data_format, "channels_last") &&
        !is_str(config->data_format, "channels_first"))
        return crn_fail(err, CRN_ARGUMENT,
                        "The `data_format` argument must be one of {'channels_first', "
                        "'channels_last'}. Received: data_format=%s",
                        config->data_format);
    return CRN_OK;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const stft_spectrogram *config = layer->config;
    const settings s = settings_of(config);
    CRN_TRY(check_names(config, err));
    if (config->frame_length < 1 || s.step < 1 || s.step > config->frame_length)
        return crn_fail(err, CRN_ARGUMENT,
                        "`frame_step` should be a positive integer not greater than "
                        "`frame_length`. Received frame_step=%lld, frame_length=%lld",
                        (long long)s.step, (long long)config->frame_length);
    if (s.fft_length >= config->frame_length && s.fft_length < INT64_C(1) << 40)
        return CRN_OK;
    return crn_fail(err, CRN_ARGUMENT,
                    "`fft_length` should be not less than `frame_length`. Received "
                    "fft_length=%lld, frame_length=%lld",
                    (long long)s.fft_length, (long long)config->frame_length);
}

static int64_t frame_count(const stft_spectrogram *config, const settings *s, int64_t samples)
{
    if (s->same)
        return (samples + s->step - 1) / s->step;
    return samples < config->frame_length ? 0 : (samples - config->frame_length) / s->step + 1;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const stft_spectrogram *config = layer->config;
    const settings s = settings_of(config);
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 3, err));
    const int64_t samples = in[0].shape[s.channels_first ? 1 : 0];
    const int64_t channels = in[0].shape[s.channels_first ? 0 : 1];
    const int64_t frames = samples < 0 ? -1 : frame_count(config, &s, samples);
    const int64_t width = (s.fft_length / 2 + 1) * (s.mode == BOTH ? 2 : 1);
    if (in[0].ndim != 2 || frames == 0)
        return crn_fail(err, CRN_SHAPE,
                        "Layer \"%s\" expects signals of rank 3 with frames of %lld samples. "
                        "Received: %s",
                        layer->name, (long long)config->frame_length,
                        crn_layer_shape_text(&in[0], shape, sizeof shape));
    const int64_t all = channels < 0 || channels > INT64_MAX / width ? -1 : channels * width;
    *out = in[0];
    out->ndim = config->expand_dims ? 3 : 2;
    if (s.channels_first)
        memcpy(out->shape,
               config->expand_dims ? (int64_t[3]){channels, frames, width}
                                   : (int64_t[3]){all, frames, 0},
               3 * sizeof(int64_t));
    else
        memcpy(out->shape,
               config->expand_dims ? (int64_t[3]){frames, width, channels}
                                   : (int64_t[3]){frames, all, 0},
               3 * sizeof(int64_t));
    return CRN_OK;
}

static crn_status build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    const stft_spectrogram *config = layer->config;
    const settings s = settings_of(config);
    const int64_t shape[3] = {config->frame_length, 1, s.fft_length / 2 + 1};
    (void)in, (void)n_in;
    if (s.mode != IMAGINARY)
        CRN_TRY(
            crn_layer_add_weight(layer, "real_kernel", 3, shape, true, NULL, NULL, NULL, err));
    if (s.mode != REAL)
        CRN_TRY(
            crn_layer_add_weight(layer, "imag_kernel", 3, shape, true, NULL, NULL, NULL, err));
    return CRN_OK;
}

/* frames (rows, count, channels, frame_length) times kernel i: (rows, count, channels,
 * frequencies). */
static crn_value times_kernel(const crn_layer *layer, crn_lowering *lowering, crn_value frames,
                              size_t i)
{
    const int64_t *shape = layer->weights[i].array.shape;
    const crn_value kernel =
        crn_reshape(lowering->graph, crn_layer_weight_value(layer, lowering, i), 2,
                    (int64_t[2]){shape[0], shape[2]});
    return crn_affine(lowering->graph, frames, kernel, false, CRN_NO_VALUE);
}

static crn_value spectrum_of(const crn_layer *layer, crn_lowering *lowering, output_mode mode,
                             crn_value frames)
{
    static const crn_spectrum_kind kinds[] = {[LOG] = CRN_SPECTRUM_LOG,
                                              [MAGNITUDE] = CRN_SPECTRUM_MAGNITUDE,
                                              [PSD] = CRN_SPECTRUM_PSD,
                                              [ANGLE] = CRN_SPECTRUM_ANGLE};
    const crn_value first = times_kernel(layer, lowering, frames, 0);
    if (mode == REAL || mode == IMAGINARY)
        return first;
    const crn_value second = times_kernel(layer, lowering, frames, 1);
    if (mode == BOTH)
        return crn_concat(lowering->graph, (crn_value[]){first, second}, 2, -1);
    return crn_spectrum(lowering->graph, first, second, kinds[mode]);
}

/* y (rows, frames, channels, frequencies) in the order that the config asks for. */
static crn_value arrange(crn_graph *graph, const stft_spectrogram *config, const settings *s,
                         crn_value y)
{
    const int64_t *shape = crn_graph_type(graph, y)->shape;
    const int64_t flat[2] = {shape[0], shape[1] * shape[2]};
    if (config->expand_dims)
        return crn_permute(graph, y,
                           s->channels_first ? (int32_t[]){1, 0, 2} : (int32_t[]){0, 2, 1});
    y = crn_reshape(graph, y, 2, flat);
    return s->channels_first ? crn_permute(graph, y, (int32_t[]){1, 0}) : y;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const stft_spectrogram *config = layer->config;
    const settings s = settings_of(config);
    crn_graph *graph = lowering->graph;
    (void)n_in;
    const crn_value x = s.channels_first ? crn_permute(graph, in[0], (int32_t[]){1, 0}) : in[0];
    const int64_t samples = crn_graph_type(graph, x)->shape[0];
    crn_frames_attributes frames = {.length = config->frame_length, .step = s.step};
    frames.count = frame_count(config, &s, samples);
    const int64_t missing = (frames.count - 1) * s.step + config->frame_length - samples;
    frames.before = s.same && missing > 0 ? missing / 2 : 0;
    const crn_value y = spectrum_of(layer, lowering, s.mode, crn_frames(graph, x, &frames));
    return arrange(graph, config, &s, y);
}

const crn_layer_type crn_layer_STFTSpectrogram = {
    .base = {.name = "STFTSpectrogram",
             .module = "keras.layers",
             .size = sizeof(stft_spectrogram),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .build = build,
    .built_by_call = true,
    .check = check,
};
