# SPDX-License-Identifier: BSD-3-Clause
"""Estimators that hold other estimators: ensembles, stacks, votes, wrappers, searches, selectors."""
import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import (AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor, VotingClassifier)
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

rs = np.random.RandomState(11)
X = rs.normal(size=(48, 5)) * [1.0, 2.0, 0.5, 3.0, 1.0] + [0.0, 1.0, -2.0, 5.0, 0.0]
y3 = (X[:, 0] + X[:, 1] > 1).astype(int) + (X[:, 3] > 6)
y2 = (y3 > 0).astype(int)
yr = X[:, 0] * 2 - X[:, 3] + rs.normal(size=48) * 0.3
ROWS = X[:8] + 0.1
NAMES = np.array(["red", "green", "blue"])


def lr(**more):
    return LogisticRegression(**dict(dict(max_iter=200, solver="lbfgs"), **more))


def estimator(version, value):
    return {"estimator" if version >= "1.2" else "base_estimator": value}


def ensembles(V):
    from sklearn.ensemble import StackingClassifier, StackingRegressor, VotingRegressor
    named = [("a", lr()), ("b", lr(C=0.05)), ("c", make_pipeline(StandardScaler(), lr()))]
    yield "voting_hard", VotingClassifier(named).fit(X, NAMES[y3]), ROWS, {}
    yield "voting_hard_weights", VotingClassifier(named, weights=[1, 3, 1.5]).fit(X, NAMES[y3]), ROWS, {}
    yield "voting_soft", VotingClassifier(named, voting="soft", weights=[1, 2, 0.5]).fit(X, y3 + 5), ROWS, {}
    dropped = VotingClassifier([named[0], ("b", "drop"), named[2]], voting="soft", weights=[1, 2, 3])
    yield "voting_drop", dropped.fit(X, NAMES[y2]), ROWS, {}
    yield "bagging", BaggingClassifier(**dict(estimator(V, lr()), n_estimators=3, max_features=0.6, random_state=0)).fit(X, NAMES[y3]), ROWS, {}
    y_rare = np.where(np.arange(48) < 2, 2, y2)
    few = BaggingClassifier(**dict(estimator(V, lr()), n_estimators=4, max_samples=0.3, random_state=3))
    yield "bagging_classes", few.fit(X, y_rare), ROWS, {}
    stack = StackingClassifier(named[:2], cv=3, passthrough=True)
    yield "stacking", stack.fit(X, NAMES[y3]), ROWS, {}
    yield "stacking_binary", StackingClassifier(named[:2], cv=3, stack_method="decision_function").fit(X, NAMES[y2]), ROWS, {}
    if V >= "1.2":
        prefit = StackingClassifier([("a", lr().fit(X, y3)), ("b", "drop")], cv="prefit", stack_method="predict")
        yield "stacking_prefit", prefit.fit(X, y3), ROWS, {}
    boost = dict(estimator(V, lr()), n_estimators=3, random_state=0)
    if V < "1.6":
        yield "ada_samme_r", AdaBoostClassifier(**dict(boost, algorithm="SAMME.R")).fit(X, NAMES[y3]), ROWS, {}
        yield "ada_samme_r2", AdaBoostClassifier(**dict(boost, algorithm="SAMME.R")).fit(X, NAMES[y2]), ROWS, {}
    boost = boost if V >= "1.6" else dict(boost, algorithm="SAMME")
    yield "ada_samme", AdaBoostClassifier(**boost).fit(X, NAMES[y3]), ROWS, {}
    yield "ada_samme2", AdaBoostClassifier(**boost).fit(X, NAMES[y2]), ROWS, {}


