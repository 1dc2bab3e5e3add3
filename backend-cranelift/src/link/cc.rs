//! The alternative to linking in process: hand the objects to the system's C compiler driver. It
//! must not be needed by anything else here.

use super::{LinkError, LinkRequest, OutputKind, Plan, StartCode};
use std::fs;
use std::process::{Command, Stdio};

/// Links like [`super::link`], but by running `program` (usually `cc`) on the objects, so that the
/// system's own linker, C library and start files are used.
///
/// The entry flavour of an executable is ignored: the start files of the system apply. For another
/// machine than this one, `program` must be a cross compiler.
///
/// # Errors
/// [`LinkError::CompilerMissing`] if the program can't be started, [`LinkError::CompilerFailed`]
/// with its messages if it fails, [`LinkError::TemporaryFile`], and the errors of a malformed
/// request.
pub fn link_with_cc(request: &LinkRequest<'_>, program: &str) -> Result<Vec<u8>, LinkError> {
    let plan = Plan::new(request, StartCode::System)?;
    let temporary = |error: std::io::Error| LinkError::TemporaryFile {
        message: error.to_string(),
    };
    let directory = tempfile::tempdir().map_err(temporary)?;
    let mut command = Command::new(program);
    command.current_dir(directory.path()).args(["-o", "out"]);
    for (index, object) in plan.objects.iter().enumerate() {
        let name = format!("{index}.o");
        fs::write(directory.path().join(&name), object).map_err(temporary)?;
        command.arg(name);
    }
    match request.kind {
        OutputKind::SharedLibrary { exports, soname } => {
            command.args(["-shared", "-nostartfiles", "-Wl,-Bsymbolic"]);
            // Everything else is hidden already; these are what keeps code alive.
            for export in exports {
                command.args(["-Xlinker", "--undefined", "-Xlinker", export]);
            }
            if let Some(soname) = soname {
                command.args(["-Xlinker", "-soname", "-Xlinker", soname]);
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
        for library in plan.imports.keys() {
            command.arg(format!("-l:{}", library.soname(plan.machine)));
        }
    }
    let run =
        command
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
    fs::read(directory.path().join("out")).map_err(temporary)
}
