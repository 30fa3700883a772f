/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells against Python 3.11 and NumPy's object arrays (2.4). */
#include "test.h"

#include "base/cell.h"

static crn_error err;

static crn_cell text_cell(const char *text)
{
    return (crn_cell){CRN_CELL_TEXT, {.text = text}, strlen(text)};
}

static const crn_cell none = {.kind = CRN_CELL_NONE};

static void equal_means_equal_as_keys(void **state)
{
    (void)state;
    const crn_cell yes = {CRN_CELL_BOOL, {.integer = 1}, 0},
                   one = {CRN_CELL_INT, {.integer = 1}, 0};
    const crn_cell real = {CRN_CELL_FLOAT, {.real = 1.0}, 0};
    const crn_cell nan = {CRN_CELL_FLOAT, {.real = (double)NAN}, 0};
    const crn_cell big = {CRN_CELL_INT, {.integer = INT64_MAX}, 0};
    const crn_cell nearly = {CRN_CELL_INT, {.integer = INT64_MAX - 1}, 0};
    const crn_cell a = text_cell("a"), ab = text_cell("ab"), digit = text_cell("1");
    assert_int_equal(crn_cell_compare(&yes, &one), 0);
    assert_int_equal(crn_cell_compare(&one, &real), 0);
    assert_int_equal(crn_cell_compare(&nan, &nan), 0);
    assert_int_equal(crn_cell_compare(&none, &none), 0);
    assert_true(crn_cell_compare(&big, &nearly) > 0);
    assert_true(crn_cell_compare(&a, &ab) < 0);
    assert_true(crn_cell_compare(&one, &digit) < 0);
    assert_true(crn_cell_compare(&one, &nan) < 0);
    assert_true(crn_cell_compare(&nan, &a) < 0);
    assert_true(crn_cell_compare(&a, &none) < 0);
}

static void float_takes_what_python_takes(void **state)
{
    (void)state;
    double value = 0;
    crn_cell cell = text_cell(" 1.5e1\n");
    assert_true(crn_cell_as_double(&cell, &value));
    assert_true(value == 15.0);
    assert_true(crn_cell_as_double(&none, &value));
    assert_true(isnan(value));
    cell = text_cell("1,5");
    assert_false(crn_cell_as_double(&cell, &value));
    assert_status(CRN_ARGUMENT, crn_cell_not_a_number(&cell, &err));
    assert_string_equal(err.message, "could not convert string to float: '1,5'");
}

static void copies_own_their_texts_and_items(void **state)
{
    (void)state;
    char text[] = "Lima";
    const crn_cell items[] = {text_cell("k"), text_cell(text)};
    crn_cell row[] = {text_cell(text), {CRN_CELL_DICT, {.items = items}, 1}, none};
    const crn_array borrowed = crn_array_view_1d(row, CRN_OBJECT, 3);
    crn_array owning = CRN_ARRAY_INIT;
    crn_text said = CRN_TEXT_INIT;
    assert_ok(crn_array_astype(&borrowed, CRN_OBJECT, &owning, &err));
    text[0] = '?';
    const crn_cell *cells = owning.data;
    crn_text_add_cell(&said, &cells[0]);
    crn_text_add_cell(&said, &cells[1]);
    crn_text_add_cell(&said, &cells[2]);
    assert_string_equal(said.data, "Lima{'k': 'Lima'}None");
    crn_text_free(&said);
    crn_array_free(&owning);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    crn_cell levels[40] = {{.kind = CRN_CELL_NONE}};
    for (int i = 1; i < 40; i++)
        levels[i] = (crn_cell){CRN_CELL_LIST, {.items = &levels[i - 1]}, 1};
    const crn_array deep = crn_array_view_1d(&levels[39], CRN_OBJECT, 1);
    const crn_array shallow = crn_array_view_1d(&levels[CRN_CELL_MAX_DEPTH], CRN_OBJECT, 1);
    crn_array copy = CRN_ARRAY_INIT;
    assert_status(CRN_LIMIT, crn_array_astype(&deep, CRN_OBJECT, &copy, &err));
    assert_ok(crn_array_astype(&shallow, CRN_OBJECT, &copy, &err));
    crn_array_free(&copy);
}

/* Strides, and every kind of number. */
static void numbers_become_cells_and_come_back(void **state)
{
    (void)state;
    const float numbers[2][3] = {{1, 2.5f, -3}, {4, (float)NAN, 6}};
    crn_array in = crn_array_view_2d(numbers, CRN_FLOAT32, 2, 3);
    in.shape[1] = 2; /* (2, 2) with gaps */
    crn_array cells = CRN_ARRAY_INIT, back = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(&in, CRN_OBJECT, &cells, &err));
    assert_int_equal(((crn_cell *)cells.data)[0].kind, CRN_CELL_FLOAT);
    assert_ok(crn_array_astype(&cells, CRN_FLOAT64, &back, &err));
    assert_close((double *)back.data, ((double[]){1, 2.5, 4, NAN}), 4, 0, 0);
    crn_array_free(&cells);
    crn_array_free(&back);
    const uint64_t wide[] = {7, UINT64_MAX};
    const crn_array integers = crn_array_view_1d(wide, CRN_UINT64, 2);
    assert_ok(crn_array_astype(&integers, CRN_OBJECT, &cells, &err));
    assert_int_equal(((crn_cell *)cells.data)[0].kind, CRN_CELL_INT);
    assert_true(((crn_cell *)cells.data)[1].as.real == 0x1p64);
    crn_array_free(&cells);
}

static void strings_become_texts_and_come_back(void **state)
{
    (void)state;
    const uint32_t names[2][3] = {{'a', 0xe9, 0}, {0x1f600, 'b', 'c'}};
    crn_array in = {.data = (void *)(uintptr_t)names, .dtype = CRN_STRING, .itemsize = 12};
    crn_array_set_shape(&in, 1, (const int64_t[]){2});
    crn_array cells = CRN_ARRAY_INIT, back = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(&in, CRN_OBJECT, &cells, &err));
    assert_int_equal(((crn_cell *)cells.data)[0].size, 3);
    assert_memory_equal(((crn_cell *)cells.data)[0].as.text, "a\xc3\xa9", 3);
    assert_ok(crn_cells_as_strings(&cells, &back, &err));
    assert_int_equal(back.itemsize, 12);
    assert_memory_equal(back.data, names, sizeof names);
    crn_array_free(&cells);
    crn_array_free(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_means_equal_as_keys),
        cmocka_unit_test(float_takes_what_python_takes),
        cmocka_unit_test(copies_own_their_texts_and_items),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(numbers_become_cells_and_come_back),
        cmocka_unit_test(strings_become_texts_and_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
