/* SPDX-License-Identifier: BSD-3-Clause */
/* The precision of PCA's probabilistic model, against PCA.get_precision(). */
#include "unit/sklearn/fitting.h"

#include "model/model.h"
#include "sklearn/decomposition/pca.h"

static void assert_precision(const char *expression, const char *name)
{
    double precision[16] = {0};
    crn_model *model = fitted(expression, "x", NULL);
    assert_ok(crn_pca_precision((const pca *)crn_model_estimator(model), precision, &err));
    assert_close(precision, golden_get(&fits, "%s", name)->values, 16, 1e-9, 1e-11);
    crn_model_destroy(model);
}

static void test_by_the_inversion_lemma(void **state)
{
    (void)state;
    assert_precision("PCA(n_components=2, whiten=True)", "pca_whiten.precision");
}

static void test_by_the_whole_covariance(void **state)
{
    (void)state;
    assert_precision("PCA()", "pca.precision");
}

static void test_noise_alone(void **state)
{
    (void)state;
    double precision[16] = {0};
    crn_model *model = fitted("PCA(n_components=0)", "x", NULL);
    assert_ok(crn_pca_precision((const pca *)crn_model_estimator(model), precision, &err));
    const double expected = 1.0 / number_of(model, "noise_variance_");
    for (int i = 0; i < 16; i++)
        assert_true(precision[i] == (i % 5 == 0 ? expected : 0.0));
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_the_inversion_lemma),
        cmocka_unit_test(test_by_the_whole_covariance),
        cmocka_unit_test(test_noise_alone),
    };
    return cmocka_run_group_tests(tests, read_fits, free_fits);
}
