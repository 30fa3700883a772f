/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths filled as Python's str.format fills them. */
#include <stdlib.h>

#include "test.h"

#include "keras/callbacks/path_template.h"

static const char *names[] = {"loss", "val_loss"};
static double values[] = {1.25, 0.3499999940395355};
static const crn_logs logs = {.names = names, .values = values, .count = 2, .capacity = 2};

static void check(const char *path, int64_t batch, const char *expected)
{
    crn_error err = CRN_ERROR_INIT;
    char *got = NULL;
    assert_ok(crn_path_template_fill(path, 7, batch, &logs, &got, &err));
    assert_string_equal(got, expected);
    free(got);
}

static void test_filled(void **state)
{
    (void)state;
    check("plain.keras", -1, "plain.keras");
    check("{epoch:02d}-{val_loss:.2f}.keras", -1, "07-0.35.keras");
    check("{epoch}{{x}}{val_loss}.h5", -1, "7{x}0.3499999940395355.h5");
    check("{epoch:4}|{val_loss:8.3e}", -1, "   7|3.500e-01");
    check("{val_loss:08.3f} {val_loss:g} {loss}", -1, "0000.350 0.35 1.25");
    check("{epoch:d} {epoch:05} {epoch:.2f} {batch:03d}", 12, "7 00007 7.00 012");
}

static void refuse(const char *path, crn_status status, const char *message)
{
    crn_error err = CRN_ERROR_INIT;
    char *got = NULL;
    assert_status(status, crn_path_template_fill(path, 7, -1, &logs, &got, &err));
    assert_string_equal(err.message, message);
    assert_null(got);
}

static void test_refused(void **state)
{
    (void)state;
    refuse(
        "{val_mae:.2f}.keras", CRN_NOT_FOUND,
        "Failed to format this callback filepath: \"{val_mae:.2f}.keras\". Reason: 'val_mae'");
    refuse("{batch}", CRN_NOT_FOUND,
           "Failed to format this callback filepath: \"{batch}\". Reason: 'batch'");
    refuse("{val_loss:d}", CRN_ARGUMENT,
           "Invalid format specifier 'd' for object of type 'float'");
    refuse("{val_loss:.f}", CRN_ARGUMENT,
           "Invalid format specifier '.f' for object of type 'float'");
    refuse("{val_loss:999999f}", CRN_ARGUMENT,
           "Invalid format specifier '999999f' for object of type 'float'");
    refuse("{epoch:s}", CRN_ARGUMENT, "Invalid format specifier 's' for object of type 'int'");
    refuse("{epoch", CRN_ARGUMENT, "Single brace encountered in format string: \"{epoch\"");
    refuse("a}b", CRN_ARGUMENT, "Single brace encountered in format string: \"a}b\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_filled),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
