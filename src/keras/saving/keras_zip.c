/* SPDX-License-Identifier: BSD-3-Clause */
/* The .keras archive of Keras 3 (and 2.13 to 2.15): metadata.json, config.json and
 * model.weights.h5, as keras/src/saving/saving_lib.py (3.15). Of other members, only the assets
 * of the model's layers are ever read (assets.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/json.h"
#include "keras/saving/keras_file.h"
#include "keras/saving/weights_h5.h"

static const char metadata_name[] = "metadata.json", config_name[] = "config.json",
                  weights_name[] = "model.weights.h5";

/* ---- reading ---- */

static crn_status open_member(const crn_zip *zip, const char *name, crn_buffer **out,
                              crn_error *err)
{
    const int64_t i = crn_zip_find(zip, name);
    if (i < 0)
        return crn_fail(err, CRN_FORMAT, "a zip archive without %s: not a .keras file", name);
    return crn_zip_open(zip, (size_t)i, out, err);
}

static crn_status read_json(const crn_zip *zip, const char *name, const crn_limits *limits,
                            crn_document *document, const crn_object **out, crn_error *err)
{
    crn_buffer *member = NULL;
    crn_object *object = NULL;
    CRN_TRY(open_member(zip, name, &member, err));
    crn_status status = crn_json_read(document, crn_buffer_data(member),
                                      crn_buffer_size(member), limits, &object, err);
    crn_buffer_release(member);
    if (status != CRN_OK)
        return crn_where(err, "%s", name);
    *out = object;
    return CRN_OK;
}

/* The tree retains what it needs of the member. */
static crn_status read_weights(const crn_zip *zip, const crn_limits *limits, crn_h5 **out,
                               crn_error *err)
{
    crn_buffer *member = NULL;
    if (crn_zip_find(zip, weights_name) < 0 && crn_zip_find(zip, "model.weights.npz") >= 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "model.weights.npz holds pickled objects and is not supported");
    CRN_TRY(open_member(zip, weights_name, &member, err));
    crn_status status = crn_h5_read(member, limits, out, err);
    crn_buffer_release(member);
    if (status != CRN_OK)
        crn_where(err, "%s", weights_name);
    return status;
}

static crn_status read_members(const crn_zip *zip, const crn_limits *limits,
                               crn_document *document, crn_keras_file *out, crn_error *err)
{
    const crn_object *metadata = NULL;
    CRN_TRY(read_json(zip, config_name, limits, document, &out->config, err));
    out->compilation = crn_object_get(out->config, "compile_config");
    if (crn_zip_find(zip, metadata_name) >= 0)
        CRN_TRY(read_json(zip, metadata_name, limits, document, &metadata, err));
    out->keras_version = crn_object_text(crn_object_get(metadata, "keras_version"));
    return read_weights(zip, limits, &out->h5, err);
}

crn_status crn_keras_zip_open(crn_buffer *bytes, const crn_limits *limits,
                              crn_document *document, crn_keras_file *out, crn_error *err)
{
    out->format = "keras";
    CRN_TRY(crn_zip_read(bytes, limits, &out->zip, err));
    return read_members(out->zip, limits, document, out, err);
}

/* ---- writing ---- */

/* The same model gives the same bytes: the date is that of SOURCE_DATE_EPOCH
 * (reproducible-builds.org), else the first that a zip archive can say. */
static void add_date(crn_text *out)
{
    enum { FIRST_DATE = 315532800 }; /* 1980-01-01 00:00:00 */
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    struct tm date;
    int64_t seconds = FIRST_DATE;
    if (epoch != NULL && !crn_parse_int(epoch, strlen(epoch), &seconds))
        seconds = FIRST_DATE;
    const time_t time = (time_t)seconds;
    if (gmtime_r(&time, &date) != NULL)
        crn_text_printf(out, "%04d-%02d-%02d@%02d:%02d:%02d", date.tm_year + 1900,
                        date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
}

static crn_status write_metadata(crn_zip_writer *writer, crn_document *document,
                                 const char *keras_version, crn_error *err)
{
    crn_text date = CRN_TEXT_INIT, json = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    crn_object *metadata = crn_object_new(document, CRN_OBJ_DICT);
    add_date(&date);
    CRN_TRY_OR_DONE(crn_text_status(&date, err));
    if (!crn_object_set(document, metadata, "keras_version",
                        crn_object_str(document, keras_version)) ||
        !crn_object_set(document, metadata, "date_saved", crn_object_str(document, date.data)))
        CRN_TRY_OR_DONE(crn_arena_fail(document->arena, err));
    CRN_TRY_OR_DONE(crn_json_write(metadata, CRN_JSON_PYTHON, &json, err));
    CRN_TRY_OR_DONE(
        crn_zip_writer_add(writer, metadata_name, json.data, json.size, false, err));
done:
    crn_text_free(&date);
    crn_text_free(&json);
    return status;
}

static crn_status write_config(crn_zip_writer *writer, const crn_object *config, crn_error *err)
{
    crn_text json = CRN_TEXT_INIT;
    crn_status status = crn_json_write(config, CRN_JSON_PYTHON, &json, err);
    if (status == CRN_OK)
        status = crn_zip_writer_add(writer, config_name, json.data, json.size, false, err);
    crn_text_free(&json);
    return status;
}

static crn_status write_weights(crn_zip_writer *writer, const crn_network *network,
                                bool optimizer, crn_error *err)
{
    crn_text h5 = CRN_TEXT_INIT;
    crn_status status = crn_weights_h5_write(network, optimizer, &h5, err);
    if (status == CRN_OK)
        status = crn_zip_writer_add(writer, weights_name, h5.data, h5.size, false, err);
    crn_text_free(&h5);
    return status;
}

crn_status crn_keras_zip_write(const crn_network *network, const crn_object *config,
                               const char *keras_version, bool optimizer,
                               crn_document *document, crn_text *out, crn_error *err)
{
    crn_zip_writer *writer = NULL;
    CRN_TRY(crn_zip_writer_create(&writer, err));
    crn_status status = write_metadata(writer, document, keras_version, err);
    if (status == CRN_OK)
        status = write_config(writer, config, err);
    if (status == CRN_OK)
        status = write_weights(writer, network, optimizer, err);
    if (status != CRN_OK) {
        crn_zip_writer_discard(writer);
        return status;
    }
    return crn_zip_writer_finish(writer, out, err);
}
