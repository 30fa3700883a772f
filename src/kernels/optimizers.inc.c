/* SPDX-License-Identifier: BSD-3-Clause */
/* The inner loops of the optimizers: each reads gradient and state once and writes state and
 * weight once. Plain loops that the compiler vectorises; what is absent is decided outside of
 * them. */
#include <math.h>
#include <stddef.h>

#include "kernels/level.h"

void CRN_AT_LEVEL(sgd_f32)(int64_t n, float rate, float momentum, int nesterov, const float *g,
                           float *m, float *w)
{
    const float *restrict gradient = g;
    float *restrict velocity = m, *restrict weight = w;
    if (m == NULL) {
        for (int64_t i = 0; i < n; i++)
            weight[i] -= gradient[i] * rate;
    } else if (nesterov) {
        for (int64_t i = 0; i < n; i++) {
            velocity[i] = velocity[i] * momentum - gradient[i] * rate;
            weight[i] += velocity[i] * momentum - gradient[i] * rate;
        }
    } else {
        for (int64_t i = 0; i < n; i++) {
            velocity[i] = velocity[i] * momentum - gradient[i] * rate;
            weight[i] += velocity[i];
        }
    }
}

void CRN_AT_LEVEL(adam_f32)(int64_t n, float alpha, float keep_m, float keep_v, float epsilon,
                            const float *g, float *m, float *v, float *most, float *w)
{
    const float *restrict gradient = g;
    float *restrict first = m, *restrict second = v, *restrict largest = most,
                    *restrict weight = w;
    if (most == NULL) {
        for (int64_t i = 0; i < n; i++) {
            first[i] += (gradient[i] - first[i]) * keep_m;
            second[i] += (gradient[i] * gradient[i] - second[i]) * keep_v;
            weight[i] -= first[i] * alpha / (sqrtf(second[i]) + epsilon);
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        first[i] += (gradient[i] - first[i]) * keep_m;
        second[i] += (gradient[i] * gradient[i] - second[i]) * keep_v;
        largest[i] = largest[i] > second[i] ? largest[i] : second[i];
        weight[i] -= first[i] * alpha / (sqrtf(largest[i]) + epsilon);
    }
}

void CRN_AT_LEVEL(rmsprop_f32)(int64_t n, float rate, float rho, float rest, float momentum,
                               float epsilon, const float *g, float *v, float *m, float *mean,
                               float *w)
{
    const float *restrict gradient = g;
    float *restrict second = v, *restrict weight = w;
    if (m == NULL && mean == NULL) {
        for (int64_t i = 0; i < n; i++) {
            second[i] = rho * second[i] + rest * (gradient[i] * gradient[i]);
            weight[i] -= rate * gradient[i] / sqrtf(second[i] + epsilon);
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        second[i] = rho * second[i] + rest * (gradient[i] * gradient[i]);
        float variance = second[i];
        if (mean != NULL) {
            mean[i] = rho * mean[i] + rest * gradient[i];
            variance -= mean[i] * mean[i];
        }
        float step = rate * gradient[i] / sqrtf(variance + epsilon);
        if (m != NULL)
            step = m[i] = momentum * m[i] + step;
        weight[i] -= step;
    }
}
