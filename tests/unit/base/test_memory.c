/* SPDX-License-Identifier: BSD-3-Clause */
/* Checked sizes, arenas, counted buffers. */
#include "test.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

static crn_error err;

static void products_are_checked(void **state)
{
    (void)state;
    size_t out = 0;
    assert_true(crn_mul_size(6, 7, &out));
    assert_int_equal(out, 42);
    assert_true(crn_mul_size(0, SIZE_MAX, &out));
    assert_int_equal(out, 0);
    assert_false(crn_mul_size(SIZE_MAX / 2, 3, &out));
    assert_null(crn_calloc(SIZE_MAX / 4, 8));
    void *nothing = crn_calloc(0, 8);
    assert_non_null(nothing);
    free(nothing);
}

static void arrays_grow(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < 1000; count++) {
        void *grown = items;
        assert_ok(crn_grow(&grown, &capacity, count, sizeof *items, &err));
        items = grown;
        assert_true(count < capacity);
        items[count] = (int)count;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);

    void *huge = NULL;
    capacity = SIZE_MAX / 4;
    assert_status(CRN_NO_MEMORY, crn_grow(&huge, &capacity, capacity, 8, &err));
    assert_null(huge);
}

/* ---- arena ---- */

static void arenas_hand_out_zeroed_aligned_memory(void **state)
{
    (void)state;
    crn_arena *arena = crn_arena_create(0);
    assert_non_null(arena);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *memory = crn_arena_alloc(arena, size, 1);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAB, size); /* must not show up in the next piece */
    }
    crn_arena_destroy(arena);
    crn_arena_destroy(NULL);
}

static void large_pieces_leave_room_for_small_ones(void **state)
{
    (void)state;
    crn_arena *arena = crn_arena_create(0);
    char *first = crn_arena_alloc(arena, 16, 1);
    char *large = crn_arena_alloc(arena, 4u << 20, 1);
    char *second = crn_arena_alloc(arena, 16, 1);
    memset(large, 1, 4u << 20);
    assert_ptr_equal(second, first + 16);
    crn_arena_destroy(arena);
}

static void the_limit_of_an_arena_holds(void **state)
{
    (void)state;
    crn_arena *arena = crn_arena_create(100);
    assert_non_null(crn_arena_alloc(arena, 90, 1)); /* 96 */
    assert_null(crn_arena_alloc(arena, 1, 1));
    assert_status(CRN_LIMIT, crn_arena_fail(arena, &err));
    assert_string_equal(err.message, "needs more than the limit memory_bytes = 100");
    crn_arena_destroy(arena);
}

static void products_overflow_safely(void **state)
{
    (void)state;
    crn_arena *arena = crn_arena_create(0);
    assert_null(crn_arena_alloc(arena, SIZE_MAX / 2, 4));
    assert_null(crn_arena_alloc(arena, SIZE_MAX, 1));
    assert_null(crn_arena_text(arena, "x", SIZE_MAX));
    assert_status(CRN_NO_MEMORY, crn_arena_fail(arena, &err));
    crn_arena_destroy(arena);
}

static void texts_are_copied_with_an_end(void **state)
{
    (void)state;
    crn_arena *arena = crn_arena_create(0);
    char *text = crn_arena_text(arena, "kernel:0", 6);
    assert_string_equal(text, "kernel");
    assert_string_equal(crn_arena_text(arena, NULL, 0), "");
    crn_arena_destroy(arena);
}

/* ---- buffers ---- */

static void note_release(void *context)
{
    ++*(int *)context;
}

static void the_last_reference_releases(void **state)
{
    (void)state;
    int released = 0;
    char data[4];
    crn_buffer *buffer = crn_buffer_wrap(data, 4, note_release, &released);
    assert_ptr_equal(crn_buffer_data(buffer), data);
    assert_int_equal(crn_buffer_size(buffer), 4);
    assert_ptr_equal(crn_buffer_retain(buffer), buffer);
    crn_buffer_release(buffer);
    assert_int_equal(released, 0);
    crn_buffer_release(buffer);
    assert_int_equal(released, 1);
    crn_buffer_release(NULL);
    assert_null(crn_buffer_retain(NULL));
}

static void created_buffers_are_zero_and_aligned(void **state)
{
    (void)state;
    for (size_t size = 0; size < 200; size += 13) {
        crn_buffer *buffer = crn_buffer_create(size);
        unsigned char *data = crn_buffer_data(buffer);
        assert_int_equal((uintptr_t)data % 64, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(data[i], 0);
        crn_buffer_release(buffer);
    }
    assert_null(crn_buffer_create(SIZE_MAX));
}

static void *drop_often(void *argument)
{
    for (int i = 0; i < 10000; i++)
        crn_buffer_release(crn_buffer_retain(argument));
    crn_buffer_release(argument);
    return NULL;
}

static void references_may_be_dropped_on_any_thread(void **state)
{
    (void)state;
    int released = 0;
    crn_buffer *buffer = crn_buffer_wrap(NULL, 0, note_release, &released);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        crn_buffer_retain(buffer);
        assert_int_equal(pthread_create(&threads[i], NULL, drop_often, buffer), 0);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(released, 0);
    crn_buffer_release(buffer);
    assert_int_equal(released, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_checked),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(arenas_hand_out_zeroed_aligned_memory),
        cmocka_unit_test(large_pieces_leave_room_for_small_ones),
        cmocka_unit_test(the_limit_of_an_arena_holds),
        cmocka_unit_test(products_overflow_safely),
        cmocka_unit_test(texts_are_copied_with_an_end),
        cmocka_unit_test(the_last_reference_releases),
        cmocka_unit_test(created_buffers_are_zero_and_aligned),
        cmocka_unit_test(references_may_be_dropped_on_any_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
