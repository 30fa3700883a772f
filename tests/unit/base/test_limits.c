/* SPDX-License-Identifier: BSD-3-Clause */
/* Defaults of the limits, and the version. */
#include "test.h"

#include "base/limits.h"
#include "cornichon/version.h"

static void zeros_become_defaults(void **state)
{
    (void)state;
    crn_limits all = crn_limits_complete(NULL);
    assert_int_equal(all.struct_size, sizeof all);
    assert_int_equal(all.file_bytes, (uint64_t)64 << 30);
    assert_int_equal(all.inflated_bytes, (uint64_t)16 << 30);
    assert_int_equal(all.inflate_ratio, 2000);
    assert_int_equal(all.memory_bytes, (uint64_t)16 << 30);
    assert_int_equal(all.objects, 50000000);
    assert_int_equal(all.nesting, 1000);
    assert_int_equal(all.text_bytes, (uint64_t)256 << 20);
}

static void set_fields_stay(void **state)
{
    (void)state;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.nesting = 5;
    limits.text_bytes = 9;
    crn_limits all = crn_limits_complete(&limits);
    assert_int_equal(all.nesting, 5);
    assert_int_equal(all.text_bytes, 9);
    assert_int_equal(all.inflate_ratio, 2000);
}

/* A caller built against a header that ended before `nesting`. */
static void fields_that_the_caller_does_not_know_are_not_read(void **state)
{
    (void)state;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.struct_size = offsetof(crn_limits, nesting);
    limits.objects = 7;
    limits.nesting = 5;
    crn_limits all = crn_limits_complete(&limits);
    assert_int_equal(all.objects, 7);
    assert_int_equal(all.nesting, 1000);
}

static void the_version_is_the_headers(void **state)
{
    (void)state;
    char want[64];
    snprintf(want, sizeof want, "%d.%d.%d", CRN_VERSION_MAJOR, CRN_VERSION_MINOR,
             CRN_VERSION_PATCH);
    assert_string_equal(crn_version(), want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_become_defaults),
        cmocka_unit_test(set_fields_stay),
        cmocka_unit_test(fields_that_the_caller_does_not_know_are_not_read),
        cmocka_unit_test(the_version_is_the_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
