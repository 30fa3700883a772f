/* SPDX-License-Identifier: BSD-3-Clause */
/* Initializers: the distribution of many draws against what keras.initializers 3.15 defines,
 * exact limits, names, seeds and refusals. */
#include "test.h"

#include "keras/initializers/initializer.h"
#include "unit/keras/golden_keras.h"

static crn_initializer read_initializer(crn_document *document, const char *expression)
{
    crn_error err = CRN_ERROR_INIT;
    crn_initializer initializer;
    assert_ok(crn_initializer_read(parse(document, expression), document, &initializer, &err));
    return initializer;
}

static crn_array filled(const char *expression, int32_t ndim, const int64_t *shape,
                        uint64_t seed)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_initializer initializer = read_initializer(document, expression);
    crn_generator generator;
    crn_array out;
    crn_generator_seed(&generator, seed);
    assert_ok(crn_array_create(CRN_FLOAT32, 0, ndim, shape, &out, &err));
    assert_ok(crn_initializer_fill(&initializer, &generator, &out, &err));
    crn_document_release(document);
    return out;
}

/* ---- distributions ---- */

typedef struct moments {
    double mean, stddev, least, most;
} moments;

static moments moments_of(const crn_array *array)
{
    int64_t n = crn_array_size(array);
    moments m = {.least = INFINITY, .most = -INFINITY};
    for (int64_t i = 0; i < n; i++) {
        double x = crn_array_get(array, i);
        m.mean += x / (double)n;
        m.least = fmin(m.least, x);
        m.most = fmax(m.most, x);
    }
    for (int64_t i = 0; i < n; i++)
        m.stddev += (crn_array_get(array, i) - m.mean) * (crn_array_get(array, i) - m.mean);
    m.stddev = sqrt(m.stddev / (double)n);
    return m;
}

/* On a (200, 300) kernel: standard deviation, and the most that a draw may be (0: anything). */
static const struct {
    const char *expression;
    double mean, stddev, limit;
} distributions[] = {
    {"glorot_uniform", 0, 0.063245553, 0.109544512}, /* sqrt(6 / 500), over sqrt(3) */
    {"GlorotNormal()", 0, 0.063245553, 0.143801256}, /* 2 sqrt(2 / 500) / 0.8796... */
    {"he_uniform", 0, 0.1, 0.173205081},             /* sqrt(6 / 200) */
    {"he_normal", 0, 0.1, 0.227369476},
    {"lecun_uniform", 0, 0.070710678, 0.122474487},
    {"lecun_normal", 0, 0.070710678, 0.160774498},
    {"random_uniform", 0, 0.028867513, 0.05},
    {"RandomUniform(1.0, 3.0)", 2, 0.577350269, 3.0},
    {"random_normal", 0, 0.05, 0},
    {"RandomNormal(mean=-1.0, stddev=2.0)", -1, 2.0, 0},
    {"TruncatedNormal(stddev=1.0)", 0, 0.879625661, 2.0},
    {"VarianceScaling(scale=2.0, mode='fan_out', distribution='uniform')", 0, 0.081649658,
     0.141421356},
    {"VarianceScaling(mode='fan_avg', distribution='untruncated_normal')", 0, 0.063245553, 0},
    {"orthogonal", 0, 0.057735027, 0}, /* 1 / sqrt(300) */
};

static void test_distributions(void **state)
{
    (void)state;
    const int64_t shape[2] = {200, 300};
    for (size_t i = 0; i < sizeof distributions / sizeof *distributions; i++) {
        crn_array out = filled(distributions[i].expression, 2, shape, 11 + i);
        moments m = moments_of(&out);
        double error = distributions[i].stddev / sqrt(60000.0);
        /* Five standard errors; the deviation of a deviation is at most its 1 / sqrt(2 n). */
        if (!(fabs(m.mean - distributions[i].mean) <= 5 * error) ||
            !(fabs(m.stddev - distributions[i].stddev) <= 5 * error) ||
            (distributions[i].limit > 0 && !(m.most <= distributions[i].limit)) ||
            (distributions[i].limit > 0 && !(m.most >= 0.98 * distributions[i].limit)))
            fail_msg("%s: mean %g, deviation %g, largest %g", distributions[i].expression,
                     m.mean, m.stddev, m.most);
        crn_array_free(&out);
    }
}

/* Kolmogorov and Smirnov: the largest distance between the draws' and the uniform's
 * distribution function is below 1.63 / sqrt(n) in 99 of 100 cases; the seed is fixed. */
static void test_uniform_is_uniform(void **state)
{
    (void)state;
    enum { N = 20000, CELLS = 200 };
    const int64_t n = N;
    int counts[CELLS] = {0};
    crn_array out = filled("RandomUniform(0.0, 1.0)", 1, &n, 3);
    for (int i = 0; i < N; i++)
        counts[(int)(crn_array_get(&out, i) * CELLS)]++;
    double below = 0.0;
    for (int k = 0; k < CELLS; k++) {
        below += counts[k];
        assert_true(fabs(below / N - (k + 1.0) / CELLS) < 1.63 / sqrt((double)N));
    }
    crn_array_free(&out);
}

