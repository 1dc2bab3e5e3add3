//! The prelude as it is in a folder now, for working on it without rebuilding: in debug builds, the
//! environment variable `JLIFT_PRELUDE` names the folder that is read instead of what was embedded.
//! Not part of a release build.

use crate::index::{Definition, Kind, OnDisk};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

#[allow(dead_code)]
#[path = "../build/scan.rs"]
pub(crate) mod scan;

/// The definitions of a folder.
pub(crate) struct Disk {
    pub(crate) by_name: BTreeMap<(String, String), Vec<Definition>>,
    pub(crate) modules: Vec<String>,
    pub(crate) exports: Vec<String>,
}

/// The folder that the environment names, read once.
pub(crate) fn disk() -> Option<&'static Disk> {
    static DISK: OnceLock<Option<Disk>> = OnceLock::new();
    DISK.get_or_init(|| std::env::var_os("JLIFT_PRELUDE").map(|dir| read(Path::new(&dir))))
        .as_ref()
}

fn read(base: &Path) -> Disk {
    let mut files: Vec<PathBuf> = Vec::new();
    walk(base, &mut files);
    files.sort();
    let mut disk = Disk {
        by_name: BTreeMap::new(),
        modules: Vec::new(),
        exports: Vec::new(),
    };
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        // The embedded text lives as long as the program, and so does this.
        let text: &'static str = text.leak();
        let name = path.strip_prefix(base).unwrap_or(&path).display();
        let name: &'static str = name.to_string().leak();
        let scan = scan::scan(text);
        for problem in &scan.problems {
            eprintln!("{name}: {problem}");
        }
        let home: &'static str = scan.module.leak();
        disk.modules.push(home.to_string());
        for found in scan.found {
            disk.modules.push(found.module.clone());
            let Some(kind) = Kind::from_text(found.kind) else {
                continue;
            };
            let definition = Box::leak(Box::new(OnDisk {
                text: text.get(found.start..found.end).unwrap_or(""),
                file: name,
                module: home,
                kind,
                line: found.line as u32,
                start: found.start as u32,
            }));
            disk.by_name
                .entry((found.module, found.name))
                .or_default()
                .push(Definition::on_disk(definition));
        }
    }
    disk.modules.sort();
    disk.modules.dedup();
    let exports = std::fs::read_to_string(base.join("exports.txt")).unwrap_or_default();
    disk.exports = exports
        .lines()
        .filter(|l| !l.starts_with("# "))
        .flat_map(str::split_whitespace)
        .map(str::to_string)
        .collect();
    disk.exports.sort();
    disk
}

fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, out);
        } else if path.extension().is_some_and(|e| e == "jl") {
            out.push(path);
        }
    }
}
