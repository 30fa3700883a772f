/* SPDX-License-Identifier: BSD-3-Clause */
/* write_hdf5 FILE: the sample tree as an HDF5 file, for check_hdf5.py. */
#include "base/file.h"
#include "h5_sample.h"

int main(int argc, char **argv)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text bytes = CRN_TEXT_INIT;
    crn_status status =
        argc == 2 ? CRN_OK : crn_fail(&err, CRN_ARGUMENT, "usage: write_hdf5 FILE");
    if (status == CRN_OK)
        status = sample_write(&bytes, &err);
    if (status == CRN_OK)
        status = crn_file_write(argv[1], bytes.data, bytes.size, &err);
    if (status != CRN_OK)
        fprintf(stderr, "%s: %s\n", err.where, err.message);
    crn_text_free(&bytes);
    return status == CRN_OK ? 0 : 1;
}
