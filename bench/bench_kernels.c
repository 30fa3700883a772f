/* SPDX-License-Identifier: BSD-3-Clause */
/* Times the affine kernel against OpenBLAS on one thread, to say where each belongs:
 *
 *     bench_kernels [rows n_in n_out]... */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels/kernels.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct product {
    int64_t rows, n_in, n_out;
    float *x, *w, *b, *y, *w_transposed;
    void *scratch;
} product;

static void ours(const product *p)
{
    crn_kernels_best()->affine_f32(p->rows, p->n_in, p->n_out, p->x, p->w, 0, p->b, p->y,
                                   p->scratch);
}

static void ours_transposed(const product *p)
{
    crn_kernels_best()->affine_f32(p->rows, p->n_in, p->n_out, p->x, p->w_transposed, 1, p->b,
                                   p->y, p->scratch);
}

static void blas(const product *p)
{
    for (int64_t i = 0; i < p->rows; i++) {
        for (int64_t j = 0; j < p->n_out; j++)
            p->y[i * p->n_out + j] = p->b[j];
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)p->rows, (int)p->n_out,
                (int)p->n_in, 1, p->x, (int)p->n_in, p->w, (int)p->n_out, 1, p->y,
                (int)p->n_out);
}

/* The best of several rounds of at least 3 ms, in microseconds a call. */
static double time_of(void (*run)(const product *), const product *p)
{
    double best = 1e9;
    for (int round = 0; round < 7; round++) {
        int calls = 0;
        double begin = now(), end;
        do {
            run(p);
            calls++;
            end = now();
        } while (end - begin < 3e-3);
        best = (end - begin) / calls < best ? (end - begin) / calls : best;
    }
    return best * 1e6;
}

static float *numbers(int64_t count)
{
    float *memory = aligned_alloc(64, ((size_t)count * sizeof *memory + 63) / 64 * 64);
    for (int64_t i = 0; memory != NULL && i < count; i++)
        memory[i] = (float)(i % 17) / 17.0f - 0.5f;
    return memory;
}

static void measure(int64_t rows, int64_t n_in, int64_t n_out)
{
    product p = {rows,
                 n_in,
                 n_out,
                 numbers(rows * n_in),
                 numbers(n_in * n_out),
                 numbers(n_out),
                 numbers(rows * n_out),
                 numbers(n_in * n_out),
                 numbers(CRN_AFFINE_SCRATCH / 4)};
    if (p.x != NULL && p.w != NULL && p.b != NULL && p.y != NULL && p.w_transposed != NULL &&
        p.scratch != NULL) {
        double a = time_of(ours, &p), t = time_of(ours_transposed, &p), b = time_of(blas, &p);
        double work = 2e-3 * (double)(rows * n_in * n_out);
        printf("%6lld %6lld %6lld  ours %9.2f us %6.1f GFLOP/s  transposed %9.2f us  OpenBLAS "
               "%9.2f us "
               "%6.1f GFLOP/s\n",
               (long long)rows, (long long)n_in, (long long)n_out, a, work / a, t, b, work / b);
    }
    free(p.x), free(p.w), free(p.b), free(p.y), free(p.w_transposed), free(p.scratch);
}

int main(int argc, char **argv)
{
    static const int64_t shapes[][3] = {
        {1, 4, 3},     {1, 4, 128},     {1, 128, 10},    {1, 784, 128},     {1, 1000, 1},
        {1, 512, 512}, {8, 784, 128},   {32, 128, 128},  {32, 784, 10},     {64, 784, 512},
        {256, 4, 3},   {256, 784, 512}, {256, 512, 512}, {256, 1024, 1024}, {1024, 30, 100},
    };
    printf("%s, %s\n", crn_kernels_best()->level, openblas_get_corename());
    openblas_set_num_threads(1);
    for (int i = 1; i + 2 < argc; i += 3)
        measure(atoll(argv[i]), atoll(argv[i + 1]), atoll(argv[i + 2]));
    for (size_t i = 0; argc == 1 && i < sizeof shapes / sizeof *shapes; i++)
        measure(shapes[i][0], shapes[i][1], shapes[i][2]);
    return 0;
}
