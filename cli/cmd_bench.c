/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon bench: prediction alone, without start-up, loading or file reading. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data.h"
#include "models.h"
#include "report.h"

enum { MOST_SAMPLES = 1 << 20 };

typedef struct timing {
    double *us; /* of each call, the first MOST_SAMPLES */
    long calls;
    long long rows;
    double seconds;
} timing;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const timing *t, double share)
{
    const long n = t->calls < MOST_SAMPLES ? t->calls : MOST_SAMPLES;
    const long i = (long)(share * (double)n);
    return n > 0 ? t->us[i < n ? i : n - 1] : 0.0;
}

/* Calls on batches of the rows in turn, until time or calls are over. */
static int measure(const options *o, crn_predictor *predictor, const crn_array *x, timing *t)
{
    crn_error err = CRN_ERROR_INIT;
    const int64_t all = x->shape[0];
    const int64_t batch = o->batch > 0 && o->batch < all ? o->batch : o->batch > 0 ? all : 1;
    const double seconds = o->given.seconds ? o->seconds : 1.0;
    crn_array outputs[MOST] = {CRN_ARRAY_INIT};
    const int count = crn_predictor_outputs(predictor);
    int64_t begin = 0;
    int code = EXIT_OK;
    const double start = now();
    while (code == EXIT_OK) {
        const crn_array rows_ = crn_array_rows(x, begin, begin + batch);
        const double before = now();
        if (crn_predict(predictor, &rows_, outputs, &err) != CRN_OK)
            code = fail(o->arguments.at[0], &err);
        const double after = now();
        for (int i = 0; i < count; i++) {
            if (outputs[i].dtype == CRN_CSR)
                crn_array_free(&outputs[i]); /* it has its own size in every call */
        }
        if (t->calls < MOST_SAMPLES)
            t->us[t->calls] = (after - before) * 1e6;
        t->seconds += after - before;
        t->calls++;
        t->rows += batch;
        begin = begin + 2 * batch <= all ? begin + batch : 0;
        if (after - start >= seconds || (o->calls > 0 && t->calls >= o->calls))
            break;
    }
    for (int i = 0; i < count; i++)
        crn_array_free(&outputs[i]);
    return code;
}

static void print_timing(const options *o, timing *t)
{
    qsort(t->us, (size_t)(t->calls < MOST_SAMPLES ? t->calls : MOST_SAMPLES), sizeof *t->us,
          ascending);
    const double p50 = percentile(t, 0.5), p90 = percentile(t, 0.9);
    const double p99 = percentile(t, 0.99), p999 = percentile(t, 0.999);
    if (o->json)
        printf("{\"calls\": %ld, \"p50_us\": %.4g, \"p90_us\": %.4g, \"p99_us\": %.4g, "
               "\"p999_us\": %.4g, "
               "\"rows\": %lld, \"s\": %.6g}\n",
               t->calls, p50, p90, p99, p999, t->rows, t->seconds);
    else
        printf("%ld calls: p50 %.3g us, p90 %.3g us, p99 %.3g us, p99.9 %.3g us; %.4g rows/s\n",
               t->calls, p50, p90, p99, p999, (double)t->rows / t->seconds);
}

/* The rows of -i, or zeros of the model's input. */
static int bench_rows(const options *o, const crn_model *model, const crn_predictor *predictor,
                      rows *r, crn_array *x)
{
    crn_error err = CRN_ERROR_INIT;
    if (o->input.count > 0) {
        const crn_array input = crn_predictor_input(predictor, 0, 0);
        int code = rows_read(o, o->input.at[0], model, &input, WITHOUT_TARGET, r);
        *x = r->data.x;
        if (code == EXIT_OK && x->shape[0] < 1)
            code = complain(o->input.at[0], "has no rows");
        return code;
    }
    const crn_array like = crn_predictor_input(predictor, 0, o->batch > 0 ? o->batch : 1);
    const crn_dtype dtype = like.dtype == CRN_CSR ? CRN_FLOAT64 : like.dtype;
    if (crn_array_create(dtype, like.itemsize, like.ndim, like.shape, x, &err) != CRN_OK)
        return fail(NULL, &err);
    return EXIT_OK;
}

static int bench(const options *o, const crn_model *model, crn_method method, crn_pool *pool)
{
    crn_error err = CRN_ERROR_INIT;
    crn_predictor *predictor = NULL;
    crn_predictor_options settings = CRN_PREDICTOR_OPTIONS_INIT;
    crn_array x = CRN_ARRAY_INIT;
    rows r = {0};
    timing t = {.us = malloc(MOST_SAMPLES * sizeof(double))};
    settings.exact = o->exact;
    settings.pool = pool;
    int code = t.us == NULL ? complain(NULL, "out of memory") : EXIT_OK;
    if (code == EXIT_OK &&
        crn_predictor_create(model, method, &settings, &predictor, &err) != CRN_OK)
        code = fail(o->arguments.at[0], &err);
    if (code == EXIT_OK)
        code = bench_rows(o, model, predictor, &r, &x);
    if (code == EXIT_OK)
        code = measure(o, predictor, &x, &t);
    if (code == EXIT_OK)
        print_timing(o, &t);
    if (o->input.count == 0)
        crn_array_free(&x);
    rows_free(&r);
    crn_predictor_destroy(predictor);
    free(t.us);
    return code;
}

int cmd_bench(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_pool *pool = NULL;
    crn_method method;
    int code = load_models(o, CRN_PREDICT, &model, &method);
    if (code != EXIT_OK)
        return code;
    if (o->method == NULL && !crn_model_has_method(model, method))
        method = CRN_TRANSFORM;
    if (crn_pool_create((int)o->threads, &pool, &err) != CRN_OK)
        code = fail(NULL, &err);
    if (code == EXIT_OK)
        code = bench(o, model, method, pool);
    crn_pool_destroy(pool);
    crn_model_destroy(model);
    return code;
}
