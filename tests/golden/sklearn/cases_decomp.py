# SPDX-License-Identifier: BSD-3-Clause
"""Decompositions, mixtures, naive Bayes, perceptrons, covariances, kernel approximations and random projections: every
parameter that changes what a fitted model answers."""
import numpy as np
from sklearn import covariance, decomposition as dec, kernel_approximation as ka, mixture as mix, naive_bayes as nb
from sklearn import neural_network as nn, random_projection as rp

rs = np.random.RandomState(3)
X = rs.normal(size=(40, 5)) * [1.0, 2.0, 0.5, 3.0, 1.0] + [0.0, 1.0, -2.0, 5.0, 0.0]
POS = np.abs(X) + 0.05
COUNTS = rs.poisson(2.0, size=(40, 6)) * (rs.uniform(size=(40, 6)) > 0.3)
BITS = (rs.uniform(size=(40, 6)) > 0.5).astype(float)
y3 = (X[:, 0] + X[:, 1] > 1).astype(int) + (X[:, 3] > 6)
y2 = (y3 > 0).astype(int)
NAMES = np.array(["setosa", "versicolor", "virginica"])
MULTI = np.stack([X[:, 0] > 0, X[:, 1] > 1, X[:, 3] > 5], axis=1).astype(int)
TARGETS = np.stack([X[:, 0] + X[:, 1], X[:, 3] * X[:, 2]], axis=1)
R, RP, RC, RB = X[:7] + 0.1, POS[:8] * 1.1, COUNTS[:8] + 0.0, BITS[:8]


def since(version, wanted):
    key = [int(p) for p in version.split(".")[:2]]
    return key >= [int(p) for p in wanted.split(".")]


def linear(V):
    yield "ipca", dec.IncrementalPCA(n_components=2, batch_size=20).fit(X), R, {}
    yield "ipca_whiten", dec.IncrementalPCA(n_components=3, whiten=True, batch_size=20).fit(X), R, {}
    yield "svd", dec.TruncatedSVD(n_components=2, random_state=0).fit(X), R, {}
    yield "ica", dec.FastICA(n_components=2, random_state=0, whiten="unit-variance" if since(V, "1.1") else True).fit(X), R, {}
    if since(V, "1.1"):
        yield "ica_arbitrary", dec.FastICA(n_components=3, random_state=0, whiten="arbitrary-variance").fit(X), R, {}
    yield "ica_raw", dec.FastICA(random_state=0, whiten=False, max_iter=50).fit(X), R, {}
    yield "fa", dec.FactorAnalysis(n_components=2).fit(X), R, {}
    yield "fa_all", dec.FactorAnalysis(n_components=5, svd_method="lapack").fit(X), R, {}
    if since(V, "0.24"):
        yield "fa_varimax", dec.FactorAnalysis(n_components=3, rotation="varimax").fit(X), R, {}
    spca = dict(n_components=3, random_state=0, max_iter=30)
    yield "spca", dec.SparsePCA(alpha=0.5, **spca).fit(X), R, {}
    yield "spca_noridge", dec.SparsePCA(alpha=0.1, ridge_alpha=0.0, **spca).fit(X), R, {}
    wide = dec.SparsePCA(alpha=0.5, **spca).fit(X)
    wide.components_[2] = 0.0
    wide.ridge_alpha = 0.0
    yield "spca_singular", wide, R, {}
    few = dict(n_components=2, random_state=0)
    few.update(dict(max_iter=10) if since(V, "1.2") else dict(n_iter=20))
    yield "mbspca", dec.MiniBatchSparsePCA(alpha=0.5, **few).fit(X), R, {}
    yield "gauss_proj", rp.GaussianRandomProjection(n_components=3, random_state=0).fit(X), R, {}
    yield "sparse_proj", rp.SparseRandomProjection(n_components=3, random_state=0).fit(X), R, {}
    if since(V, "1.1"):
        yield "sparse_proj_inv", rp.SparseRandomProjection(n_components=4, compute_inverse_components=True, random_state=1).fit(X), R, {}


