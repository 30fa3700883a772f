# SPDX-License-Identifier: BSD-3-Clause
"""Rows of mixed values: encoders, imputers, transformers of columns."""
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import DictVectorizer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (LabelBinarizer, LabelEncoder, MinMaxScaler, MultiLabelBinarizer, OneHotEncoder,
                                   OrdinalEncoder, StandardScaler)

rs = np.random.RandomState(3)
N = 40
NUM = np.c_[rs.randint(0, 4, N), rs.choice([-1.5, 0.0, 2.5], N), rs.choice([3, 5, 8, 13, 21], N, p=[.5, .3, .1, .05, .05])].astype(float)
TEXT = np.c_[rs.choice(["b", "a", "\u00e9", "zz"], N), rs.choice(["x", "y"], N)].astype(object)
MIXED = np.c_[TEXT, rs.choice([1, 2.5, 3], N).astype(object)]
GAPS = np.where(rs.rand(N, 4) < 0.2, np.nan, rs.normal(size=(N, 4)) * [1, 2, 3, 4])
TARGET = (rs.rand(N) < 0.4).astype(int)
ROWS = slice(0, 8)


def with_nan(x, at=(1, 5, 9)):
    x = x.copy()
    for k, i in enumerate(at):
        x[i, k % x.shape[1]] = np.nan
    return x


def unknown(x, value):
    x = x.copy()
    x[2, 0] = value
    return x


def dense(VERSION):
    return {"sparse_output" if VERSION >= "1.2" else "sparse": False}


def encoders(VERSION):
    ignore = dict(handle_unknown="ignore")
    yield "onehot", OneHotEncoder(categories="auto").fit(NUM), NUM[ROWS], {}
    yield "onehot_text", OneHotEncoder(categories="auto", **dense(VERSION)).fit(TEXT), TEXT[ROWS], {}
    yield "onehot_ignore", OneHotEncoder(categories="auto", dtype=np.float32, **ignore).fit(TEXT), unknown(TEXT, "q")[ROWS], {}
    yield "onehot_list", OneHotEncoder(categories=[["zz", "b", "a", "\u00e9"], ["y", "x"]]).fit(TEXT), TEXT[ROWS], {}
    yield "ordinal", OrdinalEncoder().fit(NUM), NUM[ROWS], {}
    yield "ordinal_text", OrdinalEncoder(dtype=np.int64).fit(TEXT), TEXT[ROWS], {}
    if VERSION >= "0.22":
        yield "onehot_first", OneHotEncoder(drop="first").fit(TEXT), TEXT[ROWS], {}
        yield "onehot_drop", OneHotEncoder(drop=["b", "y"]).fit(TEXT), TEXT[ROWS], {}
        yield "onehot_int", OneHotEncoder(drop="first", dtype=int).fit(NUM.astype(int)), NUM[ROWS].astype(int), {}
    if VERSION >= "0.24":
        yield "onehot_mixed", OneHotEncoder(**ignore).fit(MIXED), MIXED[ROWS], {}
        yield "onehot_binary", OneHotEncoder(drop="if_binary").fit(TEXT), TEXT[ROWS], {}
        yield "onehot_nan", OneHotEncoder().fit(with_nan(NUM)), with_nan(NUM)[ROWS], {}
        none = np.where(TEXT == "zz", None, TEXT)
        yield "onehot_none", OneHotEncoder().fit(none), none[ROWS], {}
        known = dict(handle_unknown="use_encoded_value", unknown_value=-7)
        yield "ordinal_unknown", OrdinalEncoder(**known).fit(TEXT), unknown(TEXT, "q")[ROWS], {}
        known["unknown_value"] = np.nan
        yield "ordinal_unknown_nan", OrdinalEncoder(**known).fit(NUM), unknown(NUM, 77)[ROWS], dict(methods=("transform",))
    if VERSION >= "1.0":
        yield "onehot_drop_ignore", OneHotEncoder(drop="first", **ignore).fit(TEXT), unknown(TEXT, "q")[ROWS], {}
        yield "ordinal_nan", OrdinalEncoder().fit(with_nan(NUM)), with_nan(NUM)[ROWS], {}
    if VERSION >= "1.1":
        rare = dict(handle_unknown="infrequent_if_exist", min_frequency=5)
        yield "onehot_rare", OneHotEncoder(**rare).fit(NUM), unknown(NUM, 77)[ROWS], {}
        yield "onehot_rare_text", OneHotEncoder(max_categories=3, drop="first").fit(TEXT), TEXT[ROWS], {}
        missing = with_nan(NUM)
        yield "ordinal_missing", OrdinalEncoder(encoded_missing_value=-5).fit(missing), missing[ROWS], {}
    if VERSION >= "1.3":
        from sklearn.preprocessing import TargetEncoder
        yield "ordinal_rare", OrdinalEncoder(max_categories=3).fit(NUM), NUM[ROWS], {}
        yield "ordinal_rare_nan", OrdinalEncoder(min_frequency=6).fit(with_nan(NUM)), with_nan(NUM)[ROWS], dict(methods=("transform",))
        kind = dict(random_state=0) if VERSION < "1.9" else {}
        yield "target", TargetEncoder(**kind).fit(TEXT, TARGET), unknown(TEXT, "q")[ROWS], {}
        yield "target_real", TargetEncoder(smooth=2.0, **kind).fit(NUM, NUM[:, 2] * 1.5 + 0.25), NUM[ROWS], {}
        if VERSION >= "1.4":
            yield "target_classes", TargetEncoder(**kind).fit(TEXT, NUM[:, 0].astype(int)), TEXT[ROWS], {}
    if VERSION >= "1.6":
        yield "onehot_warn", OneHotEncoder(handle_unknown="warn", min_frequency=6).fit(TEXT), unknown(TEXT, "q")[ROWS], {}


