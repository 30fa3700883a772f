/* SPDX-License-Identifier: BSD-3-Clause */
/* Line searches against scipy.optimize._linesearch, along scaled gradients of Rosenbrock's
 * function. */
#include "solve/wolfe.h"
#include "unit/solve/functions.h"
#include "unit/solve/golden.h"

enum { N = 4 };

typedef struct place {
    test_function f;
    crn_objective objective;
    double x[N], direction[N], gradient[N], point[N], point_gradient[N];
} place;

static crn_line make_line(place *p, double scale, double old_value)
{
    *p = (place){.f = {.n = N}};
    p->objective = rosenbrock_objective(&p->f);
    start_point(p->x, N);
    double slope = 0.0, value = rosenbrock(&p->f, p->x, p->gradient);
    for (int i = 0; i < N; i++) {
        p->direction[i] = -scale * p->gradient[i];
        slope += p->gradient[i] * p->direction[i];
    }
    return (crn_line){
        .objective = &p->objective,
        .x = p->x,
        .direction = p->direction,
        .value = value,
        .slope = slope,
        .old_value = old_value,
        .point = p->point,
        .gradient = p->point_gradient,
    };
}

/* Golden rows: scale of the direction, previous value, step or -1, value. */
static void compare(const char *name, bool (*search)(crn_line *, crn_line_point *))
{
    golden_file golden = golden_read("line_searches");
    const golden_matrix *want = golden_get(&golden, "%s", name);
    for (int64_t i = 0; i < want->rows; i++) {
        const double *row = want->values + i * want->columns;
        place p;
        crn_line line = make_line(&p, row[0], row[1]);
        crn_line_point found = {0};
        bool good = search(&line, &found);
        assert_int_equal(good, row[2] >= 0);
        if (!good)
            continue;
        assert_close(&found.step, &row[2], 1, 1e-9, 0);
        assert_close(&found.value, &row[3], 1, 1e-9, 0);
    }
    golden_free(&golden);
}

static void test_wolfe1_is_scipys(void **state)
{
    (void)state;
    compare("wolfe1", crn_line_search_wolfe1);
}

static void test_wolfe2_is_scipys(void **state)
{
    (void)state;
    compare("wolfe2", crn_line_search_wolfe2);
}

static void test_evaluate_moves_the_point(void **state)
{
    (void)state;
    place p;
    double want[N], gradient[N];
    crn_line line = make_line(&p, 0.001, NAN);
    crn_line_point at = crn_line_evaluate(&line, 0.5);
    for (int i = 0; i < N; i++)
        want[i] = p.x[i] + 0.5 * p.direction[i];
    assert_close(p.point, want, N, 0, 0);
    assert_true(at.step == 0.5);
    assert_true(at.value == rosenbrock(&p.f, want, gradient));
    assert_close(p.point_gradient, gradient, N, 0, 0);
}

/* Where the value is not a number, there is no step. */
static void test_no_step_off_a_cliff(void **state)
{
    (void)state;
    place p;
    crn_line line = make_line(&p, 0.001, NAN);
    p.objective.value_gradient = cliff;
    crn_line_point found;
    assert_false(crn_line_search_wolfe1(&line, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wolfe1_is_scipys),
        cmocka_unit_test(test_wolfe2_is_scipys),
        cmocka_unit_test(test_evaluate_moves_the_point),
        cmocka_unit_test(test_no_step_off_a_cliff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