def coding(V):
    D = rs_dictionary()
    for how in ("omp", "lars", "threshold", "lasso_cd", "lasso_lars"):
        for more in ("", "_split", "_positive"):
            if more == "_positive" and how in ("omp", "lars"):
                continue
            if not since(V, "0.24") and more:
                continue
            made = dec.SparseCoder(D, transform_algorithm=how, transform_n_nonzero_coefs=3 if how in ("omp", "lars") else None,
                                   transform_alpha=0.4, split_sign=more == "_split", positive_code=more == "_positive")
            yield "coder_" + how + more, made.fit(X), R, {}
    yield "coder_lars_many", dec.SparseCoder(D, transform_algorithm="lars", transform_n_nonzero_coefs=8).fit(X), R, {}
    yield "coder_lars_path", dec.SparseCoder(D, transform_algorithm="lasso_lars", transform_alpha=0.001).fit(X), R, {}
    yield "coder_omp_all", dec.SparseCoder(D, transform_algorithm="omp", transform_n_nonzero_coefs=5).fit(X), R, {}
    yield "coder_default", dec.SparseCoder(D).fit(X), R, {}
    more = dict(n_components=4, random_state=0, fit_algorithm="cd")
    yield "dict", dec.DictionaryLearning(alpha=0.5, max_iter=8, transform_algorithm="lasso_lars", **more).fit(X), R, {}
    yield "dict_split", dec.DictionaryLearning(alpha=0.7, max_iter=8, transform_algorithm="lasso_cd", split_sign=True, **more).fit(X), R, {}
    more.update(dict(max_iter=5, batch_size=10) if since(V, "1.1") else dict(n_iter=20, batch_size=10))
    yield "mbdict", dec.MiniBatchDictionaryLearning(alpha=0.5, transform_algorithm="threshold", **more).fit(X), R, {}


def rs_dictionary():
    d = np.random.RandomState(11).normal(size=(8, 5))
    return d / np.linalg.norm(d, axis=1, keepdims=True)


def factors(V):
    some = dict(n_components=2, random_state=0, init="random", max_iter=100)
    yield "nmf", dec.NMF(**some).fit(POS), RP, {}
    yield "nmf_shuffle", dec.NMF(shuffle=True, **some).fit(POS), RP, {}
    stored = dict(some, random_state=np.random.RandomState(5))  # each transform draws on: the first is that of the file
    yield "nmf_randomstate", dec.NMF(shuffle=True, **stored).fit(POS), RP, dict(methods=("transform",))
    few = dict(some, max_iter=15)
    yield "nmf_mu", dec.NMF(solver="mu", **few).fit(POS), RP, {}
    yield "nmf_kl", dec.NMF(solver="mu", beta_loss="kullback-leibler", **few).fit(POS), RP, {}
    yield "nmf_is", dec.NMF(solver="mu", beta_loss="itakura-saito", **few).fit(POS), RP, {}
    yield "nmf_half", dec.NMF(solver="mu", beta_loss=0.5, **few).fit(POS), RP, {}
    yield "nmf_three", dec.NMF(solver="mu", beta_loss=3.0, **few).fit(POS), RP, {}
    zeros = np.vstack([COUNTS[:6] + 0.0, np.zeros((1, 6))])
    yield "nmf_zeros", dec.NMF(solver="mu", beta_loss=1.5, **few).fit(COUNTS + 0.0), zeros, {}
    if since(V, "1.0"):
        for solver, beta in (("cd", 2), ("mu", 2), ("mu", 1), ("mu", 0.5)):
            penal = dict(few, solver=solver, beta_loss=beta if solver == "mu" else "frobenius", alpha_W=0.02, alpha_H=0.1, l1_ratio=0.3)
            yield "nmf_reg_%s_%s" % (solver, beta), dec.NMF(**penal).fit(POS), RP, {}
    if not since(V, "1.2"):
        yield "nmf_alpha", dec.NMF(alpha=0.4, l1_ratio=0.3, **some).fit(POS), RP, {}
        yield "nmf_alpha_mu", dec.NMF(alpha=0.2, l1_ratio=0.6, solver="mu", beta_loss=1, **few).fit(POS), RP, {}
    if since(V, "0.24") and not since(V, "1.2"):
        for which in ("components", "transformation", None):
            yield "nmf_alpha_%s" % which, dec.NMF(alpha=0.4, regularization=which, **some).fit(POS), RP, {}
    if since(V, "1.1"):
        yield "mbnmf", dec.MiniBatchNMF(batch_size=20, **some).fit(POS), RP, {}
        yield "mbnmf_kl", dec.MiniBatchNMF(batch_size=20, beta_loss=1, alpha_W=0.03, l1_ratio=0.5, transform_max_iter=30, **few).fit(POS), RP, {}
    yield "lda", dec.LatentDirichletAllocation(n_components=3, random_state=0, max_iter=5).fit(COUNTS), RC, {}
    yield "lda_online", dec.LatentDirichletAllocation(n_components=4, random_state=1, max_iter=4, learning_method="online", doc_topic_prior=0.6,
                                                      mean_change_tol=1e-5, max_doc_update_iter=60).fit(COUNTS), RC, {}


