/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: the first cause wins, outer layers say where, and nothing overflows. */
#include "test.h"

#include <errno.h>

#include "base/error.h"

static void the_first_cause_wins(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    assert_int_equal(crn_fail_at(&err, CRN_FORMAT, 12, "bad opcode %d", 7), CRN_FORMAT);
    assert_int_equal(crn_fail(&err, CRN_IO, "later"), CRN_IO);
    assert_int_equal(err.code, CRN_FORMAT);
    assert_int_equal(err.offset, 12);
    assert_string_equal(err.message, "bad opcode 7");
}

static void no_error_struct_is_fine(void **state)
{
    (void)state;
    assert_int_equal(crn_fail(NULL, CRN_SHAPE, "%s", "x"), CRN_SHAPE);
    assert_int_equal(crn_no_memory(NULL), CRN_NO_MEMORY);
    assert_int_equal(crn_fail_system(NULL, ENOENT, "x"), CRN_IO);
    assert_int_not_equal(crn_where(NULL, "steps"), CRN_OK);
}

static void places_are_put_in_front(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    assert_int_equal(crn_where(&err, "untouched"), CRN_OK);
    assert_string_equal(err.where, "");
    crn_fail(&err, CRN_SHAPE, "x");
    assert_int_equal(err.offset, CRN_NO_OFFSET);
    assert_int_equal(crn_where(&err, "[%d]", 1), CRN_SHAPE);
    crn_where(&err, "steps");
    assert_string_equal(err.where, "steps[1]");
    crn_where(&err, "model");
    assert_string_equal(err.where, "model.steps[1]");
    for (int i = 0; i < 100; i++)
        crn_where(&err, "layers[%d]", i);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    assert_memory_equal(err.where, "layers[99].layers[98].", 22);
}

static void system_errors_end_in_the_systems_words(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    assert_int_equal(crn_fail_system(&err, ENOSPC, "cannot write '%s'", "a"), CRN_IO);
    assert_string_equal(err.message, "cannot write 'a': No space left on device");

    char path[2000];
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    err = (crn_error)CRN_ERROR_INIT;
    crn_fail_system(&err, ENOENT, "cannot open '%s'", path);
    const char *words = ": No such file or directory";
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_string_equal(err.message + strlen(err.message) - strlen(words), words);
}

static void what_files_say_cannot_reach_the_terminal(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_fail(&err, CRN_FORMAT, "no '%s'\nhere", "\x1b[31m\x7f\xC2\x9B \xC3\xA9 \xFF");
    assert_string_equal(err.message, "no '?[31m??"
                                     "? \xC3\xA9 ?'\nhere");
    crn_where(&err, "steps['%s']", "\r\xE2\x82");
    assert_string_equal(err.where, "steps['?\?\?']");

    /* A character that does not fit any more. */
    char text[400];
    memset(text, 'a', sizeof text);
    strcpy(text + sizeof err.message - 2, "\xC3\xA9");
    err = (crn_error)CRN_ERROR_INIT;
    crn_fail(&err, CRN_FORMAT, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_int_equal(err.message[sizeof err.message - 2], '?');
}

static void statuses_have_names(void **state)
{
    (void)state;
    assert_string_equal(crn_status_name(CRN_OK), "CRN_OK");
    assert_string_equal(crn_status_name(CRN_NOT_FOUND), "CRN_NOT_FOUND");
    assert_string_equal(crn_status_name((crn_status)99), "CRN_INTERNAL");
    assert_string_equal(crn_status_text(CRN_LIMIT), "a safety limit was reached");
    assert_string_equal(crn_status_text((crn_status)-1), "broken invariant: please report");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_cause_wins),
        cmocka_unit_test(no_error_struct_is_fine),
        cmocka_unit_test(places_are_put_in_front),
        cmocka_unit_test(system_errors_end_in_the_systems_words),
        cmocka_unit_test(what_files_say_cannot_reach_the_terminal),
        cmocka_unit_test(statuses_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