def wrappers(V):
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
    from sklearn.svm import LinearSVC
    yield "calibrated", CalibratedClassifierCV(lr(), cv=2).fit(X, NAMES[y3]), ROWS, {}
    yield "calibrated_binary", CalibratedClassifierCV(lr(), cv=2).fit(X, NAMES[y2]), ROWS, {}
    yield "calibrated_isotonic", CalibratedClassifierCV(lr(), method="isotonic", cv=2).fit(X, y3), ROWS, {}
    tree = DecisionTreeClassifier(max_depth=2, random_state=0)
    yield "calibrated_tree", CalibratedClassifierCV(tree, cv=2).fit(X, y2), ROWS, {}
    if V < "1.8":
        yield "calibrated_prefit", CalibratedClassifierCV(lr().fit(X, y3), cv="prefit").fit(X, y3), ROWS, {}
    if V >= "0.24":
        yield "calibrated_one", CalibratedClassifierCV(lr(), cv=2, ensemble=False).fit(X, y3), ROWS, {}
    if V >= "1.8":
        yield "calibrated_temperature", CalibratedClassifierCV(lr(), method="temperature", cv=2).fit(X, y3), ROWS, {}
        yield "calibrated_temperature2", CalibratedClassifierCV(tree, method="temperature", cv=2).fit(X, NAMES[y2]), ROWS, {}
    yield "ovr", OneVsRestClassifier(lr()).fit(X, NAMES[y3]), ROWS, {}
    yield "ovr_binary", OneVsRestClassifier(lr()).fit(X, NAMES[y2]), ROWS, {}
    labels = np.column_stack([y2, y3 == 1, y3 == 2, np.ones(48)]).astype(int)
    yield "ovr_labels", OneVsRestClassifier(lr()).fit(X, labels), ROWS, {}
    yield "ovr_tree", OneVsRestClassifier(tree).fit(X, y3), ROWS, {}
    yield "ovo", OneVsOneClassifier(lr()).fit(X, NAMES[y3]), ROWS, {}
    yield "ovo_binary", OneVsOneClassifier(lr()).fit(X, NAMES[y2]), ROWS, {}
    yield "ovo_tree", OneVsOneClassifier(tree).fit(X, y3), ROWS, {}
    yield "output_code", OutputCodeClassifier(LinearSVC(random_state=0), code_size=2.5, random_state=0).fit(X, NAMES[y3]), ROWS, {}
    yield "output_code_proba", OutputCodeClassifier(lr(), code_size=1.5, random_state=4).fit(X, y3), ROWS, {}


def pipeline_of(model):
    return make_pipeline(StandardScaler(), model)


def delegates(V):
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
    from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
    grid = GridSearchCV(pipeline_of(lr()), {"logisticregression__C": [0.1, 1.0]}, cv=2, scoring="accuracy")
    yield "grid", grid.fit(X, NAMES[y3]), ROWS, {}
    search = RandomizedSearchCV(lr(), {"C": [0.1, 1.0, 2.0]}, n_iter=2, cv=2, random_state=0)
    yield "randomized", search.fit(X, y3), ROWS, {}
    yield "grid_transform", GridSearchCV(PCA(), {"n_components": [1, 2]}, cv=2).fit(X), ROWS, dict(methods=("transform", "inverse_transform"))
    yield "target", TransformedTargetRegressor(Ridge(), transformer=StandardScaler()).fit(X, yr), ROWS, {}
    yield "target_log", TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1).fit(X, abs(yr)), ROWS, {}
    both = np.column_stack([yr, yr ** 2])
    yield "target_two", TransformedTargetRegressor(LinearRegression(), transformer=MinMaxScaler()).fit(X, both), ROWS, {}
    targets = np.array([[NAMES[a], "certainly" if b else "no"] for a, b in zip(y3, y2)], dtype=object)
    yield "multi_output", MultiOutputClassifier(lr()).fit(X, targets), ROWS, {}
    yield "multi_output_regressor", MultiOutputRegressor(Ridge()).fit(X, both), ROWS, {}
    labels = np.column_stack([y2, y3 == 1, y3 == 2]).astype(int)
    answers = dict(methods=("predict", "predict_proba", "decision_function"))
    yield "chain", ClassifierChain(lr(), order=[2, 0, 1]).fit(X, labels), ROWS, answers
    yield "chain_cv", ClassifierChain(lr(), cv=2, order="random", random_state=1).fit(X, labels), ROWS, answers
    if V >= "1.5":
        for method in ("predict_proba", "predict_log_proba", "decision_function"):
            yield "chain_" + method, ClassifierChain(lr(), chain_method=method).fit(X, labels), ROWS, {}
    yield "chain_regressor", RegressorChain(Ridge(), order=[1, 0]).fit(X, both), ROWS, {}


def newer(V):
    if V >= "0.24":
        from sklearn.semi_supervised import SelfTrainingClassifier
        unknown = np.where(np.arange(48) % 3 == 0, -1, y3)
        yield "self_training", SelfTrainingClassifier(lr()).fit(X, unknown), ROWS, {}
        from sklearn.experimental import enable_halving_search_cv  # noqa: F401
        from sklearn.model_selection import HalvingGridSearchCV
        yield "halving", HalvingGridSearchCV(lr(), {"C": [0.1, 1.0, 3.0]}, cv=2, random_state=0, min_resources=20).fit(X, y2), ROWS, {}
    if V >= "1.5":
        from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
        yield "fixed_threshold", FixedThresholdClassifier(lr(), threshold=0.3).fit(X, NAMES[y2]), ROWS, {}
        fixed = FixedThresholdClassifier(lr(), threshold=0.4, pos_label="green", response_method="decision_function")
        yield "fixed_threshold_label", fixed.fit(X, NAMES[y2]), ROWS, {}
        yield "tuned_threshold", TunedThresholdClassifierCV(lr(), cv=2, thresholds=10).fit(X, NAMES[y2]), ROWS, {}
        yield "tuned_threshold_f1", TunedThresholdClassifierCV(lr(), scoring="f1", cv=2, thresholds=10).fit(X, y2), ROWS, {}
    if V >= "1.6":
        from sklearn.frozen import FrozenEstimator
        from sklearn.model_selection import FixedThresholdClassifier
        yield "frozen", FrozenEstimator(pipeline_of(lr()).fit(X, y3)), ROWS, {}
        yield "frozen_threshold", FixedThresholdClassifier(FrozenEstimator(lr().fit(X, y2))).fit(X, y2), ROWS, {}


