/* SPDX-License-Identifier: BSD-3-Clause */
/* Times the matrix product with packed weights, and the dot products that few outputs take, against
 * OpenBLAS on one thread, and says which share of the CPU's multiply-adds they reach:
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
    float *x, *w, *b, *y, *w_transposed, *packed;
} product;

/* The most multiply-adds that registers alone allow, in GFLOP/s: sums enough to hide the latency of each. */
static double peak(void)
{
    enum { SUMS = 12, LANES = 16, ROUNDS = 200000 };
    typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
    lanes sums[SUMS], factor = (lanes){0} + 0.999f, term = (lanes){0} + 1e-3f;
    for (int i = 0; i < SUMS; i++)
        sums[i] = (lanes){0} + (float)i;
    const double begin = now();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SUMS; i++)
            sums[i] = sums[i] * factor + term;
    }
    const double seconds = now() - begin;
    volatile float sink = 0;
    for (int i = 0; i < SUMS; i++)
        sink = sink + sums[i][0];
    return 2e-9 * ROUNDS * SUMS * LANES / seconds;
}

static void ours(const product *p)
{
    crn_kernels_best()->product_f32(&(crn_product){.rows = p->rows,
                                                   .n_in = p->n_in,
                                                   .n_out = p->n_out,
                                                   .a = p->x,
                                                   .a_step = p->n_in,
                                                   .b = p->packed,
                                                   .layout = CRN_PRODUCT_PACKED,
                                                   .bias = p->b,
                                                   .out = p->y,
                                                   .out_step = p->n_out});
}

static void ours_transposed(const product *p)
{
    crn_kernels_best()->affine_f32(p->rows, p->n_in, p->n_out, p->x, p->w_transposed, 1, p->b,
                                   p->y, NULL);
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
    const int at_once =
        p->rows * p->n_in * p->n_out < 1000000 ? 64 : 1; /* a clock takes time, too */
    for (int round = 0; round < 7; round++) {
        int calls = 0;
        double begin = now(), end;
        do {
            for (int i = 0; i < at_once; i++)
                run(p);
            calls += at_once;
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
    const crn_kernels *k = crn_kernels_best();
    product p = {rows,
                 n_in,
                 n_out,
                 numbers(rows * n_in),
                 numbers(n_in * n_out),
                 numbers(n_out),
                 numbers(rows * n_out),
                 numbers(n_in * n_out),
                 numbers(k->product_packed_size_f32(n_in, n_out))};
    if (p.x != NULL && p.w != NULL && p.b != NULL && p.y != NULL && p.w_transposed != NULL &&
        p.packed != NULL) {
        k->product_pack_f32(n_in, n_out, p.w, n_out, 1, p.packed);
        double a = time_of(ours, &p), t = time_of(ours_transposed, &p), b = time_of(blas, &p);
        double work = 2e-3 * (double)(rows * n_in * n_out);
        printf("%6lld %6lld %6lld  ours %9.2f us %6.1f GFLOP/s  transposed %9.2f us  OpenBLAS "
               "%9.2f us "
               "%6.1f GFLOP/s\n",
               (long long)rows, (long long)n_in, (long long)n_out, a, work / a, t, b, work / b);
    }
    free(p.x), free(p.w), free(p.b), free(p.y), free(p.w_transposed), free(p.packed);
}

int main(int argc, char **argv)
{
    static const int64_t shapes[][3] = {
        {1, 4, 3},     {1, 4, 128},     {1, 128, 10},    {1, 784, 128},     {1, 1000, 1},
        {1, 512, 512}, {8, 784, 128},   {32, 128, 128},  {32, 784, 10},     {64, 784, 512},
        {256, 4, 3},   {256, 784, 512}, {256, 512, 512}, {256, 1024, 1024}, {1024, 30, 100},
    };
    double most = 0;
    for (int i = 0; i < 9; i++) {
        const double got = peak();
        most = got > most ? got : most;
    }
    printf("%s, %s, multiply-adds in registers %.1f GFLOP/s\n", crn_kernels_best()->level,
           openblas_get_corename(), most);
    openblas_set_num_threads(1);
    for (int i = 1; i + 2 < argc; i += 3)
        measure(atoll(argv[i]), atoll(argv[i + 1]), atoll(argv[i + 2]));
    for (size_t i = 0; argc == 1 && i < sizeof shapes / sizeof *shapes; i++)
        measure(shapes[i][0], shapes[i][1], shapes[i][2]);
    return 0;
}
