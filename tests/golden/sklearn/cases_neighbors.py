# SPDX-License-Identifier: BSD-3-Clause
"""Nearest neighbors: every search and metric, votes and means, densities, outliers, imputation, embeddings, clusterings."""
import numpy as np
import sklearn.cluster as cluster
import sklearn.manifold as manifold
import sklearn.neighbors as neighbors
import sklearn.pipeline as pipeline
from sklearn.metrics import pairwise_distances

rs = np.random.RandomState(5)
X = rs.normal(size=(30, 3)) * [1.0, 2.0, 0.5] + [0.0, 1.0, -2.0]
B = (rs.rand(30, 6) > 0.5).astype(float)
y3 = (X[:, 0] + X[:, 1] > 1).astype(int) + (X[:, 2] > -2)
yr = X[:, 0] * 2 - X[:, 2]
Y2 = np.c_[y3, (X[:, 0] > 0) * 3 + 1]
R2 = np.c_[yr, X[:, 1] - yr]
ROWS = np.vstack([X[:5] + 0.1, X[5:7]])
NAMES = np.array(["red", "green", "blue"])
V3 = np.array([1.0, 2.0, 0.5])


def classifiers():
    knn, radius = neighbors.KNeighborsClassifier, neighbors.RadiusNeighborsClassifier
    yield "knn", knn(4, leaf_size=5).fit(X, y3), ROWS, {}
    yield "knn_ball", knn(4, leaf_size=5, algorithm="ball_tree", weights="distance").fit(X, NAMES[y3]), ROWS, {}
    yield "knn_brute", knn(4, algorithm="brute", weights="distance").fit(X, NAMES.astype(object)[y3]), ROWS, {}
    yield "knn_outputs", knn(3).fit(X, Y2), ROWS, {}
    yield "knn_f32", knn(3).fit(X.astype("float32"), y3), ROWS.astype("float32"), {}
    yield "knn_precomputed", knn(3, metric="precomputed").fit(pairwise_distances(X), y3), pairwise_distances(ROWS, X), {}
    graph = neighbors.KNeighborsTransformer(n_neighbors=5)
    yield "knn_sparse_graph", pipeline.make_pipeline(graph, knn(3, metric="precomputed")).fit(X, y3), ROWS, {}
    yield "radius", radius(1.5, outlier_label="red").fit(X, NAMES[y3]), np.vstack([ROWS, [[9, 9, 9]]]), {}
    yield "radius_outputs", radius(1.5, weights="distance", outlier_label=7).fit(X, Y2), np.vstack([ROWS, [[9, 9, 9]]]), {}


def regressors():
    knn, radius = neighbors.KNeighborsRegressor, neighbors.RadiusNeighborsRegressor
    yield "reg", knn(4, leaf_size=5, p=1).fit(X, yr), ROWS, {}
    yield "reg_outputs", knn(4, weights="distance", p=3).fit(X, R2), ROWS, {}
    yield "reg_radius", radius(1.5, weights="distance").fit(X, R2), np.vstack([ROWS, [[9, 9, 9]]]), {}
    yield "reg_radius_int", radius(1.5, algorithm="brute").fit(X, y3), np.vstack([ROWS, [[9, 9, 9]]]), {}


