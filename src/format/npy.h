/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's .npy and .npz. */
#ifndef CRN_FORMAT_NPY_H
#define CRN_FORMAT_NPY_H

#include "base/dtype.h"
#include "base/text.h"

bool crn_npy_sniff(const uint8_t *bytes, size_t size); /* \x93NUMPY */
/* Versions 1.0, 2.0 and 3.0; the array is a view into `file`, which it retains (a copy when the
 * file is big-endian, or lies unaligned in an .npz). Object arrays (pickles) are
 * CRN_UNSUPPORTED. */
crn_status crn_npy_read(crn_buffer *file, crn_array *out, crn_error *err);
/* The bytes numpy.save writes for the array made C-contiguous. Cells become numbers when all of
 * them are, else strings (str() of each): a .npy of objects would be a pickle. */
crn_status crn_npy_write(const crn_array *array, crn_text *out, crn_error *err);
/* One member of an .npz by name ("x", without ".npy"); key NULL: the only one, else an error
 * that lists the names. */
crn_status crn_npz_read(crn_buffer *file, const char *key, const crn_limits *limits,
                        crn_array *out, crn_error *err);
/* Whether the archive is one of scipy.sparse.save_npz(). */
bool crn_npz_is_sparse(crn_buffer *file, const crn_limits *limits);
/* scipy.sparse.load_npz() of a csr or csc matrix: a CRN_CSR array. */
crn_status crn_npz_read_sparse(crn_buffer *file, const crn_limits *limits, crn_array *out,
                               crn_error *err);
/* scipy.sparse.save_npz() of a CRN_CSR array. */
crn_status crn_npz_write_sparse(const crn_array *array, crn_text *out, crn_error *err);
/* numpy.savez(names[i]=arrays[i]). */
crn_status crn_npz_write(const char *const *names, const crn_array *arrays, size_t count,
                         crn_text *out, crn_error *err);

#endif