def densities(V):
    for kind in ("full", "tied", "diag", "spherical"):
        yield "gmm_" + kind, mix.GaussianMixture(2, covariance_type=kind, random_state=0).fit(X), R, {}
        yield "bgm_" + kind, mix.BayesianGaussianMixture(n_components=2, covariance_type=kind, random_state=0, max_iter=200).fit(X), R, {}
    yield "bgm_dirichlet", mix.BayesianGaussianMixture(n_components=3, weight_concentration_prior_type="dirichlet_distribution",
                                                       random_state=0, max_iter=200).fit(X), R, {}
    yield "gmm_one", mix.GaussianMixture(1).fit(X), R, {}
    yield "cov", covariance.EmpiricalCovariance().fit(X), R, {}
    yield "cov_nostore", covariance.EmpiricalCovariance(store_precision=False, assume_centered=True).fit(X), R, {}
    flat = np.hstack([X, X[:, :1]])
    yield "cov_singular", covariance.EmpiricalCovariance(store_precision=False).fit(flat), flat[:7] + 0.1, {}
    yield "cov_shrunk", covariance.ShrunkCovariance(shrinkage=0.3).fit(X), R, {}
    yield "cov_lw", covariance.LedoitWolf().fit(X), R, {}
    yield "cov_oas", covariance.OAS(store_precision=False).fit(X), R, {}
    yield "cov_lasso", covariance.GraphicalLasso(alpha=0.2).fit(X), R, {}
    yield "cov_lasso_cv", covariance.GraphicalLassoCV(alphas=3, cv=3).fit(X), R, {}
    yield "cov_mcd", covariance.MinCovDet(random_state=0).fit(X), R, {}
    yield "envelope", covariance.EllipticEnvelope(random_state=0, contamination=0.3).fit(X), R, {}
    yield "envelope_nostore", covariance.EllipticEnvelope(random_state=0, store_precision=False).fit(X), R * 2, {}


def bayes(V):
    yield "gnb", nb.GaussianNB().fit(X, y3), R, {}
    yield "gnb_str", nb.GaussianNB(priors=[0.2, 0.5, 0.3], var_smoothing=1e-3).fit(X, NAMES[y3]), R, {}
    yield "gnb_bool", nb.GaussianNB().fit(X, y2.astype(bool)), R, {}
    yield "mnb", nb.MultinomialNB(alpha=0.5).fit(COUNTS, y3), RC, {}
    yield "mnb_binary", nb.MultinomialNB(class_prior=[0.3, 0.7]).fit(COUNTS, NAMES[y2]), RC, {}
    yield "cnb", nb.ComplementNB().fit(COUNTS, y3), RC, {}
    yield "cnb_norm", nb.ComplementNB(norm=True, alpha=0.3).fit(COUNTS, y2), RC, {}
    yield "cnb_one", nb.ComplementNB().fit(COUNTS, np.zeros(40, int)), RC, {}
    yield "bnb", nb.BernoulliNB().fit(COUNTS, y3), RC, {}
    yield "bnb_threshold", nb.BernoulliNB(binarize=1.5, fit_prior=False).fit(COUNTS, NAMES.astype(object)[y2]), RC, {}
    yield "bnb_raw", nb.BernoulliNB(binarize=None).fit(BITS, y3), RB, {}
    if since(V, "0.22"):
        yield "catnb", nb.CategoricalNB().fit(COUNTS, y3), np.minimum(RC, COUNTS.max(axis=0)), {}
        yield "catnb_half", nb.CategoricalNB(alpha=0.1).fit(COUNTS, NAMES[y3]), RC * 0.5 + 0.4, {}
    if since(V, "0.24"):
        yield "catnb_min", nb.CategoricalNB(min_categories=20).fit(COUNTS, y2), RC + 5, {}


