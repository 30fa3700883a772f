/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#include "model/model.h"

static crn_error err;

static void test_columns_grow_by_name(void **state)
{
    (void)state;
    crn_history *history = NULL;
    assert_ok(crn_history_create(&history, &err));
    assert_int_equal(crn_history_epochs(history), 0);
    for (int epoch = 0; epoch < 20; epoch++) {
        assert_ok(crn_history_add(history, "loss", 1.0 / (epoch + 1), &err));
        assert_ok(crn_history_add(history, "val_loss", epoch, &err));
    }
    assert_ok(crn_history_add(history, "late", 5, &err));
    assert_int_equal(crn_history_epochs(history), 20);
    assert_int_equal(crn_history_columns(history), 3);
    assert_string_equal(crn_history_name(history, 1), "val_loss");
    assert_null(crn_history_name(history, 3));
    assert_null(crn_history_name(history, -1));
    assert_int_equal(crn_history_find(history, "late"), 2);
    assert_int_equal(crn_history_find(history, "accuracy"), -1);
    assert_true(crn_history_value(history, 0, 3) == 0.25);
    assert_true(crn_history_value(history, 1, 19) == 19.0);
    assert_true(isnan(crn_history_value(history, 2, 1)));
    assert_true(isnan(crn_history_value(history, 0, -1)));
    assert_true(isnan(crn_history_value(history, 9, 0)));
    crn_history_destroy(history);
}

static void test_null_is_an_empty_history(void **state)
{
    (void)state;
    crn_history_destroy(NULL);
    assert_int_equal(crn_history_columns(NULL), 0);
    assert_int_equal(crn_history_epochs(NULL), 0);
    assert_int_equal(crn_history_find(NULL, "loss"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_grow_by_name),
        cmocka_unit_test(test_null_is_an_empty_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
