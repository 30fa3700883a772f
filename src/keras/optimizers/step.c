/* SPDX-License-Identifier: BSD-3-Clause */
/* One step of any optimizer, in the order of keras/src/optimizers/base_optimizer.py, 3.15:
 * accumulation, clipping, weight decay, the class's own update, moving averages, iteration
 * += 1. All in float32. */
#include <math.h>
#include <string.h>

#include "keras/optimizers/state.h"

static int64_t size_of(const crn_optimizer *o, size_t i)
{
    return crn_array_size(&o->weights[i]);
}

static double sum_of_squares(const float *g, int64_t n)
{
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)g[i] * (double)g[i];
    return sum;
}

/* ---- clipping ---- */

/* tf.clip_by_norm: g * clipnorm / max(norm, clipnorm), also when nothing is to be clipped. */
static void clip_norm(float *g, int64_t n, float clipnorm)
{
    float norm = sqrtf((float)sum_of_squares(g, n));
    float by = norm > clipnorm ? norm : clipnorm;
    for (int64_t i = 0; i < n; i++)
        g[i] = g[i] * clipnorm / by;
}

static void clip_value(float *g, int64_t n, float v)
{
    for (int64_t i = 0; i < n; i++)
        g[i] = g[i] > v ? v : g[i] < -v ? -v : g[i];
}

static void clip_global_norm(const crn_optimizer *o, float *const *gradients, float clip)
{
    double squares = 0.0;
    for (size_t i = 0; i < o->count; i++)
        squares += gradients[i] != NULL ? sum_of_squares(gradients[i], size_of(o, i)) : 0.0;
    float norm = sqrtf((float)squares);
    float scale =
        clip * fminf(1.0f / norm, 1.0f / clip) + (norm - norm); /* NaN when not finite */
    for (size_t i = 0; i < o->count; i++) {
        for (int64_t k = 0; gradients[i] != NULL && k < size_of(o, i); k++)
            gradients[i][k] *= scale;
    }
}

static void clip(const crn_optimizer *o, float *const *gradients)
{
    const crn_optimizer_settings *s = &o->settings;
    if (s->global_clipnorm > 0.0)
        clip_global_norm(o, gradients, (float)s->global_clipnorm);
    for (size_t i = 0; i < o->count; i++) {
        if (gradients[i] == NULL)
            continue;
        if (s->clipnorm > 0.0)
            clip_norm(gradients[i], size_of(o, i), (float)s->clipnorm);
        else if (s->clipvalue > 0.0)
            clip_value(gradients[i], size_of(o, i), (float)s->clipvalue);
    }
}

/* ---- accumulation ---- */

/* Adds the gradients to the accumulators; in every accumulation_steps-th batch gives their mean
 * instead, empties the accumulators, and answers true: time for an update. */
static bool accumulate(const crn_optimizer *o, float *const *gradients)
{
    int64_t steps = o->settings.accumulation_steps;
    bool update = (*(const int64_t *)o->iteration.data + 1) % steps == 0;
    for (size_t i = 0; i < o->count; i++) {
        float *g = gradients[i], *sum = crn_optimizer_state(o, o->accumulator, i);
        for (int64_t k = 0; g != NULL && k < size_of(o, i); k++) {
            if (update)
                g[k] = (g[k] + sum[k]) / (float)steps;
            sum[k] = update ? 0.0f : g[k] + sum[k];
        }
    }
    return update;
}

/* ---- the update ---- */

/* Decoupled weight decay, before the update (Loshchilov and Hutter, 2019). */
static void decay(float *w, int64_t n, float weight_decay, float learning_rate)
{
    for (int64_t i = 0; i < n; i++)
        w[i] -= w[i] * weight_decay * learning_rate;
}

static void update_weights(const crn_optimizer *o, float *const *gradients, int64_t iteration)
{
    crn_optimizer_update u = {.config = o->config,
                              .kernels = crn_kernels_best(),
                              .learning_rate = *(const float *)o->learning_rate.data,
                              .iteration = iteration};
    for (size_t i = 0; i < o->count; i++) {
        u.size = size_of(o, i);
        u.weight = o->weights[i].data;
        u.gradient = gradients[i];
        if (u.gradient == NULL)
            continue;
        if (!isnan(o->settings.weight_decay))
            decay(u.weight, u.size, (float)o->settings.weight_decay, u.learning_rate);
        for (int s = o->first_slot; s < o->slot_count; s++)
            u.slots[s - o->first_slot] = crn_optimizer_state(o, s, i);
        o->cls->update(&u);
    }
}

/* ---- moving averages ---- */

static void overwrite_with_averages(const crn_optimizer *o)
{
    for (size_t i = 0; i < o->count; i++)
        memcpy(o->weights[i].data, crn_optimizer_state(o, o->average, i),
               (size_t)size_of(o, i) * sizeof(float));
}

/* The first average is the weight itself; every ema_overwrite_frequency-th step it takes the
 * weight's place. */
static void average_weights(const crn_optimizer *o, int64_t iteration)
{
    const crn_optimizer_config *config = o->config;
    float momentum = iteration != 0 ? (float)config->ema_momentum : 0.0f;
    for (size_t i = 0; i < o->count; i++) {
        const float *w = o->weights[i].data;
        float *average = crn_optimizer_state(o, o->average, i);
        for (int64_t k = 0; k < size_of(o, i); k++)
            average[k] = momentum * average[k] + (1.0f - momentum) * w[k];
    }
    int64_t frequency = o->settings.ema_overwrite_frequency;
    if (frequency > 0 && (iteration + 1) % frequency == 0)
        overwrite_with_averages(o);
}

void crn_optimizer_step(crn_optimizer *o, float *const *gradients)
{
    int64_t *batches = o->iteration.data;
    int64_t iteration = *batches;
    bool update = true;
    if (o->settings.accumulation_steps > 0) {
        iteration /= o->settings.accumulation_steps;
        update = accumulate(o, gradients);
    }
    if (update) {
        clip(o, gradients);
        update_weights(o, gradients, iteration);
    }
    if (o->average >= 0)
        average_weights(o, iteration);
    *batches += 1;
}

void crn_optimizer_finalize(crn_optimizer *o)
{
    if (o->built && o->average >= 0)
        overwrite_with_averages(o);
}
