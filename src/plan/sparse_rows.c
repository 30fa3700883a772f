/* SPDX-License-Identifier: BSD-3-Clause */
#include "plan/sparse_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

static bool create_starts(const crn_plan *plan, crn_sparse *blocks, size_t count)
{
    for (size_t i = 0; blocks != NULL && i < count; i++) {
        blocks[i].starts = crn_calloc((size_t)plan->block_rows + 1, sizeof *blocks[i].starts);
        if (blocks[i].starts == NULL)
            return false;
    }
    return blocks != NULL;
}

crn_status crn_sparse_rows_create(const crn_plan *plan, crn_sparse_rows *sparse)
{
    const size_t inputs = plan->graph->input_count;
    sparse->blocks = crn_calloc(plan->sparse_count, sizeof *sparse->blocks);
    sparse->inputs = crn_calloc(inputs, sizeof *sparse->inputs);
    sparse->views = crn_calloc(inputs, sizeof *sparse->views);
    sparse->kept = crn_calloc(plan->graph->output_count, sizeof *sparse->kept);
    if (sparse->views == NULL || sparse->kept == NULL ||
        !create_starts(plan, sparse->blocks, plan->sparse_count))
        return CRN_NO_MEMORY;
    for (size_t i = 0; sparse->inputs != NULL && i < inputs; i++) {
        if (crn_plan_input_type(plan, i)->sparse && !create_starts(plan, &sparse->inputs[i], 1))
            return CRN_NO_MEMORY;
    }
    return sparse->inputs != NULL ? CRN_OK : CRN_NO_MEMORY;
}

static void free_blocks(crn_sparse *blocks, size_t count)
{
    for (size_t i = 0; blocks != NULL && i < count; i++)
        crn_sparse_free(&blocks[i]);
    free(blocks);
}

void crn_sparse_rows_free(const crn_plan *plan, crn_sparse_rows *sparse)
{
    free_blocks(sparse->blocks, plan->sparse_count);
    free_blocks(sparse->inputs, plan->graph->input_count);
    free(sparse->views);
    for (size_t i = 0; sparse->kept != NULL && i < plan->graph->output_count; i++) {
        crn_sparse_free(&sparse->kept[i].rows);
        free(sparse->kept[i].pieces);
    }
    free(sparse->kept);
}

/* ---- inputs ---- */

/* A sparse matrix's rows with their values as another dtype. */
static crn_status convert_sparse(const crn_array *rows, const crn_type *type, crn_sparse *out,
                                 crn_error *err)
{
    const crn_csr csr = crn_array_csr(rows);
    const crn_array values = crn_csr_values(rows);
    const int64_t n = values.shape[0], first = csr.indptr[0];
    CRN_TRY(crn_sparse_grow(out, n, (size_t)type->itemsize, err));
    for (int64_t i = 0; i <= rows->shape[0]; i++)
        out->starts[i] = csr.indptr[i] - first;
    if (n == 0)
        return CRN_OK;
    memcpy(out->indices, csr.indices + first, (size_t)n * sizeof *out->indices);
    return crn_array_copy_to(&values, type->dtype, type->itemsize, out->values, err);
}

/* The numbers of dense rows that are not 0, in pieces of a row. */
static crn_status convert_dense(const crn_array *rows, const crn_type *type, crn_sparse *out,
                                crn_error *err)
{
    enum { PIECE = 256 };
    double piece[PIECE]; /* room for PIECE numbers of any type */
    const int64_t n = type->shape[0];
    int64_t count = 0;
    out->starts[0] = 0;
    for (int64_t i = 0; i < rows->shape[0]; i++) {
        for (int64_t j = 0; j < n; j += PIECE) {
            crn_array part = {.data = (char *)rows->data + i * rows->strides[0] +
                                      j * rows->strides[1],
                              .dtype = rows->dtype,
                              .itemsize = rows->itemsize,
                              .ndim = 1,
                              .shape = {n - j < PIECE ? n - j : PIECE},
                              .strides = {rows->strides[1]}};
            CRN_TRY(crn_array_copy_to(&part, type->dtype, type->itemsize, piece, err));
            CRN_TRY(crn_sparse_grow(out, count + PIECE + 1, (size_t)type->itemsize, err));
            count = crn_sparse_append_dense(out, count, piece, type->dtype, part.shape[0], j);
        }
        out->starts[i + 1] = count;
    }
    return CRN_OK;
}

const crn_sparse *crn_sparse_rows_input(const crn_plan *plan, crn_sparse_rows *sparse, size_t i,
                                        const crn_array *array, int64_t begin, int64_t end,
                                        crn_error *failure)
{
    const crn_type *type = crn_plan_input_type(plan, i);
    const crn_array rows = crn_array_rows(array, begin, end);
    if (array->dtype == CRN_CSR && ((const crn_csr *)array->data)->dtype == type->dtype) {
        const crn_csr csr = crn_array_csr(&rows);
        sparse->views[i] =
            (crn_sparse){.starts = csr.indptr, .indices = csr.indices, .values = csr.values};
        return &sparse->views[i];
    }
    crn_sparse *out = &sparse->inputs[i];
    const crn_status status = array->dtype == CRN_CSR
                                  ? convert_sparse(&rows, type, out, failure)
                                  : convert_dense(&rows, type, out, failure);
    if (status != CRN_OK)
        memset(out->starts, 0, (size_t)(end - begin + 1) * sizeof *out->starts);
    return out;
}

