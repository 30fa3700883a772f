# SPDX-License-Identifier: BSD-3-Clause
"""Kernel machines, Gaussian processes, labels that spread, and the transformers of sklearn.preprocessing that make features of
features."""
import numpy as np
import scipy.sparse
from sklearn.decomposition import KernelPCA
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (ConstantKernel, DotProduct, ExpSineSquared, Exponentiation, Matern, PairwiseKernel, RBF,
                                              RationalQuadratic, WhiteKernel)
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, KernelCenterer, MaxAbsScaler, Normalizer,
                                   PolynomialFeatures, PowerTransformer, QuantileTransformer, RobustScaler)
from sklearn.semi_supervised import LabelPropagation, LabelSpreading
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

rs = np.random.RandomState(11)
X = rs.normal(size=(24, 3)) * [1.0, 2.0, 0.5] + [0.0, 1.0, -1.0]
y3 = (X[:, 0] + X[:, 1] > 0.5).astype(int) + (X[:, 1] - X[:, 2] > 2.5)
y2 = (y3 > 0).astype(int)
NAMES = np.array(["setosa", "versicolor", "virginica"])
T = X[:, 0] * 2 + np.sin(X[:, 1])
T2 = np.column_stack([T, T ** 2])
ROWS = X[:8] + 0.15
K, K_ROWS = X.dot(X.T), ROWS.dot(X.T)
POSITIVE, POSITIVE_ROWS = np.abs(X) + 0.1, np.abs(ROWS) + 0.05
HOLES, HOLES_ROWS = X.copy(), ROWS.copy()
HOLES[3, 1] = HOLES_ROWS[2, 0] = np.nan
PART = np.where(np.arange(24) % 3 == 0, -1, y3)


def at_least(VERSION, least):
    return tuple(int(n) for n in VERSION.split(".")[:2]) >= least


def machines(VERSION):
    probability = dict(probability=True, random_state=0)
    yield "svc_rbf", SVC(gamma="scale").fit(X, y3), ROWS, {}
    yield "svc_binary_proba", SVC(gamma=0.3, **probability).fit(X, y2), ROWS, {}
    yield "svc_proba_names", SVC(gamma="auto", **probability).fit(X, NAMES[y3]), ROWS, {}
    yield "svc_poly_ovo", SVC(kernel="poly", degree=2, coef0=0.5, gamma=0.2, decision_function_shape="ovo").fit(X, y3), ROWS, {}
    yield "svc_csr", SVC(kernel="linear", gamma=0.1).fit(scipy.sparse.csr_matrix(X), y3), ROWS, dict(methods=("predict",))
    yield "svc_precomputed", SVC(kernel="precomputed", gamma=0.1).fit(K, y3), K_ROWS, {}
    yield "svr_sigmoid", SVR(kernel="sigmoid", gamma=0.05, C=2.0).fit(X, T), ROWS, {}
    yield "one_class", OneClassSVM(gamma=0.2, nu=0.3).fit(X), ROWS, {}
    if VERSION == "1.9.1":
        yield "nu_svc", NuSVC(nu=0.3, decision_function_shape="ovr").fit(X, y3), ROWS, {}
        yield "svc_break_ties", SVC(break_ties=True).fit(X, y3), ROWS, {}
        yield "nu_svr", NuSVR(kernel="linear").fit(X, T), ROWS, {}
        for kernel in ("poly", "laplacian", "cosine", "sigmoid"):
            yield "ridge_" + kernel, KernelRidge(kernel=kernel, gamma=0.1).fit(X, T), ROWS, {}
        for kernel in ("chi2", "additive_chi2"):
            yield "ridge_" + kernel, KernelRidge(kernel=kernel, alpha=0.5, gamma=0.7).fit(POSITIVE, T2), POSITIVE_ROWS, {}
        yield "ridge_precomputed", KernelRidge(kernel="precomputed").fit(K, T), K_ROWS, {}
        yield "nystroem_poly", Nystroem(kernel="poly", degree=2, n_components=4, random_state=0).fit(X), ROWS, {}
        yield "kernel_centerer", KernelCenterer().fit(K), K_ROWS, {}
        yield "spreading_knn", LabelSpreading(kernel="knn", n_neighbors=4).fit(X, PART), ROWS, {}
    yield "ridge_rbf", KernelRidge(kernel="rbf", alpha=0.1).fit(X, T2), ROWS, {}
    yield "nystroem", Nystroem(n_components=5, random_state=0).fit(X), ROWS, {}
    yield "kernel_pca", KernelPCA(2, kernel="rbf", gamma=0.2).fit(X), ROWS, {}
    yield "kernel_pca_inverse", KernelPCA(2, kernel="poly", degree=2, gamma=0.1, fit_inverse_transform=True).fit(X), ROWS, {}
    yield "propagation", LabelPropagation(gamma=2).fit(X, PART), ROWS, {}