def labels(VERSION):
    names = np.array(["setosa", "versicolor", "virginica"])
    yield "binarizer", LabelBinarizer().fit([4, 1, 9]), np.array([9, 1, 4, 7]), dict(methods=("transform",))
    yield "binarizer_text", LabelBinarizer(neg_label=-2, pos_label=3).fit(names), names[[2, 0, 1, 1]], {}
    yield "binarizer_two", LabelBinarizer().fit(["no", "yes"]), np.array(["yes", "no", "yes"]), {}
    yield "binarizer_matrix", LabelBinarizer().fit(np.array([[0, 1], [1, 1]])), np.array([[1, 0], [1, 1]]), {}
    yield "binarizer_sparse", LabelBinarizer(sparse_output=True).fit([4, 1, 9]), np.array([9, 1, 4]), {}
    sets = [["b", "a"], [], ["c"], ["q"]]
    yield "sets", MultiLabelBinarizer().fit([["a", "b"], ["c"]]), sets, dict(methods=("transform",))
    yield "sets_int", MultiLabelBinarizer(classes=[5, 2, 3]).fit([[2]]), [[2, 3], [], [5]], dict(methods=("transform",))
    yield "encoder_text", LabelEncoder().fit(np.array(["b", "a", "\u00e9"], dtype=object)), np.array(["a", "\u00e9", "b"]), {}
    dicts = [{"city": "Lima", "t": 8.5, "on": True}, {"city": "Rome"}, {"t": -1, "other": 3}]
    yield "dicts", DictVectorizer().fit(dicts[:2]), dicts, dict(methods=("transform",))
    yield "dicts_dense", DictVectorizer(sparse=False, dtype=np.float32, separator=": ", sort=False).fit(dicts[:2]), dicts, dict(methods=("transform",))
    if VERSION >= "0.24":
        lists = [{"tag": ["a", "b"], "n": None}, {"tag": ["b", "zz"]}]
        yield "dicts_lists", DictVectorizer(sparse=False).fit(lists[:1]), lists, dict(methods=("transform",))


