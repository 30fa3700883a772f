# SPDX-License-Identifier: BSD-3-Clause
"""Linear models, their relatives, dummies, isotonic regression, discriminant analyses, partial least squares."""
import numpy as np
from sklearn import linear_model as lm
from sklearn.cross_decomposition import CCA, PLSCanonical, PLSRegression, PLSSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.svm import LinearSVC, LinearSVR

rs = np.random.RandomState(11)
X = np.round(rs.normal(size=(40, 4)) * [1.0, 2.0, 0.5, 3.0] + [0.0, 1.0, -2.0, 5.0], 3)
y = np.round(X.dot([1.0, -0.5, 2.0, 0.3]) + 0.1 * rs.normal(size=40), 3)
Y = np.round(np.c_[y, X.dot([0.2, 0.1, -1.0, 0.5])] + 0.1 * rs.normal(size=(40, 2)), 3)
c3 = np.digitize(X[:, 0] + X[:, 1] + 0.3 * rs.normal(size=40), [0.0, 2.0])
c2 = (c3 > 0).astype(int)
L = np.c_[X[:, 0] > 0, X[:, 1] > 1, X[:, 3] > 5].astype(int)
ROWS = X[:7] + 0.05
NAMES = np.array(["low", "middle", "high"])
FULL = ("1.9.1",)


def at_least(version, wanted):
    return [int(p) for p in version.split(".")[:2]] >= [int(p) for p in wanted.split(".")]


def no_penalty(version):
    return None if at_least(version, "1.2") else "none"