def metrics(V):
    nearest = neighbors.NearestNeighbors
    for metric in ("chebyshev", "canberra", "braycurtis", "cosine", "correlation", "sqeuclidean"):
        yield "nn_" + metric, nearest(n_neighbors=3, metric=metric).fit(X), ROWS, {}
    for metric in ("jaccard", "dice", "rogerstanimoto", "russellrao", "sokalsneath"):
        model = neighbors.KNeighborsRegressor(5, metric=metric, algorithm="ball_tree", weights="distance", leaf_size=6)
        yield "nn_" + metric, model.fit(B, yr), np.maximum(B[:5], B[5:10]), dict(methods=("predict",))
    for algorithm in ("brute", "ball_tree"):
        own = dict(n_neighbors=3, algorithm=algorithm, leaf_size=5)
        inverse = np.linalg.inv(np.cov(X.T))
        yield "nn_seuclidean_" + algorithm, nearest(metric="seuclidean", metric_params={"V": V3}, **own).fit(X), ROWS, {}
        yield "nn_mahalanobis_" + algorithm, nearest(metric="mahalanobis", metric_params={"VI": inverse}, **own).fit(X), ROWS, {}
        yield "nn_haversine_" + algorithm, nearest(metric="haversine", **own).fit(X[:, :2]), ROWS[:, :2], {}
        if V >= "1.2":
            yield "nn_minkowski_" + algorithm, nearest(p=3, metric_params={"w": V3}, **own).fit(X), ROWS, {}
    if V >= "1.9":
        holes = np.where(np.random.RandomState(3).rand(*X.shape) < 0.1, np.nan, X)
        yield "nn_nan", nearest(n_neighbors=3, metric="nan_euclidean").fit(holes), ROWS + 0.01, {}
    if V < "1.2":
        own = dict(n_neighbors=3, algorithm="ball_tree", metric="wminkowski", p=3, metric_params={"w": V3})
        yield "nn_wminkowski", nearest(**own).fit(X), ROWS, {}
    if V >= "1.3":
        from sklearn.metrics import DistanceMetric
        yield "nn_object", nearest(n_neighbors=3, metric=DistanceMetric.get_metric("manhattan")).fit(X), ROWS, {}


def others(V):
    for mode in ("distance", "connectivity"):
        yield "graph_" + mode, neighbors.KNeighborsTransformer(mode=mode, n_neighbors=3).fit(X), ROWS, {}
        yield "graph_radius_" + mode, neighbors.RadiusNeighborsTransformer(mode=mode, radius=1.2).fit(X), ROWS, {}
    for kernel in ("gaussian", "tophat", "epanechnikov", "exponential", "linear", "cosine"):
        yield "kde_" + kernel, neighbors.KernelDensity(bandwidth=2.5, kernel=kernel, leaf_size=6).fit(X[:, :1]), ROWS[:, :1], {}
    weighted = neighbors.KernelDensity(bandwidth=0.7, metric="manhattan", algorithm="ball_tree")
    yield "kde_weights", weighted.fit(X, sample_weight=1 + yr**2), ROWS, {}
    yield "lof", neighbors.LocalOutlierFactor(6, novelty=True, contamination=0.1).fit(X), np.vstack([ROWS, [[9, 9, 9]]]), {}
    yield "lof_labels", neighbors.LocalOutlierFactor(6).fit(X), ROWS, {}
    yield "centroid", neighbors.NearestCentroid(shrink_threshold=0.2).fit(X, NAMES[y3]), ROWS, dict(methods=("predict",))
    yield "centroid_manhattan", neighbors.NearestCentroid(metric="manhattan").fit(X, y3), ROWS, {}
    if V >= "1.6":
        yield "centroid_priors", neighbors.NearestCentroid(priors="empirical").fit(X, y3), ROWS, {}
        yield "centroid_two", neighbors.NearestCentroid(priors=[0.2, 0.8]).fit(X, yr > 2), ROWS, {}
    nca = neighbors.NeighborhoodComponentsAnalysis(2, max_iter=5, random_state=0)
    yield "nca", nca.fit(X, y3), ROWS, {}


def imputers(V):
    from sklearn.impute import KNNImputer
    holes = np.where(np.random.RandomState(1).rand(*X.shape) < 0.15, np.nan, X)
    asked = np.where(np.random.RandomState(2).rand(*ROWS.shape) < 0.3, np.nan, ROWS)
    yield "imputer", KNNImputer(n_neighbors=3).fit(holes), asked, {}
    yield "imputer_distance", KNNImputer(n_neighbors=3, weights="distance", add_indicator=True).fit(holes), asked, {}
    number = KNNImputer(missing_values=-9, n_neighbors=2)
    yield "imputer_number", number.fit(np.nan_to_num(holes, nan=-9)), np.nan_to_num(asked, nan=-9), {}
    empty = np.c_[holes, np.full(30, np.nan)]
    yield "imputer_empty", KNNImputer(n_neighbors=3).fit(empty), np.c_[asked, asked[:, 0]], {}
    if V >= "1.2":
        kept = KNNImputer(n_neighbors=3, keep_empty_features=True)
        yield "imputer_keep", kept.fit(empty), np.c_[asked, asked[:, 0]], {}


