/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations on sampled signals: frames, spectra, decibels. */
#ifndef CRN_OPS_SIGNAL_H
#define CRN_OPS_SIGNAL_H

#include "ops/graph.h"

typedef struct crn_frames_attributes {
    int64_t length, step, count;
    int64_t before; /* zeros before the first sample; behind the last as many as are needed */
} crn_frames_attributes;

/* Overlapping frames of each channel: x (rows, samples, channels) of any type gives (rows,
 * count, channels, length). */
crn_value crn_frames(crn_graph *graph, crn_value x, const crn_frames_attributes *attributes);

typedef enum crn_spectrum_kind {
    CRN_SPECTRUM_LOG,       /* log(max(magnitude, 1e-7)) */
    CRN_SPECTRUM_MAGNITUDE, /* sqrt(max(power, 1e-7)) */
    CRN_SPECTRUM_PSD,       /* power, twice for all but the first and the last frequency */
    CRN_SPECTRUM_ANGLE
} crn_spectrum_kind;

typedef struct crn_spectrum_attributes {
    crn_spectrum_kind kind;
} crn_spectrum_attributes;

/* What two spectra of the same shape, float32 (rows, ..., frequencies), say together. */
crn_value crn_spectrum(crn_graph *graph, crn_value real, crn_value imaginary,
                       crn_spectrum_kind kind);

typedef struct crn_stft_attributes {
    int64_t fft_length, step;
    float exponent; /* of the magnitudes */
} crn_stft_attributes;

/* False where the transform of this length would cost too much: a prime factor is too large. */
bool crn_stft_serves(int64_t fft_length);

/* Magnitudes of the short-time Fourier transform of x (rows, samples), float32, mirrored by half
 * a frame at both ends, more samples than that: (rows, frames, fft_length / 2 + 1). window
 * (fft_length), float32. */
crn_value crn_stft(crn_graph *graph, crn_value x, crn_value window,
                   const crn_stft_attributes *attributes);

typedef struct crn_decibels_attributes {
    float least;     /* power below counts as this */
    float reference; /* decibels to subtract */
    float range;     /* what is further below the loudest is lifted to it */
} crn_decibels_attributes;

/* 10 log10(x) of powers, float32. The loudest is looked for among all of a batch of
 * CRN_DECIBELS_BATCH rows, as model.predict() does it. */
crn_value crn_decibels(crn_graph *graph, crn_value x,
                       const crn_decibels_attributes *attributes);
enum { CRN_DECIBELS_BATCH = 32 };

#endif
