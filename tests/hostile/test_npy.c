/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged .npy files. */
#include "test.h"

#include "base/dtype.h"
#include "format/npy.h"
#include "golden_data.h"
#include "hostile/mutations.h"

/* Copies every element, so that a shape or stride beyond the file is a read beyond it. */
static crn_status read_npy(crn_buffer *file, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    CRN_TRY(crn_npy_read(file, &array, err));
    crn_array copy = CRN_ARRAY_INIT;
    crn_status status = crn_array_astype(&array, array.dtype, &copy, err);
    crn_array_free(&copy);
    crn_array_free(&array);
    return status;
}

static const char *const names[] = {
    "f8.npy",    "f8_fortran.npy", "f8_big.npy",     "f4_3d.npy", "str_big.npy",
    "f8_v2.npy", "f8_v3.npy",      "structured.npy", "bytes.npy", "scalar.npy"};

static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_buffer *file = golden_data(names[i]);
        assert_int_equal(
            try_prefixes(read_npy, crn_buffer_data(file), crn_buffer_size(file), 1), 0);
        crn_buffer_release(file);
    }
}

static void test_mutations(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        crn_buffer *file = golden_data(names[i]);
        try_mutations(read_npy, crn_buffer_data(file), crn_buffer_size(file), 3000);
        /* The header alone, where nearly every byte has a meaning. */
        try_mutations(read_npy, crn_buffer_data(file), 80, 3000);
        crn_buffer_release(file);
    }
}

/* A header may claim any length: it must be refused before anything of that size is allocated.
 */
static void test_claims(void **state)
{
    (void)state;
    static const char *const shapes[] = {"(9223372036854775807,)", "(0, 9223372036854775807)",
                                         "(4294967296, 4294967296)", "(1000000000000,)"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char file[256];
        int size = snprintf(file + 10, sizeof file - 10,
                            "{'descr': '>f8', 'fortran_order': True, 'shape': %s}", shapes[i]);
        memcpy(file, "\x93NUMPY\1\0", 8);
        file[8] = (char)size;
        file[9] = 0;
        assert_int_not_equal(attempt(read_npy, (const uint8_t *)file, 10 + (size_t)size),
                             CRN_OK);
    }
    assert_int_equal(attempt(read_npy, (const uint8_t *)"\x93NUMPY\2\0\xff\xff\xff\xff", 12),
                     CRN_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
