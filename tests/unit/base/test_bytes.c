/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounded reader never reads past its end, and says where it stood. */
#include "test.h"

#include "base/bytes.h"

static crn_error err;
static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static void numbers_are_little_or_big_endian(void **state)
{
    (void)state;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    crn_bytes in = crn_bytes_of(data, sizeof data);
    assert_ok(crn_bytes_u8(&in, &u8, &err));
    assert_int_equal(u8, 1);
    assert_ok(crn_bytes_u16(&in, &u16, &err));
    assert_int_equal(u16, 0x0302);
    assert_ok(crn_bytes_u32(&in, &u32, &err));
    assert_int_equal(u32, 0x07060504);
    assert_ok(crn_bytes_seek(&in, 2, &err));
    assert_ok(crn_bytes_u64(&in, &u64, &err));
    assert_true(u64 == 0x0A09080706050403u);
    assert_int_equal(crn_bytes_left(&in), 0);
    assert_ok(crn_bytes_seek(&in, 2, &err));
    assert_ok(crn_bytes_u64_be(&in, &u64, &err));
    assert_true(u64 == 0x030405060708090Au);
}

static void the_end_is_never_passed(void **state)
{
    (void)state;
    crn_bytes in = crn_bytes_of(data, sizeof data);
    in.base = 100;
    uint64_t u64 = 77;
    assert_ok(crn_bytes_seek(&in, 3, &err));
    assert_status(CRN_FORMAT, crn_bytes_u64(&in, &u64, &err));
    assert_int_equal(u64, 77);
    assert_int_equal(in.position, 3);
    assert_int_equal(err.offset, 103);
    assert_string_equal(err.message, "ends early: 8 bytes wanted, 7 are left");
    assert_null(crn_bytes_take(&in, UINT64_MAX, NULL));
    assert_ptr_equal(crn_bytes_take(&in, 7, NULL), data + 3);
    uint8_t u8;
    assert_status(CRN_FORMAT, crn_bytes_u8(&in, &u8, &err));
    assert_ptr_equal(crn_bytes_take(&in, 0, NULL), data + sizeof data);
}

static void seeking_stays_inside(void **state)
{
    (void)state;
    crn_bytes in = crn_bytes_of(data, sizeof data);
    assert_ok(crn_bytes_seek(&in, sizeof data, &err));
    assert_status(CRN_FORMAT, crn_bytes_seek(&in, sizeof data + 1, &err));
    assert_status(CRN_FORMAT, crn_bytes_seek(&in, UINT64_MAX, &err));
    assert_int_equal(in.position, sizeof data);
}

static void lines_end_with_a_newline(void **state)
{
    (void)state;
    crn_bytes in = crn_bytes_of("ab\n\ncd", 6);
    const char *line;
    size_t size;
    assert_ok(crn_bytes_line(&in, &line, &size, &err));
    assert_int_equal(size, 2);
    assert_memory_equal(line, "ab", 2);
    assert_ok(crn_bytes_line(&in, &line, &size, &err));
    assert_int_equal(size, 0);
    assert_status(CRN_FORMAT, crn_bytes_line(&in, &line, &size, &err));
    assert_int_equal(err.offset, 4);
    crn_bytes empty = crn_bytes_of(NULL, 0);
    assert_status(CRN_FORMAT, crn_bytes_line(&empty, &line, &size, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_little_or_big_endian),
        cmocka_unit_test(the_end_is_never_passed),
        cmocka_unit_test(seeking_stays_inside),
        cmocka_unit_test(lines_end_with_a_newline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
