//! Files of a program: reading them, and which file `include` means.

use std::path::{Path, PathBuf};

/// A text to be executed.
pub struct Source {
    /// As messages show it.
    pub name: String,
    pub text: Vec<u8>,
    /// Where `include` looks for files with relative names.
    pub directory: PathBuf,
    /// Given on the command line: what it throws is no `LoadError`.
    pub is_command_line: bool,
}

impl Source {
    /// Code that is no file.
    pub fn command_line(code: &str) -> Source {
        Source {
            name: "none".into(),
            text: code.as_bytes().to_vec(),
            directory: PathBuf::new(),
            is_command_line: true,
        }
    }
}

/// A file that is being executed.
pub struct Active {
    pub directory: PathBuf,
}

/// The text of a file of this absolute name.
pub fn named(name: &str, text: Vec<u8>) -> Source {
    Source {
        name: name.into(),
        text,
        directory: Path::new(name)
            .parent()
            .map_or_else(PathBuf::new, Path::to_path_buf),
        is_command_line: false,
    }
}

/// Files inside of files inside of …
pub const MAX_DEPTH: usize = 64;

/// Reads a file. Messages call it by its absolute path, as Julia's do.
pub fn read(path: &Path) -> Result<Source, String> {
    let text =
        std::fs::read(path).map_err(|e| format!("{} cannot be read: {e}", path.display()))?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    Ok(named(&absolute.display().to_string(), text))
}

/// The file that `include(name)` means in a file of this directory.
pub fn included(directory: &Path, name: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in directory.join(name).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if path.file_name().is_some() => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_files_are_found_from_the_file_that_includes_them() {
        let here = Path::new("/a/b");
        for (name, path) in [
            ("c.jl", "/a/b/c.jl"),
            ("../c.jl", "/a/c.jl"),
            ("./x/../c.jl", "/a/b/c.jl"),
            ("/c.jl", "/c.jl"),
        ] {
            assert_eq!(included(here, name), Path::new(path));
        }
    }
}
