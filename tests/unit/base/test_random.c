/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers against NumPy's, bit for bit (tests/golden/base/random.txt), and the
 * ziggurat's tables against their definition. */
#include "test.h"

#include "base/random.h"
#include "base/random_ziggurat.h"
#include "golden_lines.h"

/* One line of the file: what to draw. */
typedef struct draw {
    bool legacy; /* RandomState, otherwise Generator */
    const char *function;
    uint64_t n;
    crn_random_state rs;
    crn_generator g;
} draw;

static double next_double(draw *d)
{
    bool normal = strncmp(d->function, "normal", 6) == 0;
    if (d->legacy)
        return normal ? crn_random_state_normal(&d->rs) : crn_random_state_double(&d->rs);
    return normal ? crn_generator_normal(&d->g) : crn_generator_double(&d->g);
}

static void check_doubles(draw *d, int count, char **rest)
{
    for (int i = 0; i < count; i++) {
        double want = strtod(next_word(rest), NULL);
        double got = next_double(d);
        if (got != want)
            fail_msg("%s %d is %a, not %a", d->function, i, got, want);
    }
}

static void check_sum(draw *d, char **rest)
{
    double sum = 0;
    for (uint64_t i = 0; i < d->n; i++)
        sum += next_double(d);
    assert_true(sum == strtod(next_word(rest), NULL));
}

static void check_below(draw *d, int count, char **rest)
{
    for (int i = 0; i < count; i++) {
        uint64_t got =
            d->legacy ? crn_random_state_below(&d->rs, d->n) : crn_generator_below(&d->g, d->n);
        assert_true(got == strtoull(next_word(rest), NULL, 10));
    }
}

static void check_permutation(draw *d, int count, char **rest)
{
    int64_t got[64] = {0};
    if (d->legacy)
        crn_random_state_permutation(&d->rs, count, got);
    else
        crn_generator_permutation(&d->g, count, got);
    for (int i = 0; i < count; i++)
        assert_int_equal(got[i], strtoll(next_word(rest), NULL, 10));
}

static void check_line(char *line)
{
    char *rest;
    draw d = {.legacy = strcmp(strtok_r(line, " ", &rest), "RandomState") == 0};
    uint64_t seed = strtoull(next_word(&rest), NULL, 10);
    d.function = next_word(&rest);
    d.n = strtoull(next_word(&rest), NULL, 10);
    int count = (int)strtol(next_word(&rest), NULL, 10);
    if (d.legacy)
        crn_random_state_seed(&d.rs, (uint32_t)seed);
    else
        crn_generator_seed(&d.g, seed);
    if (strcmp(d.function, "below") == 0)
        check_below(&d, count, &rest);
    else if (strcmp(d.function, "permutation") == 0)
        check_permutation(&d, count, &rest);
    else if (strcmp(d.function, "normal_cumsum") == 0)
        check_sum(&d, &rest);
    else
        check_doubles(&d, count, &rest);
}

static void streams_are_numpys(void **state)
{
    (void)state;
    for_each_line("random.txt", check_line);
}

/* numpy.random.RandomState(42): random_sample(), standard_normal(), randint(10),
 * standard_normal(). */
static void draws_of_different_kinds_mix(void **state)
{
    (void)state;
    crn_random_state rs;
    crn_random_state_seed(&rs, 42);
    double first = crn_random_state_double(&rs);
    double normal = crn_random_state_normal(&rs);
    uint64_t below = crn_random_state_below(&rs, 10);
    double cached = crn_random_state_normal(&rs);
    assert_true(first == 0x1.7f8771e5f51ecp-2);
    assert_true(normal == -0x1.1ca42ce8158a6p+0);
    assert_int_equal(below, 2);
    assert_true(cached == 0x1.468e4b5774960p-2);
}

static void the_whole_of_64_bits_is_drawn(void **state)
{
    (void)state;
    crn_generator g, same;
    crn_generator_seed(&g, 5);
    crn_generator_seed(&same, 5);
    assert_true(crn_generator_below(&g, 0) == crn_generator_u64(&same));
}

static void ziggurat_has_layers_of_one_area(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        double x = crn_ziggurat_widths[i] * 0x1p52;
        double height = exp(-0.5 * x * x);
        if (i > 0)
            assert_true(fabs(height - crn_ziggurat_heights[i]) < 1e-15);
        if (i > 1) {
            double inner = crn_ziggurat_widths[i - 1] * 0x1p52;
            double inside = 0x1p52 * (inner / x);
            assert_true(fabs(inside - (double)crn_ziggurat_inside[i]) <= 2);
        }
    }
    assert_true(crn_ziggurat_widths[255] * 0x1p52 == CRN_ZIGGURAT_R);
    assert_true(fabs(CRN_ZIGGURAT_R * CRN_ZIGGURAT_INVERSE_R - 1) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_numpys),
        cmocka_unit_test(draws_of_different_kinds_mix),
        cmocka_unit_test(the_whole_of_64_bits_is_drawn),
        cmocka_unit_test(ziggurat_has_layers_of_one_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
