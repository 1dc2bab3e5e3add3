//! The workspace's place for benchmarks that have to run in the compiler's process; those beside peers are programs (README.md).
