//! The alternative to linking in process: hand the objects to the system's C compiler driver. It
//! must not be needed by anything else here.

use super::{LinkError, LinkRequest, Machine, OutputKind};
use std::fs;
use std::process::{Command, Stdio};

/// Links like [`super::link`], but by running `program` (usually `cc`) on the objects, so that the
/// system's own linker, C library and start files are used.
///
/// The entry flavour of an executable is ignored: the start files of the system apply.
///
/// # Errors
/// [`LinkError::CompilerMissing`] if the program can't be started, [`LinkError::CompilerFailed`]
/// with its messages if it fails, [`LinkError::TemporaryFile`], and the errors of a malformed
/// request.
pub fn link_with_cc(request: &LinkRequest<'_>, program: &str) -> Result<Vec<u8>, LinkError> {
    let machine = Machine::of(request.target)?;
    if request.objects.is_empty() {
        return Err(LinkError::NoObjects);
    }
    let temporary = |error: std::io::Error| LinkError::TemporaryFile {
        message: error.to_string(),
    };
    let directory = tempfile::tempdir().map_err(temporary)?;
    let output = directory.path().join("out");
    let mut command = Command::new(program);
    command.current_dir(directory.path());
    for (index, object) in request.objects.iter().enumerate() {
        let name = format!("{index}.o");
        fs::write(directory.path().join(&name), object).map_err(temporary)?;
        command.arg(name);
    }
    command.arg("-o").arg("out");
    match request.kind {
        OutputKind::SharedLibrary { exports, soname } => {
            let mut script = String::from("{\n");
            if !exports.is_empty() {
                script.push_str("global:\n");
            }
            for export in exports {
                if export.is_empty() || export.contains(['"', '\n', '\0', '\\']) {
                    return Err(LinkError::BadName {
                        name: export.clone(),
                    });
                }
                // Quoted, a name is not a pattern.
                script.push_str(&format!("\"{export}\";\n"));
            }
            script.push_str("local: *;\n};\n");
            fs::write(directory.path().join("exports.map"), script).map_err(temporary)?;
            command.args(["-shared", "-nostartfiles", "-Wl,--version-script=exports.map"]);
            if let Some(soname) = soname {
                if soname.is_empty() || soname.contains(['\0', ',']) {
                    return Err(LinkError::BadName {
                        name: soname.to_owned(),
                    });
                }
                command.arg(format!("-Wl,-soname,{soname}"));
            }
        }
        OutputKind::Executable { .. } => {}
        OutputKind::Object => {
            command.args(["-r", "-nostdlib"]);
        }
    }
    if !matches!(request.kind, OutputKind::Object) {
        command.args(["-Wl,--gc-sections", "-Wl,-z,defs", "-Wl,-z,noexecstack"]);
        command.args(["-Wl,--build-id=none", "-Wl,--as-needed"]);
        if !request.keep_symbols {
            command.arg("-s");
        }
        let mut libraries: Vec<_> = request.imports.iter().map(|(_, library)| library).collect();
        libraries.sort();
        libraries.dedup();
        for library in libraries {
            command.arg(format!("-l:{}", library.soname(machine)));
        }
    }
    let run = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| LinkError::CompilerMissing {
            program: program.to_owned(),
            message: error.to_string(),
        })?;
    if !run.status.success() {
        return Err(LinkError::CompilerFailed {
            status: run.status.to_string(),
            stderr: String::from_utf8_lossy(&run.stderr).into_owned(),
        });
    }
    fs::read(output).map_err(temporary)
}