def regressors(version):
    yield "linear", lm.LinearRegression().fit(X, y)
    yield "linear_many", lm.LinearRegression().fit(X, Y)
    yield "linear_through_0", lm.LinearRegression(fit_intercept=False).fit(X, Y)
    if at_least(version, "0.24"):
        yield "linear_positive", lm.LinearRegression(positive=True).fit(X, Y)
    yield "ridge", lm.Ridge(alpha=0.7).fit(X, Y)
    yield "ridge_column", lm.Ridge(alpha=0.7).fit(X, y[:, None])
    yield "ridge_cv", lm.RidgeCV(alphas=[0.1, 1.0]).fit(X, Y)
    if not at_least(version, "1.5"):
        yield "ridge_cv_stored", lm.RidgeCV(store_cv_values=True).fit(X, y)
    elif at_least(version, "1.7"):
        yield "ridge_cv_stored", lm.RidgeCV(store_cv_results=True).fit(X, y)
    yield "lasso", lm.Lasso(alpha=0.1).fit(X, y)
    yield "elastic_net_many", lm.ElasticNet(alpha=0.1).fit(X, Y)
    yield "elastic_net_cv", lm.ElasticNetCV(cv=3).fit(X, y)
    yield "lasso_cv", lm.LassoCV(cv=3, alphas=[0.1, 0.01]).fit(X, y)
    yield "multi_task_lasso", lm.MultiTaskLasso(alpha=0.1).fit(X, Y)
    yield "multi_task_elastic_net", lm.MultiTaskElasticNet(alpha=0.1).fit(X, Y)
    yield "multi_task_lasso_cv", lm.MultiTaskLassoCV(cv=3).fit(X, Y)
    yield "multi_task_elastic_net_cv", lm.MultiTaskElasticNetCV(cv=3).fit(X, Y)
    yield "lars", lm.Lars().fit(X, Y)
    yield "lars_cv", lm.LarsCV(cv=3).fit(X, y)
    yield "lasso_lars", lm.LassoLars(alpha=0.01).fit(X, y)
    yield "lasso_lars_cv", lm.LassoLarsCV(cv=3).fit(X, y)
    yield "lasso_lars_ic", lm.LassoLarsIC().fit(X, y)
    yield "omp", lm.OrthogonalMatchingPursuit(n_nonzero_coefs=2).fit(X, Y)
    yield "omp_cv", lm.OrthogonalMatchingPursuitCV(cv=3).fit(X, y)
    yield "bayesian_ridge", lm.BayesianRidge().fit(X, y)
    yield "ard", lm.ARDRegression(threshold_lambda=300.0).fit(X, X[:, 0] * 2.0 + 0.01 * rs.normal(size=40))
    if not at_least(version, "1.2"):
        yield "bayesian_ridge_normalize", lm.BayesianRidge(normalize=True).fit(X, y)
        yield "ard_normalize", lm.ARDRegression(normalize=True).fit(X, y)
        yield "lasso_normalize", lm.Lasso(alpha=0.01, normalize=True).fit(X, y)
    yield "huber", lm.HuberRegressor().fit(X, y)
    yield "theil_sen", lm.TheilSenRegressor(random_state=0).fit(X, y)
    yield "ransac", lm.RANSACRegressor(random_state=0).fit(X, y)
    yield "ransac_ridge", lm.RANSACRegressor(lm.Ridge(alpha=0.1), min_samples=10, random_state=0).fit(X, Y)
    yield "sgd_regressor", lm.SGDRegressor(random_state=0, penalty=no_penalty(version)).fit(X, y)
    yield "sgd_huber", lm.SGDRegressor(loss="huber", average=True, random_state=0).fit(X, y)
    yield "passive_aggressive_regressor", lm.PassiveAggressiveRegressor(random_state=0).fit(X, y)
    yield "linear_svr", LinearSVR(random_state=0, max_iter=100000).fit(X, y)
    if at_least(version, "0.23"):
        positive = np.exp(y / 4.0)
        yield "poisson", lm.PoissonRegressor(alpha=0.1).fit(X, positive)
        yield "gamma", lm.GammaRegressor(alpha=0.1).fit(X, positive)
        yield "tweedie", lm.TweedieRegressor(power=1.5, alpha=0.1).fit(X, positive)
        yield "tweedie_normal", lm.TweedieRegressor(power=0, alpha=0.1).fit(X, y)
        yield "tweedie_log", lm.TweedieRegressor(power=0, link="log", alpha=0.1).fit(X, positive)
        yield "tweedie_identity", lm.TweedieRegressor(power=2, link="identity", alpha=10.0).fit(X, positive + 10.0)
    if at_least(version, "1.0"):
        yield "quantile", lm.QuantileRegressor(quantile=0.3, alpha=0.01, solver="highs").fit(X, y)
    yield "isotonic", IsotonicRegression(out_of_bounds="clip").fit(X[:, 0], y)
    yield "isotonic_nan", IsotonicRegression(increasing=False).fit(X[:20, 0], y[:20])
    yield "isotonic_f32", IsotonicRegression(out_of_bounds="clip").fit(X[:, 0].astype("float32"), y.astype("float32"))
    yield "isotonic_constant", IsotonicRegression(increasing=False).fit(np.arange(5.0), np.arange(5.0))
    for strategy in ("mean", "median"):
        yield "dummy_" + strategy, DummyRegressor(strategy=strategy).fit(X, Y)
    yield "dummy_quantile", DummyRegressor(strategy="quantile", quantile=0.2).fit(X, y)
    yield "dummy_constant", DummyRegressor(strategy="constant", constant=4.25).fit(X, y)
    yield "pls", PLSRegression(n_components=2).fit(X, Y)
    yield "pls_vector", PLSRegression(n_components=3, scale=False).fit(X, y)
    yield "pls_canonical", PLSCanonical(n_components=2).fit(X, Y)
    yield "cca", CCA(n_components=1).fit(X, Y)
    yield "pls_svd", PLSSVD(n_components=2).fit(X, Y)


