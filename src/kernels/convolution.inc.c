/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums over windows, channels last. A convolution is computed as P outputs x V vectors of
 * channels in registers; a sum adds up over the runs in their order, each from its first number
 * on, whatever tile an output falls into. */
#include "kernels/convolution.h"

#include "kernels/kernels.h"
#include "kernels/level.h"
#include "kernels/vector.h"

enum {
    L = VECTOR_BYTES / (int)sizeof(float),
    MOST_VECTORS = VECTOR_REGISTERS == 32 ? 4 : 2,
    MOST_PIXELS = 12
};

/* ---- outputs of a box, a few at a time ---- */

/* Where the next output is. */
typedef struct cursor {
    int64_t at[CRN_BOX_AXES];
    int64_t x, y; /* elements */
    int64_t left;
} cursor;

ALWAYS_INLINE cursor cursor_of(const crn_conv_box *box)
{
    cursor c = {.left = box->count[0] * box->count[1] * box->count[2] * box->count[3]};
    return c;
}

static void next_line(const crn_conv_box *box, cursor *c)
{
    for (int k = CRN_BOX_AXES - 1; k > 0 && c->at[k] == box->count[k]; k--) {
        c->x += box->x_step[k - 1] - c->at[k] * box->x_step[k];
        c->y += box->y_step[k - 1] - c->at[k] * box->y_step[k];
        c->at[k] = 0;
        c->at[k - 1]++;
    }
}

/* The places of the next P outputs. */
ALWAYS_INLINE void take(const int P, const crn_conv_box *box, cursor *c, const float *x,
                        float *y, const float **xs, float **ys)
{
    for (int p = 0; p < P; p++) {
        xs[p] = x + c->x;
        ys[p] = y + c->y;
        c->x += box->x_step[3];
        c->y += box->y_step[3];
        if (++c->at[3] == box->count[3])
            next_line(box, c);
    }
    c->left -= P;
}

/* ---- the end of a sum ---- */

/* One vector of outputs j.. of which only `lanes` are there. */
ALWAYS_INLINE void finish(const crn_conv_end *end, v_f32 sum, int64_t j, int lanes,
                          const float *other, float *y)
{
#define LOAD(from) (lanes < L ? load_first_f32((from), lanes) : load_f32(from))
    if (end->factor != NULL)
        sum *= LOAD(end->factor + j);
    if (end->bias != NULL)
        sum += LOAD(end->bias + j);
    if (other != NULL)
        sum += LOAD(other);
    if (end->clips)
        sum = bound_f32(sum, (v_f32){0} + end->low, (v_f32){0} + end->high);
    if (lanes < L)
        store_first_f32(y, sum, lanes);
    else
        store_f32(y, sum);
#undef LOAD
}

/* ---- convolution ---- */

#define EACH_SUM(statement)                                                                    \
    UNROLL                                                                                     \
    for (int p = 0; p < P; p++) {                                                              \
        UNROLL                                                                                 \
        for (int v = 0; v < V; v++) {                                                          \
            statement;                                                                         \
        }                                                                                      \
    }

ALWAYS_INLINE void tile(const int P, const int V, const crn_convolve *s, const float **xs,
                        float **ys)
{
    const int last_lanes = (int)(s->width - (V - 1) * L);
#define LANES(v) ((v) == V - 1 ? last_lanes : L)
    v_f32 sum[MOST_PIXELS][MOST_VECTORS];
    if (s->first) {
        EACH_SUM(sum[p][v] = (v_f32){0})
    } else {
        EACH_SUM(sum[p][v] = load_first_f32(ys[p] + v * L, LANES(v)))
    }
    for (int64_t r = 0; r < s->run_count; r++) {
        const crn_conv_run run = s->runs[r];
        const float *w = s->w + run.w * (V * L);
        const float *x[MOST_PIXELS];
        UNROLL
        for (int p = 0; p < P; p++)
            x[p] = xs[p] + run.x;
        for (int64_t k = 0; k < run.n; k++, w += V * L) {
            v_f32 weights[MOST_VECTORS];
            UNROLL
            for (int v = 0; v < V; v++)
                weights[v] = load_f32(w + v * L);
            EACH_SUM(sum[p][v] += weights[v] * x[p][k])
        }
    }
    const crn_conv_end nothing = {0};
    const crn_conv_end *end = s->last ? &s->end : &nothing;
    EACH_SUM(finish(end, sum[p][v], v * L, LANES(v),
                    end->other != NULL ? end->other + (ys[p] - s->y) + v * L : NULL,
                    ys[p] + v * L))
#undef LANES
}

/* The box in tiles of P outputs, and what is left in smaller ones. */
ALWAYS_INLINE void tiles(const int P, const int V, const crn_convolve *s, cursor *c)
{
    const float *xs[MOST_PIXELS];
    float *ys[MOST_PIXELS];
    while (c->left >= P) {
        take(P, &s->box, c, s->x, s->y, xs, ys);
        tile(P, V, s, xs, ys);
    }
}

