/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operation is: one const struct at the foot of its own file, listed in ops.def.
 * Operations are the small common language that scikit-learn's estimators and Keras's layers
 * lower to. They compute on dense row-major blocks; what can be wrong with types and shapes is
 * found by infer(), so that running needs no checks but for values that only the rows can bring
 * (a label that was never seen: crn_call.failure). */
#ifndef CRN_OPS_OP_H
#define CRN_OPS_OP_H

#include "base/dtype.h"
#include "kernels/kernels.h"

/* The type of a value of a graph. With `rows`, the value has one item for each input row and
 * `shape` is the shape of one item; without, it is a constant or a variable of exactly this
 * shape. */
typedef struct crn_type {
    crn_dtype dtype;
    int64_t itemsize; /* bytes of an element */
    bool rows;
    bool sparse; /* a block is a crn_sparse (ops/sparse.h); rows, ndim 1 */
    int64_t fold; /* rows: items for each input row, where an axis was folded into the rows
                     (crn_fold()); 0 stands for 1 */
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
} crn_type;

crn_type crn_type_rows(crn_dtype dtype, int32_t ndim, const int64_t *shape);
/* (rows, n) */
crn_type crn_type_vector(crn_dtype dtype, int64_t n);
/* Elements of one item (or of the constant). */
int64_t crn_type_size(const crn_type *type);
bool crn_type_equal(const crn_type *a, const crn_type *b);
int64_t crn_type_fold(const crn_type *type); /* at least 1 */
/* "float64 (rows, 4)" into buffer, for messages; returns buffer. */
const char *crn_type_text(const crn_type *type, char *buffer, size_t size);

/* One run of an operation on one block of rows. Filled once when the plan is made; only `rows`
 * and the pointers of graph inputs and outputs change between blocks. */
typedef struct crn_call {
    const void *attributes;
    int64_t rows;
    int n_in, n_out;
    const void *const *in;     /* a missing optional input is NULL */
    void *const *out;          /* an output nobody reads may be NULL */
    const crn_type *in_types;  /* [n_in] */
    const crn_type *out_types; /* [n_out] */
    void *scratch;             /* what scratch() asked for, aligned to 64 */
    const crn_kernels *kernels;
    crn_error *failure; /* an operation that meets a value it cannot serve says so here, with
                           crn_fail(), and fills its outputs all the same; NULL: nobody asks */
    crn_arena **cells;  /* see crn_call_cells(); NULL: nobody can keep them */
    /* While training only: */
    const void *const
        *grad_out;        /* backward: d loss / d out; NULL where nobody uses the output */
    void *const *grad_in; /* backward: ADD d loss / d in here; NULL where it is not wanted */
    uint64_t seed;        /* dropout: differs for each node and step */
    void *saved;          /* what saved() asked for: written by forward, read by backward */
} crn_call;

/* Memory for the texts and items of cells that an operation makes: `count` cells, which live
 * until the next call. NULL with the call's failure set. */
crn_cell *crn_call_cells(const crn_call *call, size_t count);

/* Work for one row, for inspect and for choosing between fusions. */
typedef struct crn_cost {
    double multiply_adds;
    double bytes; /* of constants read */
} crn_cost;

enum {
    CRN_OP_ELEMENTWISE = 1, /* out[0] may be the same memory as in[0] */
    CRN_OP_ALIAS = 2,       /* out[0] IS in[0] under another shape (reshape): nothing is run */
    CRN_OP_WHOLE_BATCH =
        4, /* needs all rows at once (training only: batch statistics, losses) */
    CRN_OP_ALL_ROWS =
        16, /* its rows depend on one another: a run gives it all of them at once */
    CRN_OP_FOLDS = 32,      /* infer() sets the fold itself; that of others is their inputs' */
    CRN_OP_TAKES_SPARSE = 8 /* inputs may be sparse; without it they are made dense before */
};

typedef struct crn_op {
    /* required */
    const char *name;       /* "affine" */
    size_t attributes_size; /* of the struct behind crn_call.attributes; 0: none */
    unsigned flags;
    int n_out;
    /* Checks the inputs and sets out[0..n_out). An absent optional input has dtype
     * CRN_NO_DTYPE. */
    crn_status (*infer)(const void *attributes, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err);
    /* Unless CRN_OP_WHOLE_BATCH or CRN_OP_ALL_ROWS, a row of the outputs depends on its row of
     * the inputs alone, to the last bit, so that rows may be cut into blocks and over threads
     * anyhow. */
    void (*forward)(const crn_call *call);
    /* optional: NULL where it does not apply */
    size_t (*scratch)(const void *attributes, const crn_type *in, int n_in, int64_t rows);
    size_t (*saved)(const void *attributes, const crn_type *in, int n_in, int64_t rows);
    void (*backward)(const crn_call *call); /* NULL: training cannot pass through */
    void (*cost)(const void *attributes, const crn_type *in, const crn_type *out,
                 crn_cost *cost);
    /* Adds "activation=relu" and the like to a plan's listing. */
    void (*describe)(const void *attributes, char *buffer, size_t size);
} crn_op;

/* All operations: extern const crn_op crn_op_<name>. */
#define CRN_OP(name) extern const crn_op crn_op_##name;
#include "ops/ops.def"
#undef CRN_OP

#endif