def embeddings(V):
    yield "isomap", manifold.Isomap(n_neighbors=5).fit(X[:18]), ROWS, {}
    yield "lle", manifold.LocallyLinearEmbedding(n_neighbors=5, random_state=0).fit(X), ROWS, {}
    if V >= "1.1":
        yield "isomap_radius", manifold.Isomap(n_neighbors=None, radius=4.0).fit(X[:18]), ROWS, {}
    yield "mds", manifold.MDS(max_iter=5, n_init=1, random_state=0).fit(X[:12]), ROWS, {}
    yield "tsne", manifold.TSNE(perplexity=5, random_state=0, init="random", method="exact").fit(X[:12]), ROWS, {}
    yield "spectral_embedding", manifold.SpectralEmbedding(n_neighbors=5, random_state=0).fit(X[:12]), ROWS, {}
    if V >= "1.8":
        yield "classical_mds", manifold.ClassicalMDS().fit(X[:12]), ROWS, {}


def clusterings(V):
    yield "kmeans", cluster.KMeans(3, n_init=2, random_state=0).fit(X), ROWS, {}
    yield "mini_batch", cluster.MiniBatchKMeans(3, n_init=2, random_state=0).fit(X), ROWS, {}
    yield "mean_shift", cluster.MeanShift(bandwidth=2.0).fit(X), ROWS, {}
    yield "affinity", cluster.AffinityPropagation(damping=0.7).fit(X), ROWS, {}
    yield "affinity_none", cluster.AffinityPropagation(max_iter=2).fit(X), ROWS, {}
    yield "birch", cluster.Birch(threshold=1.0, n_clusters=None).fit(X), ROWS, {}
    yield "birch_clusterer", cluster.Birch(threshold=1.2, n_clusters=cluster.AgglomerativeClustering(2)).fit(X), ROWS, {}
    for pool in (np.mean, np.median, np.max, np.std):
        pooled = cluster.FeatureAgglomeration(3, pooling_func=pool)
        yield "features_" + pool.__name__, pooled.fit(B + rs.rand(30, 6)), B[:5] - 0.3, {}
    if V >= "1.1":
        yield "bisecting", cluster.BisectingKMeans(4, random_state=0).fit(X), ROWS, {}
    yield "agglomerative", cluster.AgglomerativeClustering(3).fit(X), ROWS, {}
    yield "dbscan", cluster.DBSCAN(eps=1.5, min_samples=3).fit(X), ROWS, {}
    yield "optics", cluster.OPTICS(min_samples=3).fit(X), ROWS, {}
    yield "spectral", cluster.SpectralClustering(2, random_state=0).fit(X[:12]), ROWS, {}
    yield "bicluster", cluster.SpectralBiclustering(2, random_state=0).fit(B + 1), B[:5], {}
    yield "cocluster", cluster.SpectralCoclustering(2, random_state=0).fit(B + 1), B[:5], {}
    if V >= "1.3":
        yield "hdbscan", cluster.HDBSCAN(min_cluster_size=3).fit(X), ROWS, {}


def everything(V):
    yield from classifiers()
    yield from regressors()
    yield from metrics(V)
    yield from others(V)
    yield from imputers(V)
    yield from embeddings(V)
    yield from clusterings(V)


# What differs between versions by more than the names of modules.
OLD = """knn knn_ball knn_brute knn_outputs radius radius_outputs reg_outputs nn_braycurtis nn_wminkowski nn_mahalanobis_ball_tree
kde_epanechnikov lof centroid imputer_distance imputer_empty isomap lle mds tsne kmeans mini_batch birch features_mean bisecting
agglomerative""".split()


def cases(VERSION):
    for name, model, rows, options in everything(VERSION):
        if VERSION >= "1.9" or name in OLD:
            yield name, model, rows, options