/* ---- outputs ---- */

static crn_status keep_piece(crn_kept_rows *kept, int64_t begin, int64_t end, crn_error *err)
{
    crn_kept_piece *last = kept->piece_count > 0 ? &kept->pieces[kept->piece_count - 1] : NULL;
    if (last != NULL && last->end == begin) {
        last->end = end;
        return CRN_OK;
    }
    void *grown = kept->pieces;
    CRN_TRY(
        crn_grow(&grown, &kept->piece_capacity, kept->piece_count, sizeof *kept->pieces, err));
    kept->pieces = grown;
    kept->pieces[kept->piece_count++] = (crn_kept_piece){begin, end, kept->row_count};
    return CRN_OK;
}

static crn_status keep_starts(crn_kept_rows *kept, const crn_sparse *block, int64_t rows,
                              crn_error *err)
{
    const int64_t at = kept->row_count > 0 ? kept->rows.starts[kept->row_count] : 0;
    for (int64_t i = 0; i <= rows; i++) {
        void *grown = kept->rows.starts;
        CRN_TRY(crn_grow(&grown, &kept->row_capacity, (size_t)(kept->row_count + i),
                         sizeof *kept->rows.starts, err));
        kept->rows.starts = grown;
        kept->rows.starts[kept->row_count + i] = at + block->starts[i] - block->starts[0];
    }
    kept->row_count += rows;
    return CRN_OK;
}

void crn_sparse_rows_keep(const crn_plan *plan, crn_sparse_rows *sparse, size_t i,
                          const crn_sparse *block, int64_t begin, int64_t end,
                          crn_error *failure)
{
    const int64_t itemsize = crn_plan_output_type(plan, i)->itemsize;
    crn_kept_rows *kept = &sparse->kept[i];
    const int64_t at = kept->row_count > 0 ? kept->rows.starts[kept->row_count] : 0;
    const int64_t count = crn_sparse_count(block, end - begin);
    if (crn_sparse_grow(&kept->rows, at + count, (size_t)itemsize, failure) != CRN_OK ||
        keep_piece(kept, begin, end, failure) != CRN_OK ||
        keep_starts(kept, block, end - begin, failure) != CRN_OK || count == 0)
        return;
    memcpy(kept->rows.indices + at, crn_sparse_indices(block),
           (size_t)count * sizeof *block->indices);
    memcpy((char *)kept->rows.values + at * itemsize, crn_sparse_values(block, itemsize),
           (size_t)(count * itemsize));
}

void crn_sparse_rows_forget(const crn_plan *plan, crn_sparse_rows *sparse)
{
    for (size_t i = 0; i < plan->graph->output_count; i++) {
        sparse->kept[i].row_count = 0;
        sparse->kept[i].piece_count = 0;
    }
}

/* Lengths of the thread's rows into indptr[row + 1]. */
static void count_entries(const crn_kept_rows *kept, int64_t *indptr)
{
    for (size_t p = 0; p < kept->piece_count; p++) {
        const crn_kept_piece *piece = &kept->pieces[p];
        const int64_t *starts = kept->rows.starts + piece->row;
        for (int64_t i = 0; i < piece->end - piece->begin; i++)
            indptr[piece->begin + i + 1] = starts[i + 1] - starts[i];
    }
}

static void copy_entries(const crn_kept_rows *kept, const crn_csr *out)
{
    const int64_t itemsize = (int64_t)crn_dtype_size(out->dtype);
    for (size_t p = 0; p < kept->piece_count; p++) {
        const crn_kept_piece *piece = &kept->pieces[p];
        const int64_t from = kept->rows.starts[piece->row];
        const int64_t to = out->indptr[piece->begin];
        const size_t count = (size_t)(out->indptr[piece->end] - to);
        if (count == 0)
            continue;
        memcpy(out->indices + to, kept->rows.indices + from, count * sizeof *out->indices);
        memcpy((char *)out->values + to * itemsize,
               (const char *)kept->rows.values + from * itemsize, count * (size_t)itemsize);
    }
}

crn_status crn_sparse_rows_gather(const crn_plan *plan, const crn_sparse_rows *sparse,
                                  int threads, size_t i, int64_t rows, crn_array *out,
                                  crn_error *err)
{
    const crn_type *type = crn_plan_output_type(plan, i);
    int64_t count = 0;
    for (int k = 0; k < threads; k++) {
        const crn_kept_rows *kept = &sparse[k].kept[i];
        count += kept->row_count > 0 ? kept->rows.starts[kept->row_count] : 0;
    }
    CRN_TRY(crn_csr_create(type->dtype, rows, type->shape[0], count, out, err));
    const crn_csr csr = crn_array_csr(out);
    for (int k = 0; k < threads; k++)
        count_entries(&sparse[k].kept[i], csr.indptr);
    for (int64_t row = 0; row < rows; row++)
        csr.indptr[row + 1] += csr.indptr[row];
    for (int k = 0; k < threads; k++)
        copy_entries(&sparse[k].kept[i], &csr);
    return CRN_OK;
}
