//! What the tests look at in a linked file, and how they load or run it.

use object::read::elf::{Dyn, ElfFile64, FileHeader, ProgramHeader};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol, elf};
use std::ffi::{CString, c_void};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

pub type File<'a> = ElfFile64<'a, LittleEndian>;
const LE: LittleEndian = LittleEndian;

pub fn parse(bytes: &[u8]) -> File<'_> {
    File::parse(bytes).unwrap()
}

/// Dynamic symbols: (name, whether undefined), in file order.
pub fn dynamic_symbols(bytes: &[u8]) -> Vec<(String, bool)> {
    parse(bytes)
        .dynamic_symbols()
        .map(|symbol| (symbol.name().unwrap().to_owned(), symbol.is_undefined()))
        .collect()
}

/// The dynamic table as (tag, value).
pub fn dynamic_table(bytes: &[u8]) -> Vec<(elf::DynamicTag, u64)> {
    let file = parse(bytes);
    let Some(section) = file.section_by_name(".dynamic") else {
        return Vec::new();
    };
    let (entries, _) = object::pod::slice_from_bytes::<elf::Dyn64<LittleEndian>>(
        section.data().unwrap(),
        section.data().unwrap().len() / 16,
    )
    .unwrap();
    entries
        .iter()
        .map(|entry| (entry.d_tag(LE), entry.d_val(LE)))
        .collect()
}

/// The strings of all dynamic entries with `tag`.
pub fn dynamic_strings(bytes: &[u8], tag: elf::DynamicTag) -> Vec<String> {
    let file = parse(bytes);
    let strings = file
        .section_by_name(".dynstr")
        .map(|section| section.data().unwrap().to_vec())
        .unwrap_or_default();
    dynamic_table(bytes)
        .iter()
        .filter(|(found, _)| *found == tag)
        .map(|(_, offset)| {
            let text = &strings[usize::try_from(*offset).unwrap()..];
            let end = text.iter().position(|byte| *byte == 0).unwrap();
            String::from_utf8(text[..end].to_vec()).unwrap()
        })
        .collect()
}

/// (type, flags) of every program header.
pub fn segments(bytes: &[u8]) -> Vec<(elf::ProgramType, u32)> {
    let header = elf::FileHeader64::<LittleEndian>::parse(bytes).unwrap();
    header
        .program_headers(LE, bytes)
        .unwrap()
        .iter()
        .map(|segment| (segment.p_type(LE), segment.p_flags(LE).0))
        .collect()
}

pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// A file in a directory of its own, which lives as long as this value.
pub struct OnDisk {
    _directory: TempDir,
    pub path: PathBuf,
}

impl OnDisk {
    pub fn new(bytes: &[u8]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("linked");
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            _directory: directory,
            path,
        }
    }

    /// Runs the file with `arguments` and an empty environment.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(&self.path)
            .args(arguments)
            .env_clear()
            .output()
            .unwrap()
    }
}

/// A library loaded into the test's own process.
pub struct Loaded {
    handle: *mut c_void,
    _file: OnDisk,
}

impl Loaded {
    pub fn new(bytes: &[u8]) -> Self {
        let file = OnDisk::new(bytes);
        let path = CString::new(file.path.to_str().unwrap()).unwrap();
        // SAFETY: the path is a C string; the library has no constructors.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            // SAFETY: after a failure this is a C string that lives until the next call.
            let message = unsafe { std::ffi::CStr::from_ptr(libc::dlerror()) };
            panic!("dlopen: {message:?}");
        }
        Self {
            handle,
            _file: file,
        }
    }

    /// The address of `name`, which must be there.
    pub fn address(&self, name: &str) -> *mut c_void {
        let text = CString::new(name).unwrap();
        // SAFETY: the handle is open and the name a C string.
        let address = unsafe { libc::dlsym(self.handle, text.as_ptr()) };
        assert!(!address.is_null(), "no {name}");
        address
    }

    /// Calls `int32 name(int32, int32)`.
    pub fn call(&self, name: &str, a: i32, b: i32) -> i32 {
        // SAFETY: the tests only export functions of this type, or of fewer arguments.
        let function: extern "C" fn(i32, i32) -> i32 =
            unsafe { std::mem::transmute(self.address(name)) };
        function(a, b)
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: the handle is open and nothing of the library is in use any more.
        unsafe { libc::dlclose(self.handle) };
    }
}
