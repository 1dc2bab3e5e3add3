//! Writing results: all files or none.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A file to be written, if there is content for it, and whether it is to be executable.
pub type Output<'a> = (Option<&'a PathBuf>, Option<&'a [u8]>, bool);

/// Writes the files. Each is written beside its place first and then renamed; if one fails,
/// nothing is left behind. Devices, pipes and what links to something else are not replaced but
/// written to, when all others are ready.
pub fn write_all(outputs: &[Output]) -> Result<(), String> {
    let mut pending: Vec<(PathBuf, &Path)> = Vec::new();
    let mut direct: Vec<(&Path, &[u8])> = Vec::new();
    let result = (|| {
        for &(path, content, executable) in outputs {
            let (Some(path), Some(content)) = (path, content) else {
                continue;
            };
            if path.as_os_str().is_empty() || path.is_dir() {
                return Err(format!("{} is not a file name", path.display()));
            }
            let is_replaceable =
                std::fs::symlink_metadata(path).map_or(true, |there| there.file_type().is_file());
            if !is_replaceable {
                direct.push((path, content));
                continue;
            }
            let temporary = temporary_name(path);
            let fail = |e: std::io::Error| format!("{} cannot be written: {e}", path.display());
            pending.push((temporary.clone(), path));
            let mut file = std::fs::File::create(&temporary).map_err(fail)?;
            file.write_all(content).map_err(fail)?;
            if executable {
                use std::os::unix::fs::PermissionsExt;
                let mut permissions = file.metadata().map_err(fail)?.permissions();
                permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
                file.set_permissions(permissions).map_err(fail)?;
            }
        }
        for (path, content) in direct {
            std::fs::write(path, content)
                .map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        }
        for (temporary, path) in &pending {
            std::fs::rename(temporary, path)
                .map_err(|e| format!("{} cannot be written: {e}", path.display()))?;
        }
        Ok(())
    })();
    if result.is_err() {
        for (temporary, _) in &pending {
            let _ = std::fs::remove_file(temporary);
        }
    }
    result
}

fn temporary_name(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
