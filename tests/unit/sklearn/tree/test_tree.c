/* SPDX-License-Identifier: BSD-3-Clause */
/* Trees whose nodes would lead nowhere, or outside, are refused when the file is read. */
#include "test.h"

#include <stdlib.h>

#include "base/file.h"
#include "cornichon/cornichon.h"

static crn_error err;

/* A node as scikit-learn 1.3 and later have it. */
typedef struct node {
    int64_t left, right, feature;
    double threshold, impurity;
    int64_t samples;
    double weighted;
    int64_t missing;
} node;

/* The golden tree's bytes, and where its nodes lie in them: the root's left child is node 1,
 * its samples are all 44. */
static uint8_t *read_tree(size_t *size, size_t *nodes)
{
    crn_buffer *file = NULL;
    assert_ok(crn_file_read(CRN_GOLDEN_DIR "/sklearn/trees/1.9.1/dt.joblib", 0, &file, &err));
    *size = crn_buffer_size(file);
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    memcpy(bytes, crn_buffer_data(file), *size);
    crn_buffer_release(file);
    for (*nodes = 0; *nodes + sizeof(node) <= *size; ++*nodes) {
        node root;
        memcpy(&root, bytes + *nodes, sizeof root);
        if (root.left == 1 && root.samples == 44 && root.weighted == 44.0)
            return bytes;
    }
    fail_msg("the golden tree has no root");
    return NULL;
}

/* Loads the tree with a changed root, which must fail with these words. */
static void refuse_root(void (*change)(node *root), const char *words)
{
    size_t size, nodes;
    uint8_t *bytes = read_tree(&size, &nodes);
    crn_model *model = NULL;
    node root;
    memcpy(&root, bytes + nodes, sizeof root);
    change(&root);
    memcpy(bytes + nodes, &root, sizeof root);
    assert_status(CRN_FORMAT, crn_model_load_bytes(bytes, size, NULL, &model, &err));
    if (strstr(err.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, words);
    assert_string_equal(err.where, "tree_");
    free(bytes);
}

static void leads_to_itself(node *root)
{
    root->left = 0;
}

static void leads_outside(node *root)
{
    root->right = 1 << 20;
}

static void has_one_child_twice(node *root)
{
    root->right = root->left;
}

static void asks_a_feature_too_many(node *root)
{
    root->feature = 4;
}

static void asks_no_feature(node *root)
{
    root->feature = -2;
}

static void test_refuses_malformed_nodes(void **state)
{
    (void)state;
    refuse_root(leads_to_itself, "has a child that is not behind it");
    refuse_root(leads_outside, "has a child that is not behind it");
    refuse_root(has_one_child_twice, "shares a child with another");
    refuse_root(asks_a_feature_too_many, "asks for a feature that is not there");
    refuse_root(asks_no_feature, "asks for a feature that is not there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_malformed_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
