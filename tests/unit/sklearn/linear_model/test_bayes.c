/* SPDX-License-Identifier: BSD-3-Clause */
/* predict(return_std=True) of BayesianRidge and ARDRegression: each version centres and scales
 * in its own way, and a file that is written for another version still gives its own numbers
 * there, where that version can say them. Expected values are those of the golden files. */
#include "test.h"

#include "base/file.h"
#include "cornichon/cornichon.h"
#include "format/npy.h"

static crn_error err;

static void read_npz(const char *name, const char *key, crn_array *out)
{
    char path[512];
    crn_buffer *file = NULL;
    snprintf(path, sizeof path, "%s/sklearn/linear/%s.npz", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, 0, &file, &err));
    assert_ok(crn_npz_read(file, key, NULL, out, &err));
    crn_buffer_release(file);
}

/* Both outputs of the file's model, or of what is written of it for another version. */
static void check_std(const char *name, const char *sklearn)
{
    char path[512];
    crn_model *model = NULL;
    crn_predictor *predictor = NULL;
    crn_array x = CRN_ARRAY_INIT, out[2] = {CRN_ARRAY_INIT};
    snprintf(path, sizeof path, "%s/sklearn/linear/%s.joblib", CRN_GOLDEN_DIR, name);
    assert_ok(crn_model_load(path, NULL, &model, &err));
    if (sklearn != NULL) {
        crn_save_options options = CRN_SAVE_OPTIONS_INIT;
        options.sklearn = sklearn;
        assert_ok(crn_model_save(model, "bayes.joblib", &options, &err));
        crn_model_destroy(model);
        assert_ok(crn_model_load("bayes.joblib", NULL, &model, &err));
        remove("bayes.joblib");
    }
    read_npz(name, "x", &x);
    assert_ok(crn_predictor_create(model, CRN_PREDICT_STD, NULL, &predictor, &err));
    assert_ok(crn_predict(predictor, &x, out, &err));
    for (int k = 0; k < 2; k++) {
        crn_array want = CRN_ARRAY_INIT;
        read_npz(name, k == 0 ? "predict_std.0" : "predict_std.1", &want);
        assert_int_equal(out[k].ndim, 1);
        assert_int_equal(crn_array_size(&out[k]), crn_array_size(&want));
        /* float64 in both, in another order of additions */
        assert_close((const double *)out[k].data, (const double *)want.data,
                     (size_t)crn_array_size(&want), 1e-9, 1e-12);
        crn_array_free(&want);
        crn_array_free(&out[k]);
    }
    crn_array_free(&x);
    crn_predictor_destroy(predictor);
    crn_model_destroy(model);
}

static void test_each_version_centres_in_its_own_way(void **state)
{
    (void)state;
    check_std("0.22.2/bayesian_ridge", NULL);
    check_std("0.22.2/bayesian_ridge_normalize", NULL);
    check_std("0.22.2/ard", NULL);
    check_std("1.0.2/bayesian_ridge_normalize", NULL);
    check_std("1.0.2/ard_normalize", NULL);
    check_std("1.5.2/bayesian_ridge", NULL);
    check_std("1.5.2/ard", NULL);
    check_std("1.9.1/bayesian_ridge", NULL);
    check_std("1.9.1/ard", NULL);
}

static void test_a_file_for_another_version_gives_the_same(void **state)
{
    (void)state;
    check_std("0.22.2/bayesian_ridge", "1.5");
    check_std("0.22.2/bayesian_ridge", "1.9");
    check_std("0.22.2/bayesian_ridge_normalize", "1.0");
    check_std("0.22.2/bayesian_ridge_normalize", "1.9");
    check_std("1.0.2/ard_normalize", "0.24");
    check_std("1.0.2/ard_normalize", "1.9");
    check_std("1.5.2/ard", "1.9");
    check_std("1.9.1/ard", "1.1");
    check_std("1.9.1/bayesian_ridge", "0.24");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_version_centres_in_its_own_way),
        cmocka_unit_test(test_a_file_for_another_version_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
