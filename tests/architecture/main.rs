//! The rules of docs/ARCHITECTURE.md that a machine can check: dependencies point downward only,
//! and every source file says in its first lines what it is.

use std::path::{Path, PathBuf};

/// Crates from the bottom up, with the crates that each may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("ir", &[]),
    ("abi", &["ir"]),
    ("frontend", &["ir"]),
    ("prelude", &[]),
    ("infer", &["ir", "abi", "frontend", "prelude"]),
    ("mutations", &[]),
    ("optimize", &["ir", "abi", "mutations"]),
    ("lower", &["ir", "abi", "mutations"]),
    ("backend-cranelift", &[]),
    ("backend-llvm", &["ir", "abi", "mutations"]),
    ("runtime-shims", &[]),
    ("interp", &["ir", "abi"]),
    (
        "driver",
        &[
            "ir",
            "abi",
            "frontend",
            "infer",
            "optimize",
            "lower",
            "backend-cranelift",
            "backend-llvm",
            "runtime-shims",
            "interp",
        ],
    ),
    ("cli", &["driver"]),
    ("fuzz/generate", &["ir", "abi"]),
    (
        "fuzz/campaign",
        &["ir", "frontend", "generate", "driver", "optimize"],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The project's own crates that a manifest names in `[dependencies]`.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml"))
        .unwrap_or_else(|e| panic!("{folder}/Cargo.toml: {e}"));
    manifest
        .split("\n[")
        .filter(|section| section.starts_with("dependencies]"))
        .flat_map(|section| section.lines())
        .filter_map(|line| line.strip_prefix("jlift-"))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_string)
        .collect()
}

#[test]
fn dependencies_point_downward_only() {
    for (folder, allowed) in ALLOWED {
        for dependency in dependencies(folder) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{folder} must not depend on {dependency}"
            );
        }
    }
    // The check sees dependencies at all.
    assert!(dependencies("driver").len() >= 5);
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn every_source_file_says_what_it_is() {
    let mut files = Vec::new();
    for (folder, _) in ALLOWED {
        rust_files(&root().join(folder), &mut files);
    }
    assert!(files.len() > 60);
    let silent: Vec<_> = files
        .iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            !text.lines().take(3).any(|line| line.starts_with("//!"))
        })
        .collect();
    assert!(silent.is_empty(), "no //! line: {silent:?}");
}
