//! A directory for one test, and the usual steps in it: writing files, building, compiling C, reading
//! the symbols of a library.

use jlift_tests::process::{Finished, find_tool, jlift, python, root, run};
use object::{Object, ObjectSymbol};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Functions that throw.
pub const THROWING: &str = include_str!("throwing.jir");

/// A temporary directory, removed at the end.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Self {
        Scratch(tempfile::tempdir().expect("a directory for temporary files"))
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the file is written");
        path
    }

    /// The names of its files, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.0.path())
            .expect("the directory")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// `jlift build` of a text as `NAME.jir` with these arguments, in this directory.
    pub fn build_text(&self, name: &str, text: &str, args: &[&str]) -> Finished {
        let input = self.write(&format!("{name}.jir"), text);
        self.build(&input, args)
    }

    /// `jlift build` with these arguments, in this directory.
    pub fn build(&self, input: &Path, args: &[&str]) -> Finished {
        run(self.command(jlift()).arg("build").arg(input).args(args))
    }

    /// A command that works in this directory.
    pub fn command(&self, mut command: Command) -> Command {
        command.current_dir(self.0.path());
        command
    }

    /// Compiles and links a C program against libraries of this directory.
    pub fn compile_c(&self, source: &str, program: &str, libraries: &[&str]) -> PathBuf {
        let name = format!("{program}.c");
        self.write(&name, source);
        let gcc = find_tool(&["gcc"]).expect("gcc on PATH");
        let mut command = self.command(gcc.command());
        command.args([
            "-std=c11",
            "-D_GNU_SOURCE",
            "-O1",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pthread",
            &name,
        ]);
        command
            .arg("-L.")
            .args(libraries.iter().map(|l| format!("-l:{l}")));
        command.args(["-Wl,-rpath,$ORIGIN", "-o", program]);
        run(&mut command).expect_success();
        self.path(program)
    }

    /// Runs a Python script with arguments, in this directory.
    pub fn python(&self, script: &str, args: &[&str]) -> Finished {
        self.write("script.py", script);
        run(self.command(python().command()).arg("script.py").args(args))
    }
}

/// A file of the examples.
pub fn example(name: &str) -> PathBuf {
    root().join("examples").join(name)
}

/// The names of the dynamic symbols of a library: those that it defines, and those that it leaves open.
pub fn dynamic_symbols(file: &Path) -> (Vec<String>, Vec<String>) {
    let data = std::fs::read(file).expect("the library");
    let parsed = object::File::parse(&*data).expect("an object file");
    let mut symbols = (Vec::new(), Vec::new());
    for symbol in parsed.dynamic_symbols() {
        let name = symbol.name().expect("a name").to_string();
        match symbol.is_undefined() {
            true => symbols.1.push(name),
            false => symbols.0.push(name),
        }
    }
    symbols.0.sort();
    symbols.1.sort();
    symbols
}

/// The size of a file in bytes.
pub fn size_of(file: &Path) -> u64 {
    std::fs::metadata(file).expect("the file").len()
}
