//! A shared library in this process, from its bytes. Knows nothing of what is in it.

use std::ffi::{CStr, CString};
use std::io::Write;

/// A library that was loaded; it goes with this, unless it is [kept](Self::keep).
pub struct LoadedLibrary {
    handle: *mut libc::c_void,
}

impl LoadedLibrary {
    /// Loads a library.
    pub fn open(bytes: &[u8]) -> Result<LoadedLibrary, String> {
        // The loader reads files only; this one goes when it was read.
        let mut file = tempfile::Builder::new()
            .suffix(".so")
            .tempfile()
            .map_err(|e| format!("no temporary file: {e}"))?;
        file.write_all(bytes)
            .map_err(|e| format!("no temporary file: {e}"))?;
        let path = file.path().to_string_lossy().into_owned();
        let path = CString::new(path).map_err(|_| "a file name with a NUL".to_string())?;
        // SAFETY: a library made by this compiler runs nothing when it is loaded.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            // SAFETY: the message lives until the next call of the loader on this thread.
            let says = unsafe {
                let text = libc::dlerror();
                (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
            };
            return Err(format!(
                "the library cannot be loaded: {}",
                says.unwrap_or_default()
            ));
        }
        Ok(LoadedLibrary { handle })
    }

    /// Leaves the library where it is until the process ends.
    pub fn keep(self) {
        std::mem::forget(self);
    }

    /// The address of a function.
    pub fn function(&self, name: &str) -> Option<*const u8> {
        let name = CString::new(name).ok()?;
        if self.handle.is_null() {
            return None;
        }
        // SAFETY: the handle is one that the loader gave.
        let address = unsafe { libc::dlsym(self.handle, name.as_ptr()) };
        (!address.is_null()).then_some(address as *const u8)
    }
}

impl Drop for LoadedLibrary {
    fn drop(&mut self) {
        // SAFETY: the handle is one that the loader gave, and is closed once. Who has an address in
        // the library keeps it loaded.
        unsafe { libc::dlclose(self.handle) };
    }
}
