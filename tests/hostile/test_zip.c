/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged zip archives. */
#include "test.h"

#include "format/npy.h"
#include "format/zip.h"
#include "golden_data.h"
#include "hostile/mutations.h"

/* Opens every member and reads all of its bytes. */
static crn_status read_members(const crn_zip *zip, crn_error *err)
{
    for (size_t i = 0; i < crn_zip_count(zip); i++) {
        crn_buffer *member = NULL;
        CRN_TRY(crn_zip_open(zip, i, &member, err));
        uint8_t sum = 0;
        for (size_t at = 0; at < crn_buffer_size(member); at++)
            sum ^= ((const uint8_t *)crn_buffer_data(member))[at];
        crn_buffer_release(member);
        assert_int_equal(crn_zip_find(zip, crn_zip_at(zip, i)->name), i);
        (void)sum;
    }
    return CRN_OK;
}

static crn_status read_zip(crn_buffer *file, crn_error *err)
{
    crn_limits limits = CRN_LIMITS_INIT;
    limits.inflated_bytes = 1 << 20;
    crn_zip *zip = NULL;
    CRN_TRY(crn_zip_read(file, &limits, &zip, err));
    crn_status status = read_members(zip, err);
    crn_zip_destroy(zip);
    return status;
}

static crn_status read_npz(crn_buffer *file, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    CRN_TRY(crn_npz_read(file, "x", NULL, &array, err));
    crn_array_free(&array);
    return CRN_OK;
}

static const char *const names[] = {"stored.zip", "deflated.zip", "streamed.zip", "zip64.zip",
                                    "arrays.npz"};

static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_buffer *file = golden_data(names[i]);
        assert_int_equal(
            try_prefixes(read_zip, crn_buffer_data(file), crn_buffer_size(file), 1), 0);
        crn_buffer_release(file);
    }
}

static void test_mutations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_buffer *file = golden_data(names[i]);
        try_mutations(read_zip, crn_buffer_data(file), crn_buffer_size(file), 4000);
        crn_buffer_release(file);
    }
}

static void test_mutated_npz(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("arrays.npz");
    try_mutations(read_npz, crn_buffer_data(file), crn_buffer_size(file), 4000);
    crn_buffer_release(file);
}

/* No change of one byte in what is said twice may go unnoticed: all of an archive but dates,
 * versions, system, attributes. */
static void test_every_byte_counts(void **state)
{
    (void)state;
    crn_buffer *file = golden_data("stored.zip");
    size_t size = crn_buffer_size(file), unnoticed = 0;
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    for (size_t at = 0; at < size; at++) {
        memcpy(bytes, crn_buffer_data(file), size);
        bytes[at] ^= 0x40;
        unnoticed += attempt(read_zip, bytes, size) == CRN_OK;
    }
    /* Of each of three members: 4 + 4 bytes of date, 2 of versions (the high bytes), made by 2,
     * inner 2 and outer 4 attributes, and up to 2 of versions that only became smaller. */
    assert_true(unnoticed <= 3 * 20);
    free(bytes);
    crn_buffer_release(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_mutated_npz),
        cmocka_unit_test(test_every_byte_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