#define DEFINE_PANEL(V, A, B, C)                                                               \
    static void panel_##V(const crn_convolve *s)                                               \
    {                                                                                          \
        cursor c = cursor_of(&s->box);                                                         \
        tiles(A, V, s, &c);                                                                    \
        tiles(B, V, s, &c);                                                                    \
        tiles(C, V, s, &c);                                                                    \
        tiles(1, V, s, &c);                                                                    \
    }

#if VECTOR_REGISTERS == 32
DEFINE_PANEL(4, 6, 3, 2)
DEFINE_PANEL(3, 8, 4, 2)
DEFINE_PANEL(2, 12, 6, 3)
#else
DEFINE_PANEL(2, 6, 3, 2)
#endif
DEFINE_PANEL(1, 12, 6, 3)

void CRN_AT_LEVEL(convolve_f32)(const crn_convolve *s)
{
    switch (s->vectors) {
    case 1:
        panel_1(s);
        break;
    case 2:
        panel_2(s);
        break;
#if VECTOR_REGISTERS == 32
    case 3:
        panel_3(s);
        break;
    case 4:
        panel_4(s);
        break;
#endif
    }
}

int64_t CRN_AT_LEVEL(convolve_lanes_f32)(void)
{
    return L;
}

int64_t CRN_AT_LEVEL(convolve_vectors_f32)(void)
{
    return MOST_VECTORS;
}

/* ---- channel by channel ---- */

typedef enum combination { MULTIPLY_ADD, MOST_OF, MEAN_OF } combination;

ALWAYS_INLINE v_f32 larger(v_f32 a, v_f32 b)
{
    const __typeof__(a < b) less = a < b;
    return (v_f32)((less & (__typeof__(less))b) | (~less & (__typeof__(less))a));
}

/* P outputs x V vectors of channels from c on. */
ALWAYS_INLINE void channels(const combination how, const int P, const int V, int lanes,
                            const crn_channelwise *s, const float **xs, float **ys, int64_t c)
{
    v_f32 sum[MOST_PIXELS][MOST_VECTORS];
#define LOAD(from, v)                                                                          \
    (lanes < L && (v) == V - 1 ? load_first_f32((from) + (v)*L, lanes)                         \
                               : load_f32((from) + (v)*L))
    EACH_SUM(sum[p][v] = (v_f32){0} + (how == MOST_OF ? -__builtin_inff() : 0.0f))
    for (int64_t r = 0; r < s->run_count; r++) {
        const int64_t at = s->runs[r].x + c;
        v_f32 weights[MOST_VECTORS];
        if (how == MULTIPLY_ADD) {
            const float *w = s->w + s->runs[r].w * s->channels + c;
            UNROLL
            for (int v = 0; v < V; v++)
                weights[v] = LOAD(w, v);
        }
        EACH_SUM(v_f32 x = LOAD(xs[p] + at, v);
                 sum[p][v] = how == MULTIPLY_ADD ? sum[p][v] + weights[v] * x
                             : how == MEAN_OF    ? sum[p][v] + x
                                                 : larger(sum[p][v], x))
    }
    if (how == MEAN_OF) {
        EACH_SUM(sum[p][v] /= (float)s->run_count)
    }
    EACH_SUM(
        finish(&s->end, sum[p][v], c + v * L, v == V - 1 ? lanes : L, NULL, ys[p] + c + v * L))
#undef LOAD
}

ALWAYS_INLINE void all_channels(const combination how, const int P, const int V,
                                const crn_channelwise *s, cursor *at)
{
    const float *xs[MOST_PIXELS];
    float *ys[MOST_PIXELS];
    while (at->left >= P) {
        int64_t c = 0;
        take(P, &s->box, at, s->x, s->y, xs, ys);
        for (; c + V * L <= s->channels; c += V * L)
            channels(how, P, V, L, s, xs, ys, c);
        for (; V > 1 && c + L <= s->channels; c += L)
            channels(how, P, 1, L, s, xs, ys, c);
        if (c < s->channels)
            channels(how, P, 1, (int)(s->channels - c), s, xs, ys, c);
    }
}

ALWAYS_INLINE void channelwise(const combination how, const crn_channelwise *s)
{
    cursor c = cursor_of(&s->box);
    all_channels(how, 4, 1, s, &c);
    all_channels(how, 1, MOST_VECTORS, s, &c);
}

void CRN_AT_LEVEL(convolve_channels_f32)(const crn_channelwise *s)
{
    channelwise(MULTIPLY_ADD, s);
}

void CRN_AT_LEVEL(most_of_channels_f32)(const crn_channelwise *s)
{
    channelwise(MOST_OF, s);
}

void CRN_AT_LEVEL(mean_of_channels_f32)(const crn_channelwise *s)
{
    channelwise(MEAN_OF, s);
}
