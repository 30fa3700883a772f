/* SPDX-License-Identifier: BSD-3-Clause */
/* CSVLogger, as keras/src/callbacks/csv_logger.py (3.15): a row for each epoch, in the dialect
 * of Python's csv.excel. Rows are written as epochs end, so that a long fit can be watched. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keras/callbacks/callback.h"

typedef struct csv_logger {
    const char *filename, *separator;
    bool append;
    /* state */
    FILE *file;
    bool header; /* is to be written */
    char **keys; /* the columns behind "epoch", as the first epoch had them */
    size_t key_count;
} csv_logger;

static const crn_field fields[] = {
    CRN_PARAM(csv_logger, filename, STRING, NULL, "str"),
    CRN_PARAM(csv_logger, separator, STRING, "','", "str"),
    CRN_PARAM(csv_logger, append, BOOL, "False", NULL),
    CRN_FIELDS_END,
};

static crn_status check(const void *config, crn_error *err)
{
    const csv_logger *logger = config;
    if (logger->filename == NULL)
        return crn_fail(
            err, CRN_ARGUMENT,
            "CSVLogger.__init__() missing 1 required positional argument: 'filename'");
    if (strlen(logger->separator) != 1)
        return crn_fail(err, CRN_ARGUMENT, "\"delimiter\" must be a 1-character string");
    return CRN_OK;
}

/* A file with a first line has its header already. */
static bool has_first_line(const char *filename)
{
    FILE *file = fopen(filename, "rb");
    if (file == NULL)
        return false;
    bool some = fgetc(file) != EOF;
    fclose(file);
    return some;
}

static crn_status on_train_begin(void *self, crn_training *training, crn_error *err)
{
    csv_logger *logger = self;
    (void)training;
    logger->header = !logger->append || !has_first_line(logger->filename);
    logger->file = fopen(logger->filename, logger->append ? "ab" : "wb");
    if (logger->file == NULL)
        return crn_fail_system(err, errno, "cannot open '%s'", logger->filename);
    return CRN_OK;
}

/* ---- columns ---- */

static crn_status add_key(csv_logger *logger, const char *prefix, const char *name,
                          crn_error *err)
{
    crn_text key = CRN_TEXT_INIT;
    crn_text_printf(&key, "%s%s", prefix, name);
    char *text = crn_text_take(&key, err);
    if (text == NULL)
        return crn_no_memory(err);
    logger->keys[logger->key_count++] = text;
    return CRN_OK;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The sorted names of the first epoch, and the same with "val_" when it had no validation. */
static crn_status choose_keys(csv_logger *logger, const crn_logs *logs, crn_error *err)
{
    size_t count = (size_t)logs->count;
    bool validated = false;
    logger->keys = crn_calloc(2 * count, sizeof *logger->keys);
    if (logger->keys == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        validated |= strncmp(logs->names[i], "val_", 4) == 0;
        CRN_TRY(add_key(logger, "", logs->names[i], err));
    }
    qsort(logger->keys, count, sizeof *logger->keys, compare_keys);
    for (size_t i = 0; i < count && !validated; i++)
        CRN_TRY(add_key(logger, "val_", logger->keys[i], err));
    return CRN_OK;
}

/* ---- rows ---- */

/* One field, in quotes where csv.QUOTE_MINIMAL wants them. */
static void add_field(const csv_logger *logger, const char *field, crn_text *out)
{
    const char special[] = {logger->separator[0], '"', '\r', '\n', '\0'};
    bool quoted = strpbrk(field, special) != NULL;
    crn_text_add_string(out, quoted ? "\"" : "");
    for (const char *c = field; *c != '\0'; c++) {
        if (*c == '"')
            crn_text_add_char(out, '"');
        crn_text_add_char(out, *c);
    }
    crn_text_add_string(out, quoted ? "\"" : "");
}

static void add_header(const csv_logger *logger, crn_text *out)
{
    crn_text_add_string(out, "epoch");
    for (size_t i = 0; i < logger->key_count; i++) {
        crn_text_add_string(out, logger->separator);
        add_field(logger, logger->keys[i], out);
    }
    crn_text_add_string(out, "\r\n");
}

static void add_row(const csv_logger *logger, const crn_training *training, crn_text *out)
{
    crn_text number = CRN_TEXT_INIT;
    crn_text_printf(out, "%d", training->epoch);
    for (size_t i = 0; i < logger->key_count; i++) {
        double value;
        bool found = crn_logs_get(&training->logs, logger->keys[i], &value);
        crn_text_clear(&number);
        if (found)
            crn_text_add_double(&number, value);
        crn_text_add_string(out, logger->separator);
        add_field(logger, found && number.data != NULL ? number.data : "NA", out);
    }
    crn_text_add_string(out, "\r\n");
    crn_text_free(&number);
}

static crn_status write_text(const csv_logger *logger, const crn_text *text, crn_error *err)
{
    CRN_TRY(crn_text_status(text, err));
    if (fwrite(text->data, 1, text->size, logger->file) != text->size ||
        fflush(logger->file) != 0)
        return crn_fail_system(err, errno, "cannot write '%s'", logger->filename);
    return CRN_OK;
}

static crn_status on_epoch_end(void *self, crn_training *training, crn_error *err)
{
    csv_logger *logger = self;
    if (logger->keys == NULL)
        CRN_TRY(choose_keys(logger, &training->logs, err));
    crn_text text = CRN_TEXT_INIT;
    if (logger->header)
        add_header(logger, &text);
    logger->header = false;
    add_row(logger, training, &text);
    crn_status status = write_text(logger, &text, err);
    crn_text_free(&text);
    return status;
}

static void release(void *self)
{
    csv_logger *logger = self;
    if (logger->file != NULL)
        fclose(logger->file);
    for (size_t i = 0; i < logger->key_count; i++)
        free(logger->keys[i]);
    free(logger->keys);
}

const crn_callback_class crn_callback_CSVLogger = {
    .base = {.name = "CSVLogger",
             .module = "keras.callbacks",
             .size = sizeof(csv_logger),
             .fields = fields,
             .check = check},
    .on = {[CRN_ON_TRAIN_BEGIN] = on_train_begin, [CRN_ON_EPOCH_END] = on_epoch_end},
    .release = release,
};