def processes(VERSION):
    fixed = dict(optimizer=None)
    yield "gpr", GaussianProcessRegressor(alpha=0.1, **fixed).fit(X, T), ROWS, {}
    yield "gpr_sum", GaussianProcessRegressor(ConstantKernel(2.0) * RBF([1.0, 2.0, 0.5]) + WhiteKernel(0.3), alpha=1e-3,
                                              normalize_y=True, **fixed).fit(X, T), ROWS, {}
    yield "gpc", GaussianProcessClassifier(2.0 * RBF(1.5), **fixed).fit(X, y2), ROWS, {}
    if VERSION == "1.9.1":
        kernels = dict(matern_half=Matern(1.2, nu=0.5), matern=Matern([1.0, 2.0, 3.0]), matern_52=Matern(2.0, nu=2.5),
                       matern_general=Matern(2.0, nu=1.1), matern_inf=Matern(1.5, nu=np.inf),
                       rational=RationalQuadratic(1.2, 0.7), sine=ExpSineSquared(1.1, 3.0), dot=DotProduct(0.7),
                       power=Exponentiation(RBF(2.0) + ConstantKernel(0.5), 2), pairwise=PairwiseKernel(0.2, metric="laplacian"),
                       pairwise_poly=PairwiseKernel(0.2, metric="poly"), constant=ConstantKernel(3.0))
        for name, kernel in kernels.items():
            yield "gpr_" + name, GaussianProcessRegressor(kernel, alpha=2.0, **fixed).fit(X[:12], T[:12]), ROWS, {}
        yield "gpr_targets", GaussianProcessRegressor(RBF(2.0), alpha=0.1, normalize_y=True, **fixed).fit(X[:12], T2[:12]), ROWS, {}
        yield "gpc_names", GaussianProcessClassifier(RBF(1.5), **fixed).fit(X, NAMES[y3]), ROWS, {}
        yield "gpc_pairs", GaussianProcessClassifier(RBF(1.5), multi_class="one_vs_one", **fixed).fit(X, y3), ROWS, {}


def features(VERSION):
    yield "max_abs", MaxAbsScaler().fit(HOLES), HOLES_ROWS, {}
    yield "robust", RobustScaler().fit(HOLES), HOLES_ROWS, {}
    yield "normalizer", Normalizer().fit(X), ROWS, {}
    yield "polynomial", PolynomialFeatures(3).fit(X), ROWS, {}
    yield "yeo_johnson", PowerTransformer().fit(HOLES), HOLES_ROWS, {}
    yield "quantile", QuantileTransformer(n_quantiles=10).fit(HOLES), HOLES_ROWS, {}
    yield "quantile_normal", QuantileTransformer(n_quantiles=9, output_distribution="normal").fit(X), 2 * ROWS, {}
    yield "bins_onehot", KBinsDiscretizer(4).fit(X), ROWS, {}
    yield "bins_ordinal", KBinsDiscretizer([3, 4, 2], encode="ordinal", strategy="uniform").fit(X), 2 * ROWS, {}
    yield "function", FunctionTransformer(np.log1p, inverse_func=np.expm1, validate=True).fit(POSITIVE), POSITIVE_ROWS, {}
    if VERSION == "1.9.1":
        yield "max_abs_clip", MaxAbsScaler(clip=True).fit(X), 2 * ROWS, {}
        yield "robust_range", RobustScaler(with_centering=False, quantile_range=(10.0, 80.0), unit_variance=True).fit(X), ROWS, {}
        yield "normalizer_l1", Normalizer("l1").fit(X), ROWS, {}
        yield "normalizer_max", Normalizer("max").fit(X), ROWS, {}
        yield "binarizer", Binarizer(threshold=0.3).fit(X), ROWS, {}
        yield "polynomial_range", PolynomialFeatures((2, 3), include_bias=False).fit(X), ROWS, {}
        yield "polynomial_inter", PolynomialFeatures((2, 3), interaction_only=True).fit(X), ROWS, {}
        yield "box_cox", PowerTransformer("box-cox", standardize=False).fit(POSITIVE), POSITIVE_ROWS, {}
        yield "bins_kmeans", KBinsDiscretizer(3, encode="onehot-dense", strategy="kmeans", dtype=np.float32).fit(X), ROWS, {}
        yield "function_none", FunctionTransformer().fit(X), ROWS, {}
    if at_least(VERSION, (1, 0)):
        from sklearn.preprocessing import SplineTransformer
        for extrapolation in ("constant", "linear", "continue", "periodic"):
            yield "spline_" + extrapolation, SplineTransformer(4, extrapolation=extrapolation).fit(X), 2 * ROWS, {}
        if VERSION == "1.9.1":
            yield "spline_error", SplineTransformer(4, degree=2, extrapolation="error", knots="quantile").fit(X), X[:5] * 0.5, {}
            yield "spline_step", SplineTransformer(4, degree=1, extrapolation="linear", include_bias=False).fit(X), 2 * ROWS, {}
            missing = SplineTransformer(4, handle_missing="zeros", extrapolation="linear")
            yield "spline_missing", missing.fit(HOLES), 2 * HOLES_ROWS, {}


def cases(VERSION):
    yield from machines(VERSION)
    yield from processes(VERSION)
    yield from features(VERSION)