def classifiers(version):
    yield "logistic_liblinear", lm.LogisticRegression(solver="liblinear").fit(X, c2)
    yield "logistic_saga", lm.LogisticRegression(solver="saga", max_iter=3000, random_state=0).fit(X, NAMES[c3])
    yield "logistic_cv", lm.LogisticRegressionCV(cv=3, Cs=2, max_iter=500).fit(X, NAMES[c3])
    yield "logistic_cv_2", lm.LogisticRegressionCV(cv=3, Cs=2, max_iter=500).fit(X, c2 > 0)
    if not at_least(version, "1.8"):
        yield "logistic_cv_ovr", lm.LogisticRegressionCV(cv=3, Cs=2, multi_class="ovr", max_iter=500).fit(X, c3)
    yield "ridge_classifier", lm.RidgeClassifier().fit(X, NAMES[c3])
    yield "ridge_classifier_2", lm.RidgeClassifier(fit_intercept=False).fit(X, c2 > 0)
    if at_least(version, "1.0"):
        yield "ridge_classifier_many", lm.RidgeClassifier().fit(X, L)
    yield "ridge_classifier_cv", lm.RidgeClassifierCV().fit(X, c3 * 2.0)
    yield "sgd_hinge", lm.SGDClassifier(random_state=0).fit(X, c3)
    yield "sgd_hinge_2", lm.SGDClassifier(random_state=0, penalty=no_penalty(version), average=True).fit(X, NAMES[c2])
    log = "log_loss" if at_least(version, "1.1") else "log"
    squared = "squared_error" if at_least(version, "1.0") else "squared_loss"
    yield "sgd_log", lm.SGDClassifier(loss=log, random_state=0).fit(X, c3)
    yield "sgd_log_2", lm.SGDClassifier(loss=log, random_state=0, fit_intercept=False).fit(X, c2)
    yield "sgd_modified_huber", lm.SGDClassifier(loss="modified_huber", random_state=0).fit(X, c3)
    yield "sgd_modified_huber_2", lm.SGDClassifier(loss="modified_huber", random_state=0).fit(X, c2)
    yield "sgd_squared", lm.SGDClassifier(loss=squared, random_state=0, alpha=1.0).fit(X / 10.0, c2)
    yield "sgd_sparse", lm.SGDClassifier(random_state=0, penalty="l1", alpha=0.1).fit(X, c3).sparsify()
    yield "perceptron", lm.Perceptron(random_state=0).fit(X, NAMES[c3])
    yield "passive_aggressive", lm.PassiveAggressiveClassifier(random_state=0).fit(X, c2)
    yield "linear_svc", LinearSVC(random_state=0, max_iter=100000).fit(X, c3)
    yield "linear_svc_singer_2", LinearSVC(multi_class="crammer_singer", random_state=0, max_iter=100000).fit(X, c2)
    yield "linear_svc_through_0", LinearSVC(fit_intercept=False, random_state=0, max_iter=100000).fit(X, NAMES[c2])
    if at_least(version, "1.0"):
        yield "sgd_one_class", lm.SGDOneClassSVM(random_state=0).fit(X)
        yield "sgd_one_class_average", lm.SGDOneClassSVM(random_state=0, average=True, nu=0.2).fit(X)
    yield "lda", LinearDiscriminantAnalysis().fit(X, NAMES[c3])
    yield "lda_1", LinearDiscriminantAnalysis(n_components=1).fit(X, c3)
    yield "lda_eigen", LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(X, c3)
    yield "lda_lsqr_2", LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1).fit(X, c2)
    yield "qda", QuadraticDiscriminantAnalysis(reg_param=0.01).fit(X, NAMES[c3])
    yield "qda_2", QuadraticDiscriminantAnalysis(priors=[0.3, 0.7]).fit(X, c2)
    yield "dummy_prior", DummyClassifier(strategy="prior").fit(X, NAMES[c3])
    for strategy in ("stratified", "uniform"):
        yield "dummy_" + strategy, DummyClassifier(strategy=strategy, random_state=3).fit(X, NAMES[c3])
        yield "dummy_" + strategy + "_many", DummyClassifier(strategy=strategy, random_state=4).fit(X, np.c_[c3, c2 + 5])
    yield "dummy_frequent", DummyClassifier(strategy="most_frequent").fit(X, c3)
    yield "dummy_frequent_many", DummyClassifier(strategy="most_frequent").fit(X, np.c_[c3, c2 + 5])
    yield "dummy_class", DummyClassifier(strategy="constant", constant="middle").fit(X, NAMES[c3])
    yield "dummy_classes", DummyClassifier(strategy="constant", constant=[1, 5]).fit(X, np.c_[c3, c2 + 5])


def rows_for(name):
    if name.startswith("isotonic"):
        return (ROWS[:, 0] * 2.0).astype("float32" if name == "isotonic_f32" else "float64")
    return ROWS


def options_for(name):
    if name.startswith(("bayesian", "ard")):
        # What 1.2 to 1.8 answer to return_std cannot always be had in other versions: test_bayes.c asks for it.
        return dict(methods=("predict", "predict_std"), listed=("predict",))
    # Until 1.2, predict gave a column where y had been a vector.
    if name == "pls_vector":
        return dict(listed=("transform", "inverse_transform"))
    if name.startswith("pls_svd"):
        return dict(methods=("transform",))
    return {}


def cases(VERSION):
    few = ("ridge_cv", "elastic_net_cv", "bayesian_ridge", "ard", "tweedie", "ransac_ridge", "sgd_log", "sgd_huber", "pls",
           "logistic_cv", "ridge_classifier_many", "lda", "qda_2", "dummy_class", "isotonic", "linear_svc", "sgd_hinge_2")
    for maker in (regressors, classifiers):
        for name, model in maker(VERSION):
            if VERSION in FULL or name in few or "normalize" in name:
                yield name, model, rows_for(name), options_for(name)