def networks(V):
    def fast(**more):
        return dict(dict(hidden_layer_sizes=(4,), max_iter=15, random_state=0, solver="lbfgs"), **more)
    for act in ("identity", "logistic", "tanh", "relu"):
        yield "mlp_" + act, nn.MLPClassifier(**fast(activation=act)).fit(X, y3), R, {}
    yield "mlp_str", nn.MLPClassifier(**fast(hidden_layer_sizes=(3, 4))).fit(X, NAMES[y3]), R, {}
    yield "mlp_binary", nn.MLPClassifier(**fast()).fit(X, NAMES[y2]), R, {}
    yield "mlp_multilabel", nn.MLPClassifier(**fast()).fit(X, MULTI), R, {}
    yield "mlp_adam", nn.MLPClassifier(**fast(solver="adam", early_stopping=True)).fit(X, y2), R, {}
    yield "mlpr", nn.MLPRegressor(**fast()).fit(X, TARGETS[:, 0]), R, {}
    yield "mlpr_two", nn.MLPRegressor(**fast(activation="tanh", hidden_layer_sizes=())).fit(X, TARGETS), R, {}
    yield "mlpr_sgd", nn.MLPRegressor(**fast(solver="sgd", learning_rate_init=1e-4)).fit(X, TARGETS[:, 0]), R, {}
    if since(V, "1.7"):
        yield "mlpr_poisson", nn.MLPRegressor(loss="poisson", **fast()).fit(X, COUNTS[:, 0]), R, {}
    yield "rbm", nn.BernoulliRBM(n_components=3, random_state=0, n_iter=3).fit(BITS), RB, {}


def maps(V):
    yield "rbf", ka.RBFSampler(gamma=0.3, n_components=7, random_state=0).fit(X), R, {}
    if since(V, "1.2"):
        yield "rbf_scale", ka.RBFSampler(gamma="scale", n_components=5, random_state=0).fit(X), R, {}
    yield "skewed", ka.SkewedChi2Sampler(skewedness=3.5, n_components=6, random_state=0).fit(POS), R[:, [0, 0, 2, 3, 4]] * 0.5, {}
    for steps in (1, 2, 3):
        yield "chi2_%d" % steps, ka.AdditiveChi2Sampler(sample_steps=steps).fit(COUNTS + 0.0), RC, {}
    yield "chi2_interval", ka.AdditiveChi2Sampler(sample_steps=5, sample_interval=0.3).fit(POS), RP, {}
    if since(V, "0.24"):
        yield "sketch", ka.PolynomialCountSketch(n_components=9, random_state=0).fit(X), R, {}
        yield "sketch_coef0", ka.PolynomialCountSketch(degree=3, gamma=0.4, coef0=1.5, n_components=12, random_state=1).fit(X), R, {}
        yield "sketch_one", ka.PolynomialCountSketch(degree=1, n_components=3, random_state=1).fit(X), R, {}


# What differs between versions; the newest makes all cases.
OLD = {"ipca_whiten", "svd", "ica", "fa", "spca", "mbspca", "sparse_proj", "coder_lasso_lars", "dict", "mbdict", "nmf", "nmf_randomstate", "nmf_half", "nmf_alpha",
       "nmf_alpha_mu", "nmf_alpha_transformation", "nmf_reg_cd_2", "nmf_reg_mu_1", "mbnmf_kl", "lda", "gmm_tied", "bgm_full", "envelope", "cov_lasso_cv",
       "gnb_str", "mnb", "bnb", "catnb", "mlp_multilabel", "mlpr", "mlp_adam", "rbm", "rbf", "chi2_2", "sketch"}


def cases(VERSION):
    for some in (linear, coding, factors, densities, bayes, networks, maps):
        for case in some(VERSION):
            if since(VERSION, "1.9") or case[0] in OLD:
                yield case
