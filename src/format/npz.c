/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's .npz: a zip archive of .npy files, one array each, named after the arrays
 * (numpy/lib/_npyio_impl.py 2.4). */
#include <string.h>

#include "format/npy.h"
#include "format/zip.h"

static bool is_npy_name(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, ".npy") == 0;
}

/* "'x', 'y'": the names of the arrays. */
static void list_names(const crn_zip *zip, crn_text *out)
{
    for (size_t i = 0; i < crn_zip_count(zip); i++) {
        const char *name = crn_zip_at(zip, i)->name;
        size_t size = strlen(name) - (is_npy_name(name) ? 4 : 0);
        crn_text_add_string(out, i > 0 ? ", " : "");
        crn_text_add_python_string(out, name, size);
    }
}

static crn_status no_such_array(const crn_zip *zip, const char *key, crn_error *err)
{
    crn_text names = {.cap = 256};
    list_names(zip, &names);
    const char *list = names.data != NULL ? names.data : "none";
    crn_status status;
    if (crn_zip_count(zip) == 0)
        status = crn_fail(err, CRN_NOT_FOUND, "the .npz file holds no arrays");
    else if (key == NULL)
        status = crn_fail(err, CRN_ARGUMENT,
                          "the .npz file holds %zu arrays (%s): choose one as FILE.npz:NAME",
                          crn_zip_count(zip), list);
    else
        status =
            crn_fail(err, CRN_NOT_FOUND, "the .npz file has no array '%s', but %s", key, list);
    crn_text_free(&names);
    return status;
}

/* Index of the array: "x" is the member "x.npy", or, as in numpy.load, "x" itself. */
static crn_status find_array(const crn_zip *zip, const char *key, size_t *index, crn_error *err)
{
    int64_t found = -1;
    if (key == NULL) {
        found = crn_zip_count(zip) == 1 ? 0 : -1;
    } else {
        crn_text name = CRN_TEXT_INIT;
        crn_text_printf(&name, "%s.npy", key);
        crn_status status = crn_text_status(&name, err);
        if (status == CRN_OK)
            found = crn_zip_find(zip, name.data);
        crn_text_free(&name);
        CRN_TRY(status);
        if (found < 0)
            found = crn_zip_find(zip, key);
    }
    if (found < 0)
        return no_such_array(zip, key, err);
    *index = (size_t)found;
    return CRN_OK;
}

crn_status crn_npz_read(crn_buffer *file, const char *key, const crn_limits *limits,
                        crn_array *out, crn_error *err)
{
    crn_zip *zip = NULL;
    crn_buffer *member = NULL;
    size_t index = 0;
    crn_status status;
    CRN_TRY_OR_DONE(crn_zip_read(file, limits, &zip, err));
    CRN_TRY_OR_DONE(find_array(zip, key, &index, err));
    CRN_TRY_OR_DONE(crn_zip_open(zip, index, &member, err));
    status = crn_npy_read(member, out, err);
    if (status != CRN_OK)
        crn_where(err, "%s", crn_zip_at(zip, index)->name);
done:
    crn_buffer_release(member);
    crn_zip_destroy(zip);
    return status;
}

static crn_status add_array(crn_zip_writer *writer, const char *name, const crn_array *array,
                            crn_error *err)
{
    crn_text bytes = CRN_TEXT_INIT, member = CRN_TEXT_INIT;
    crn_status status;
    crn_text_printf(&member, "%s.npy", name);
    CRN_TRY_OR_DONE(crn_text_status(&member, err));
    CRN_TRY_OR_DONE(crn_npy_write(array, &bytes, err));
    CRN_TRY_OR_DONE(
        crn_zip_writer_add(writer, member.data, bytes.data, bytes.size, false, err));
done:
    crn_text_free(&bytes);
    crn_text_free(&member);
    return status;
}

crn_status crn_npz_write(const char *const *names, const crn_array *arrays, size_t count,
                         crn_text *out, crn_error *err)
{
    crn_zip_writer *writer = NULL;
    CRN_TRY(crn_zip_writer_create(&writer, err));
    for (size_t i = 0; i < count; i++) {
        crn_status status = add_array(writer, names[i], &arrays[i], err);
        if (status != CRN_OK) {
            crn_zip_writer_discard(writer);
            return status;
        }
    }
    return crn_zip_writer_finish(writer, out, err);
}