def imputers(VERSION):
    for strategy in ("mean", "median", "most_frequent"):
        yield "impute_" + strategy, SimpleImputer(strategy=strategy).fit(GAPS), GAPS[ROWS], {}
    yield "impute_constant", SimpleImputer(strategy="constant", fill_value=-9).fit(GAPS), GAPS[ROWS], {}
    holes = TEXT.copy()
    holes[[1, 4], [0, 1]] = np.nan
    yield "impute_text", SimpleImputer(strategy="most_frequent").fit(holes), holes[ROWS], {}
    yield "impute_text_constant", SimpleImputer(strategy="constant").fit(holes), holes[ROWS], {}
    yield "impute_word", SimpleImputer(missing_values="zz", strategy="most_frequent").fit(TEXT), TEXT[ROWS], {}
    yield "impute_none", SimpleImputer(missing_values=None, strategy="most_frequent").fit(np.where(TEXT == "zz", None, TEXT)), np.where(TEXT == "zz", None, TEXT)[ROWS], {}
    yield "impute_zero", SimpleImputer(missing_values=0).fit(NUM), NUM[ROWS], {}
    empty = GAPS.copy()
    empty[:, 1] = np.nan
    yield "impute_empty", SimpleImputer().fit(empty), empty[ROWS], {}
    yield "indicator", MissingIndicator().fit(GAPS), GAPS[ROWS], {}
    yield "indicator_all", MissingIndicator(features="all", error_on_new=False, missing_values=3).fit(NUM), NUM[ROWS], {}
    if VERSION >= "0.22":
        yield "impute_indicator", SimpleImputer(add_indicator=True).fit(empty), empty[ROWS], {}
        yield "impute_text_indicator", SimpleImputer(strategy="most_frequent", add_indicator=True).fit(holes), holes[ROWS], dict(methods=("transform",))
        from sklearn.experimental import enable_iterative_imputer  # noqa: F401
        from sklearn.impute import IterativeImputer
        yield "iterative", IterativeImputer(max_iter=3, random_state=0).fit(empty), empty[ROWS], {}
        more = dict(max_iter=2, random_state=0, n_nearest_features=2, imputation_order="random", initial_strategy="median")
        yield "iterative_near", IterativeImputer(min_value=-1, max_value=2, add_indicator=True, **more).fit(GAPS), GAPS[ROWS], {}
    if VERSION >= "1.6":
        yield "iterative_keep", IterativeImputer(max_iter=2, random_state=0, keep_empty_features=True).fit(empty), empty[ROWS], {}
    if VERSION >= "1.2":
        yield "impute_keep", SimpleImputer(keep_empty_features=True).fit(empty), empty[ROWS], {}


def unions(VERSION):
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    onehot = OneHotEncoder(handle_unknown="ignore")
    table = np.c_[GAPS, NUM]
    ct = ColumnTransformer([("n", numbers, [0, 1]), ("c", onehot, slice(4, 6)), ("d", "drop", [2])], remainder="drop")
    yield "columns", ct.fit(table), table[ROWS], {}
    through = ColumnTransformer([("p", "passthrough", [-1]), ("m", MinMaxScaler(), np.array([True] + [False] * 2))], remainder=StandardScaler(), transformer_weights={"m": 2.5})
    yield "columns_through", through.fit(NUM), NUM[ROWS], {}
    sparse = ColumnTransformer([("c", onehot, [0, 1])], sparse_threshold=1.0)
    yield "columns_sparse", sparse.fit(NUM), NUM[ROWS], {}
    union = FeatureUnion([("a", StandardScaler()), ("b", MinMaxScaler()), ("no", "drop" if VERSION >= "0.22" else None)], transformer_weights={"b": 0.5})
    yield "union", union.fit(NUM), NUM[ROWS], {}
    yield "union_sparse", FeatureUnion([("o", OneHotEncoder(categories="auto")), ("s", StandardScaler())]).fit(NUM), NUM[ROWS], {}
    if VERSION >= "1.1":
        yield "union_through", FeatureUnion([("o", "passthrough"), ("s", StandardScaler())]).fit(NUM), NUM[ROWS], {}
    try:
        import pandas as pd
    except ImportError:
        return
    frame = pd.DataFrame({"kind": TEXT[:, 0], "size": GAPS[:, 0], "level": NUM[:, 1], "flag": TEXT[:, 1]})
    named = ColumnTransformer([("c", onehot, ["flag", "kind"]), ("n", numbers, ["size"])], remainder="passthrough")
    rows = frame.iloc[ROWS]
    yield "columns_named", named.fit(frame), rows, {}
    classes = np.array(["no", "yes"])[TARGET]
    yield "columns_model", make_pipeline(named, LogisticRegression(solver="lbfgs")).fit(frame, classes), rows, {}
    yield "columns_unused_text", ColumnTransformer([("n", numbers, ["size", "level"])]).fit(frame), rows, {}
    if VERSION >= "0.22":
        yield "columns_ordinal", ColumnTransformer([("o", OrdinalEncoder(), slice("kind", "kind")), ("s", StandardScaler(), ["level"])]).fit(frame), rows, {}


def cases(VERSION):
    for family in (encoders, labels, imputers, unions):
        yield from family(VERSION)
