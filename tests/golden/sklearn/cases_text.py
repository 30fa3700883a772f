# SPDX-License-Identifier: BSD-3-Clause
"""Texts: the vectorizers, TfidfTransformer, HashingVectorizer and FeatureHasher, alone and before a classifier."""
import numpy as np
import scipy.sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TEXTS = ["The quick brown fox jumps over the lazy dog.", "A quick Brown cat, and a café in İzmir!", "ΟΔΥΣΣΕΥΣ and the naïve Ångström",
         "don't stop-words; e-mail me_too: 123 4five ½", "the dog  and\tthe cat\n\nsleep", "北京 大学 over the river", "fox fox FOX dog", "x1 x1 y2 Straße"]
ASKED = ["the fox and the dog: quick, quick!", "", "CAFÉ café cafe\u0301 ΣΑΣ ΟΔΥΣΣΕΥΣ οδυσσευς", "multiple   spaces \u3000 and 北京 x1 don't", "Ångström ﬁne ½ 4five",
         "over over the river the river"]
COUNTS = np.random.RandomState(5).poisson(0.8, size=(12, 6)).astype(float)
ROWS = np.random.RandomState(6).poisson(1.0, size=(6, 6)).astype(float)
Y = np.array([0, 1, 2, 0, 1, 2, 0, 1])


def objects(rows):
    out = np.empty(len(rows), dtype=object)
    out[:] = rows
    return out


def at_least(VERSION, least):
    return tuple(int(n) for n in VERSION.split(".")[:2]) >= least


def words(VERSION):
    yield "count", CountVectorizer().fit(TEXTS), ASKED, {}
    yield "count_bigrams_stop", CountVectorizer(ngram_range=(1, 2), stop_words="english", binary=True, max_features=20).fit(TEXTS), ASKED, {}
    yield "count_char_wb", CountVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_features=60).fit(TEXTS), ASKED, {}
    yield "count_fixed", CountVectorizer(vocabulary=["fox", "dog", "cat"]).fit(TEXTS), ASKED, {}
    yield "count_given", CountVectorizer(vocabulary={"fox": 1, "dog": 0}), ASKED, {}
    if VERSION == "1.9.1":
        yield "count_char", CountVectorizer(analyzer="char", ngram_range=(1, 3), strip_accents="ascii", max_features=80).fit(TEXTS), ASKED, {}
        yield "count_accents", CountVectorizer(strip_accents="unicode", token_pattern=r"\b\w+\b", dtype=np.float32).fit(TEXTS), ASKED, {}
        yield "count_case", CountVectorizer(lowercase=False, ngram_range=(2, 3), stop_words=["the", "and"], dtype=np.int32).fit(TEXTS), ASKED, {}
        yield "count_pattern", CountVectorizer(token_pattern=r"(?i)[^\W\d_]+(?:'t)?|\d").fit(TEXTS), ASKED, {}
        yield "count_group", CountVectorizer(token_pattern=r"\b(\w{2,3})\w*").fit(TEXTS), ASKED, {}
        yield "count_array", CountVectorizer(vocabulary=np.array(["fox", "dog", "the quick"]), ngram_range=(1, 2)), ASKED, {}
        yield "count_set", CountVectorizer(vocabulary={"fox", "dog", "the"}).fit(TEXTS), ASKED, {}


def weights(VERSION):
    yield "tfidf", TfidfVectorizer().fit(TEXTS), ASKED, {}
    yield "tfidf_no_idf", TfidfVectorizer(use_idf=False, norm="l1").fit(TEXTS), ASKED, {}
    yield "tfidf_transformer", TfidfTransformer(sublinear_tf=True).fit(COUNTS), ROWS, {}
    yield "tfidf_transformer_plain", TfidfTransformer(norm=None, smooth_idf=False).fit(scipy.sparse.csr_matrix(COUNTS)), ROWS, {}
    if at_least(VERSION, (1, 0)):
        yield "tfidf_transformer_no_idf", TfidfTransformer(use_idf=False, norm="l1").fit(COUNTS), ROWS, {}
    if VERSION == "1.9.1":
        yield "tfidf_float32", TfidfVectorizer(dtype=np.float32, sublinear_tf=True, ngram_range=(1, 2), norm=None).fit(TEXTS), ASKED, {}
        yield "tfidf_counts", TfidfVectorizer(vocabulary={"dog": 0, "fox": 2, "the": 1}, binary=True).fit(TEXTS), ASKED, {}


def hashes(VERSION):
    yield "hashing", HashingVectorizer(n_features=32), ASKED, {}
    yield "hashing_pairs", HashingVectorizer(n_features=17, ngram_range=(1, 2), norm="l1", alternate_sign=False, stop_words="english"), ASKED, {}
    records = [{"dog": 1, "cat": 2.5, "fox": -4}, {"city": "Lima", "dog": 0}, {}, {"é": True, "dog": 3, "x": 1, "y": 2, "z": 3}]
    yield "hasher", FeatureHasher(n_features=8), records, {}
    if VERSION == "1.9.1":
        yield "hashing_binary", HashingVectorizer(n_features=5, binary=True, norm=None, dtype=np.int64), ASKED, {}
        pairs = objects([[["dog", 1], ["dog", 2.5]], [["cat", "big"]], []])
        yield "hasher_pairs", FeatureHasher(n_features=6, input_type="pair", alternate_sign=False, dtype=np.float32), pairs, {}
        yield "hasher_names", FeatureHasher(n_features=6, input_type="string"), objects([["dog", "cat", "dog"], [], ["a", "b", "c", "é"]]), {}


def pipelines(VERSION):
    yield "tfidf_logistic", make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(TEXTS, Y), ASKED, {}
    yield "count_tfidf_logistic", make_pipeline(CountVectorizer(), TfidfTransformer(), LogisticRegression()).fit(TEXTS, Y == 1), ASKED, {}


def cases(VERSION):
    for group in (words, weights, hashes):
        for name, model, rows, _ in group(VERSION):
            yield name, model, rows, dict(methods=("transform",))  # inverse_transform gives rows of different lengths
    yield from pipelines(VERSION)
