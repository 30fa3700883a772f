/* SPDX-License-Identifier: BSD-3-Clause */
/* The general matrix product, for layers that are one: dense, convolution, attention.
 *
 *     out (rows, n_out) = epilogue(a (rows, n_in) b (n_in, n_out))
 *
 * An element of out is the sum over n_in in rising order, in one accumulator with multiply-adds
 * where the CPU has them: its bits depend on its row of a and its column of b alone, not on how
 * rows are grouped into calls or columns into panels.
 *
 * A convolution needs no im2col. A row of `a` (a pixel of the output) is then `taps` pieces that
 * stand anywhere (for each tap of the window, the pixel below it: its n_in / taps channels), and
 * `pieces` says where: pieces[tap * rows + row]. A tap outside of the image points at zeros.
 *
 * Constant matrices b are packed once (product_pack_f32), into CRN_PRODUCT_PACKED. Others are read
 * where they are: with `scratch`, a part at a time is packed on the way, which pays from about 24
 * rows on. Attention: scores = q k' has b = k, CRN_PRODUCT_COLUMNS, b_step = elements between two
 * keys; the mean p v has b = v, CRN_PRODUCT_ROWS. Rows of both may lie apart (heads interleaved):
 * that is what the steps are for. One call for each head of each item. */
#ifndef CRN_KERNELS_PRODUCT_H
#define CRN_KERNELS_PRODUCT_H

#include <stdint.h>

typedef enum crn_product_layout {
    CRN_PRODUCT_PACKED,  /* what product_pack_* wrote, at the same CPU level; aligned to 64 */
    CRN_PRODUCT_ROWS,    /* (n_in, n_out), b_step elements between its rows */
    CRN_PRODUCT_COLUMNS, /* (n_out, n_in), b_step elements between its rows; needs scratch */
} crn_product_layout;

/* Pointers are to elements of the kernel's type, steps count elements. What is not set is not
 * there. Nothing of out may overlap a or b. */
typedef struct crn_product {
    int64_t rows, n_in, n_out;
    const void *a; /* (rows, n_in), unless pieces is set */
    int64_t a_step;
    const void *const *pieces; /* (taps, rows), each of n_in / taps elements */
    int64_t taps;
    const void *b;
    crn_product_layout layout;
    int64_t b_step;
    int finite_b; /* b has no NaN and no infinity: zeros of a may be passed over */
    void *out;    /* (rows, n_out) */
    int64_t out_step;

    /* The epilogue: out = bound(sum + bias + added), in this order. */
    const void *bias;  /* (n_out) */
    const void *added; /* (rows, n_out), added_step elements between rows; not out */
    int64_t added_step;
    const void *bounds; /* {low, high}: (0, inf) is relu, (0, 6) relu6; NaN stays NaN */

    void *scratch; /* CRN_PRODUCT_SCRATCH bytes, aligned to 64 */
} crn_product;

/* One packed panel. */
enum { CRN_PRODUCT_SCRATCH = 128 * 1024 };

#endif
