/* SPDX-License-Identifier: BSD-3-Clause */
/* A max-heap of fixed size, and introsort (D. Musser, 1997) with the median of three of
 * sklearn/utils/_sorting.pyx (1.9). */
#include "ops/neighbor_heap.h"

#include <math.h>

enum { SMALL = 15 }; /* elements that insertion sort takes over */

void crn_neighbor_heap_clear(int64_t k, double *values, int64_t *indices)
{
    for (int64_t i = 0; i < k; i++) {
        values[i] = (double)INFINITY;
        indices[i] = -1;
    }
}

/* Puts the pair where it belongs below `at`, moving larger children up. */
static void sink(int64_t k, double *values, int64_t *indices, int64_t at, double value,
                 int64_t index)
{
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= k)
            break;
        if (child + 1 < k && !(values[child] >= values[child + 1]))
            child++;
        if (!(value < values[child]))
            break;
        values[at] = values[child];
        indices[at] = indices[child];
        at = child;
    }
    values[at] = value;
    indices[at] = index;
}

void crn_neighbor_heap_push(int64_t k, double *values, int64_t *indices, double value,
                            int64_t index)
{
    if (value < values[0])
        sink(k, values, indices, 0, value, index);
}

/* ---- sorting ---- */

static void swap(double *values, int64_t *indices, int64_t i, int64_t j)
{
    const double value = values[i];
    const int64_t index = indices[i];
    values[i] = values[j];
    indices[i] = indices[j];
    values[j] = value;
    indices[j] = index;
}

static void insertion_sort(int64_t n, double *values, int64_t *indices)
{
    for (int64_t i = 1; i < n; i++) {
        const double value = values[i];
        const int64_t index = indices[i];
        int64_t j = i;
        for (; j > 0 && values[j - 1] > value; j--) {
            values[j] = values[j - 1];
            indices[j] = indices[j - 1];
        }
        values[j] = value;
        indices[j] = index;
    }
}

static void heap_sort(int64_t n, double *values, int64_t *indices)
{
    for (int64_t i = n / 2; i-- > 0;)
        sink(n, values, indices, i, values[i], indices[i]);
    for (int64_t end = n - 1; end > 0; end--) {
        const double value = values[end];
        const int64_t index = indices[end];
        values[end] = values[0];
        indices[end] = indices[0];
        sink(end, values, indices, 0, value, index);
    }
}

/* The smallest of the first, middle and last goes first, the median last. */
static double place_median(int64_t n, double *values, int64_t *indices)
{
    const int64_t middle = n / 2;
    if (values[0] > values[n - 1])
        swap(values, indices, 0, n - 1);
    if (values[n - 1] > values[middle]) {
        swap(values, indices, n - 1, middle);
        if (values[0] > values[n - 1])
            swap(values, indices, 0, n - 1);
    }
    return values[n - 1];
}

/* Where the pivot ends up: nothing before it is larger, nothing behind it smaller. */
static int64_t partition(int64_t n, double *values, int64_t *indices)
{
    const double pivot = place_median(n, values, indices);
    int64_t i = 1, j = n - 2;
    for (;;) {
        while (i <= j && values[i] < pivot)
            i++;
        while (i <= j && values[j] > pivot)
            j--;
        if (i >= j)
            break;
        swap(values, indices, i++, j--);
    }
    swap(values, indices, i, n - 1);
    return i;
}

/* Parts that wait to be sorted: the left one is split first and the right one waits, so that
 * at most one part waits on each level of depth. */
enum { MOST_LEVELS = 128 };

typedef struct part {
    int64_t begin, size;
    int depth; /* splits that are left before heap sort takes over */
} part;

static void introsort(int64_t k, double *values, int64_t *indices)
{
    part waiting[MOST_LEVELS];
    int count = 0, depth = 0;
    for (int64_t n = k; n > 1; n /= 2)
        depth += 2;
    waiting[count++] = (part){.size = k, .depth = depth};
    while (count > 0) {
        const part now = waiting[--count];
        double *v = values + now.begin;
        int64_t *at = indices + now.begin;
        if (now.size <= SMALL) {
            insertion_sort(now.size, v, at);
            continue;
        }
        if (now.depth <= 0) {
            heap_sort(now.size, v, at);
            continue;
        }
        const int64_t pivot = partition(now.size, v, at);
        waiting[count++] = (part){.begin = now.begin + pivot + 1,
                                  .size = now.size - pivot - 1,
                                  .depth = now.depth - 1};
        waiting[count++] = (part){.begin = now.begin, .size = pivot, .depth = now.depth - 1};
    }
}

/* Versions before 1.9: quicksort that puts what is smaller than the pivot before it. */
static int64_t partition_early(int64_t n, double *values, int64_t *indices)
{
    const double pivot = place_median(n, values, indices);
    int64_t place = 0;
    for (int64_t i = 0; i < n - 1; i++) {
        if (values[i] < pivot)
            swap(values, indices, i, place++);
    }
    swap(values, indices, place, n - 1);
    return place;
}

static void sort_three(int64_t n, double *values, int64_t *indices)
{
    if (n > 1 && values[0] > values[1])
        swap(values, indices, 0, 1);
    if (n > 2 && values[1] > values[2]) {
        swap(values, indices, 1, 2);
        if (values[0] > values[1])
            swap(values, indices, 0, 1);
    }
}

/* The larger part waits, so that each that waits is at least twice as large as the next. */
static void quicksort(int64_t k, double *values, int64_t *indices)
{
    part waiting[MOST_LEVELS] = {{.size = k}};
    int count = 1;
    while (count > 0) {
        const part now = waiting[--count];
        double *v = values + now.begin;
        int64_t *at = indices + now.begin;
        if (now.size <= 3) {
            sort_three(now.size, v, at);
            continue;
        }
        const int64_t pivot = partition_early(now.size, v, at);
        const part left = {.begin = now.begin, .size = pivot};
        const part right = {.begin = now.begin + pivot + 1, .size = now.size - pivot - 1};
        waiting[count++] = left.size > right.size ? left : right;
        waiting[count++] = left.size > right.size ? right : left;
    }
}

/* Where many values are equal, quicksort takes time as k^2: beyond MOST_EARLY the order of
 * equal values is not worth that. */
void crn_neighbor_heap_sort(int64_t k, bool early, double *values, int64_t *indices)
{
    enum { MOST_EARLY = 4096 };
    if (early && k <= MOST_EARLY)
        quicksort(k, values, indices);
    else
        introsort(k, values, indices);
}
