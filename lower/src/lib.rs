//! What typed IR becomes in CLIF; knows nothing of how code is stored or linked.