def selectors(V):
    import sklearn.feature_selection as fs
    wide = np.hstack([X, X[:, :2] ** 2, np.ones((48, 1))])
    few = dict(methods=("transform", "inverse_transform"))
    rows = wide[:6]
    yield "k_best", fs.SelectKBest(k=3).fit(wide[:, :7], y3), rows[:, :7], few
    yield "k_best_nan", fs.SelectKBest(k=4).fit(wide, y3), rows, few
    yield "k_all", fs.SelectKBest(fs.chi2, k="all").fit(abs(wide), y3), abs(rows), few
    yield "percentile", fs.SelectPercentile(percentile=40).fit(wide[:, :7], y3), rows[:, :7], few
    twice = np.hstack([X, X])
    yield "percentile_ties", fs.SelectPercentile(percentile=45).fit(twice, y3), twice[:6], few
    yield "fpr", fs.SelectFpr(alpha=0.1).fit(wide[:, :7], y3), rows[:, :7], few
    yield "fdr", fs.SelectFdr(alpha=0.1).fit(wide[:, :7], y3), rows[:, :7], few
    yield "fwe", fs.SelectFwe(alpha=0.1).fit(wide[:, :7], y3), rows[:, :7], few
    for mode, param in (("percentile", 30), ("k_best", 2), ("fpr", 0.01), ("fdr", 0.05), ("fwe", 0.05)):
        yield "generic_" + mode, fs.GenericUnivariateSelect(fs.f_regression, mode=mode, param=param).fit(X, yr), ROWS, few
    yield "variance", fs.VarianceThreshold(0.5).fit(wide), rows, few
    yield "rfe", fs.RFE(lr(), n_features_to_select=2).fit(X, NAMES[y3]), ROWS, {}
    yield "rfecv", fs.RFECV(lr(), cv=2, min_features_to_select=2).fit(X, y3), ROWS, {}
    for threshold in (None, "median", "1.25*mean", 0.4):
        name = "model_" + str(threshold).replace("*", "_").replace(".", "_")
        yield name, fs.SelectFromModel(lr(), threshold=threshold).fit(X, y3), ROWS, few
    yield "model_norm", fs.SelectFromModel(lr(), max_features=2, threshold=-np.inf, norm_order=3).fit(X, y3), ROWS, few
    yield "model_prefit", fs.SelectFromModel(LogisticRegression(C=0.2).fit(X, y2), prefit=True), ROWS, few
    yield "model_tree", fs.SelectFromModel(DecisionTreeRegressor(max_depth=3, random_state=0)).fit(X, yr), ROWS, few
    yield "model_boost", fs.SelectFromModel(AdaBoostClassifier(n_estimators=2, random_state=0)).fit(X, y2), ROWS, few
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
    yield "model_forest", fs.SelectFromModel(RandomForestClassifier(3, max_depth=2, random_state=0)).fit(X, y3), ROWS, few
    yield "model_gradient", fs.SelectFromModel(GradientBoostingRegressor(n_estimators=3, random_state=0)).fit(X, yr), ROWS, few
    if V >= "0.24":
        pipe = make_pipeline(StandardScaler(), lr())
        yield "model_getter", fs.SelectFromModel(pipe, importance_getter="named_steps.logisticregression.coef_").fit(X, y3), ROWS, few
        yield "sequential", fs.SequentialFeatureSelector(lr(), n_features_to_select=2, cv=2).fit(X, y3), ROWS, few


# What other versions than the newest keep: attributes or rules that changed between versions.
OLDER = ("voting_hard_weights voting_drop bagging bagging_classes stacking stacking_binary ada_samme_r ada_samme_r2 ada_samme ada_samme2 "
         "calibrated calibrated_isotonic calibrated_prefit calibrated_one ovr ovr_labels ovr_tree ovo_binary output_code chain "
         "chain_predict_proba grid target_two multi_output self_training percentile_ties rfe model_1_25_mean model_forest").split()


def cases(VERSION):
    for make in (ensembles, wrappers, delegates, newer, selectors):
        for name, model, rows, options in make(VERSION):
            if VERSION >= "1.9" or name in OLDER:
                yield name, model, rows, options
