/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged CSV and JSON lines. */
#include "test.h"

#include "format/csv.h"
#include "hostile/mutations.h"

/* Writes what was read, and reads that: a table that was taken is whole. */
static crn_status use(crn_table *table, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    crn_table *again = NULL;
    crn_status status = crn_csv_write(table, ',', &text, err);
    if (status == CRN_OK && text.size > 0 && crn_table_rows(table) > 0)
        status = crn_csv_read(text.data, text.size, ',', NULL, &again, err);
    if (again != NULL)
        assert_int_equal(crn_table_columns(again), crn_table_columns(table));
    crn_table_destroy(again);
    crn_text_free(&text);
    crn_table_destroy(table);
    return status;
}

static crn_status read_csv(crn_buffer *file, crn_error *err)
{
    crn_table *table = NULL;
    CRN_TRY(crn_csv_read(crn_buffer_data(file), crn_buffer_size(file), 0, NULL, &table, err));
    return use(table, err);
}

static crn_status read_jsonl(crn_buffer *file, crn_error *err)
{
    crn_table *table = NULL;
    CRN_TRY(crn_jsonl_read(crn_buffer_data(file), crn_buffer_size(file), NULL, &table, err));
    return use(table, err);
}

static const char csv[] = "\xef\xbb\xbfid,length,\"name, \"\"quoted\"\"\",note\r\n"
                          "1,5.1,\"a \"\"b\"\"\",\xc3\xa9t\xc3\xa9\r\n"
                          "2,-1.25e-3,plain,\"two\nlines\"\n"
                          "\n"
                          "-3,123456789012345678901234567890,NA,\xf0\x9f\xa5\x92\n"
                          "4,nan,\"\",\n"
                          "9223372036854775807,1e400,x,y";

static const char jsonl[] =
    "{\"a\": 1, \"b\": [1, 2][0], \"c\": \"x\"}\n"
    "{\"a\": 1, \"b\": 0.5, \"c\": \"\\u00e9\\n\"}\n"
    "{\"a\": null, \"b\": NaN, \"c\": \"\"}\n"
    "{\"c\": \"z\", \"a\": 123456789012345678901234567890, \"b\": -Infinity}\n";

static void test_csv_prefixes(void **state)
{
    (void)state;
    /* Most prefixes end inside a line; a whole line or quote more is a table. */
    size_t good = try_prefixes(read_csv, (const uint8_t *)csv, sizeof csv - 1, 1);
    assert_true(good > 10 && good < sizeof csv / 2);
}

static void test_csv_mutations(void **state)
{
    (void)state;
    try_mutations(read_csv, (const uint8_t *)csv, sizeof csv - 1, 20000);
}

static void test_jsonl(void **state)
{
    (void)state;
    const char *second = strchr(jsonl, '\n') + 1; /* the first line is no JSON */
    size_t size = strlen(second);
    assert_int_not_equal(attempt(read_jsonl, (const uint8_t *)jsonl, sizeof jsonl - 1), CRN_OK);
    assert_int_equal(attempt(read_jsonl, (const uint8_t *)second, size), CRN_OK);
    try_prefixes(read_jsonl, (const uint8_t *)second, size, 1);
    try_mutations(read_jsonl, (const uint8_t *)second, size, 5000);
}

/* Sizes that a few bytes of text could blow up. */
static void test_wide_and_long(void **state)
{
    (void)state;
    enum { FIELDS = 200000 };
    char *text = malloc(2 * FIELDS);
    assert_non_null(text);
    memset(text, ',', FIELDS);
    crn_error err = CRN_ERROR_INIT;
    crn_table *table = NULL;
    assert_ok(crn_csv_read(text, FIELDS, 0, NULL, &table, &err));
    assert_int_equal(crn_table_columns(table), FIELDS + 1);
    crn_table_destroy(table);

    /* One long string in one of many rows: the fixed width would need 80 GB. */
    crn_limits limits = CRN_LIMITS_INIT;
    limits.memory_bytes = 64 << 20;
    memset(text, 'x', FIELDS);
    memcpy(text, "h\n", 2);
    for (size_t i = 0; i < FIELDS / 2; i++)
        memcpy(text + FIELDS + 2 * i, "\ny", 2);
    assert_status(CRN_LIMIT, crn_csv_read(text, 2 * FIELDS, 0, &limits, &table, &err));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_prefixes),
        cmocka_unit_test(test_csv_mutations),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_wide_and_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