static void check_orthonormal(int64_t rows, int64_t columns, double gain)
{
    const int64_t shape[2] = {rows, columns};
    char expression[64];
    snprintf(expression, sizeof expression, "Orthogonal(gain=%.1f)", gain);
    crn_array out = filled(expression, 2, shape, 5);
    const float *q = out.data;
    bool wide = rows < columns;
    int64_t count = wide ? rows : columns, length = wide ? columns : rows;
    for (int64_t a = 0; a < count; a++) {
        for (int64_t b = 0; b <= a; b++) {
            double dot = 0.0;
            for (int64_t i = 0; i < length; i++)
                dot += (double)(wide ? q[a * columns + i] : q[i * columns + a]) *
                       (double)(wide ? q[b * columns + i] : q[i * columns + b]);
            assert_float_equal(dot, a == b ? gain * gain : 0.0, 1e-5);
        }
    }
    crn_array_free(&out);
}

static void test_orthogonal(void **state)
{
    (void)state;
    check_orthonormal(7, 4, 1.0);
    check_orthonormal(4, 7, 1.0);
    check_orthonormal(6, 6, 2.0);
    check_orthonormal(1, 1, 1.0);
}

/* ---- the plain ones, fans, seeds ---- */

static void test_constants(void **state)
{
    (void)state;
    const int64_t shape[2] = {2, 3};
    static const struct {
        const char *expression;
        double want[6];
    } cases[] = {{"zeros", {0, 0, 0, 0, 0, 0}},
                 {"Ones()", {1, 1, 1, 1, 1, 1}},
                 {"Constant(0.25)", {0.25, 0.25, 0.25, 0.25, 0.25, 0.25}},
                 {"Identity(gain=2.0)", {2, 0, 0, 0, 2, 0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_array out = filled(cases[i].expression, 2, shape, 1);
        for (int k = 0; k < 6; k++)
            assert_true(crn_array_get(&out, k) == cases[i].want[k]);
        crn_array_free(&out);
    }
}

static void test_fans(void **state)
{
    (void)state;
    static const struct {
        int32_t ndim;
        int64_t shape[4];
        double in, out;
    } cases[] = {{0, {0}, 1, 1}, {1, {5}, 5, 5}, {2, {3, 4}, 3, 4}, {4, {3, 5, 2, 7}, 30, 105}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        crn_array array = {.dtype = CRN_FLOAT32, .itemsize = 4};
        double in, out;
        crn_array_set_shape(&array, cases[i].ndim, cases[i].shape);
        crn_initializer_fans(&array, &in, &out);
        assert_true(in == cases[i].in && out == cases[i].out);
    }
}

static bool same(const crn_array *a, const crn_array *b)
{
    return memcmp(a->data, b->data, (size_t)crn_array_size(a) * sizeof(float)) == 0;
}

static void test_seeds(void **state)
{
    (void)state;
    const int64_t shape[2] = {4, 4};
    crn_array a = filled("glorot_uniform", 2, shape, 1),
              b = filled("glorot_uniform", 2, shape, 1);
    crn_array c = filled("glorot_uniform", 2, shape, 2);
    crn_array d = filled("GlorotUniform(seed=9)", 2, shape, 1);
    crn_array e = filled("GlorotUniform(seed=9)", 2, shape, 2);
    assert_true(same(&a, &b));
    assert_false(same(&a, &c));
    assert_false(same(&a, &d));
    assert_true(same(&d, &e));
    crn_array *all[] = {&a, &b, &c, &d, &e};
    for (int i = 0; i < 5; i++)
        crn_array_free(all[i]);
}

static void test_records(void **state)
{
    (void)state;
    static const char text[] =
        "{\"module\": \"keras.initializers\", \"class_name\": \"HeNormal\", \"config\": "
        "{\"seed\": null, "
        "\"input_axes\": null, \"output_axes\": null}, \"registered_name\": null}";
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_object *record = NULL;
    crn_initializer initializer;
    assert_ok(crn_json_read(document, text, strlen(text), NULL, &record, &err));
    assert_ok(crn_initializer_read(record, document, &initializer, &err));
    assert_string_equal(initializer.cls->base.name, "HeNormal");
    crn_object *written = crn_initializer_write(&initializer, document);
    assert_true(crn_object_is_str(crn_object_get(written, "class_name"), "HeNormal"));
    crn_object *config = crn_object_get(written, "config");
    assert_int_equal(crn_object_length(config), 1);
    assert_true(crn_object_is_none(crn_object_get(config, "seed")));
    crn_document_release(document);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        crn_status status;
        const char *says;
    } refused[] = {
        {"glorot_unifrm", CRN_NOT_FOUND, "Unknown initializer"},
        {"VarianceScaling(scale=-1.0)", CRN_ARGUMENT, "`scale` must be positive"},
        {"VarianceScaling(mode='fan')", CRN_ARGUMENT, "Invalid `mode` argument: fan"},
        {"VarianceScaling(distribution='t')", CRN_ARGUMENT, "Invalid `distribution`"}};
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = new_document();
    crn_initializer initializer;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        crn_object *object = parse(document, refused[i].expression);
        assert_status(refused[i].status,
                      crn_initializer_read(object, document, &initializer, &err));
        assert_says(refused[i].says);
    }
    float w[4];
    crn_generator generator;
    crn_generator_seed(&generator, 1);
    crn_array vector = crn_array_view_1d(w, CRN_FLOAT32, 4);
    initializer = read_initializer(document, "orthogonal");
    assert_status(CRN_SHAPE, crn_initializer_fill(&initializer, &generator, &vector, &err));
    assert_says("at least two-dimensional");
    initializer = read_initializer(document, "identity");
    assert_status(CRN_SHAPE, crn_initializer_fill(&initializer, &generator, &vector, &err));
    assert_says("2D matrices");
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distributions), cmocka_unit_test(test_uniform_is_uniform),
        cmocka_unit_test(test_orthogonal),    cmocka_unit_test(test_constants),
        cmocka_unit_test(test_fans),          cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_records),       cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
