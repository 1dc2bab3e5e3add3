//! Memory that this process and its children share, at one address in all of them.

use crate::diagnostic::Failure;

/// Zeroed memory that children see and change.
pub(super) struct SharedMemory {
    start: *mut u8,
    size: usize,
}

impl SharedMemory {
    pub fn new(size: usize) -> Result<SharedMemory, Failure> {
        let size = size.max(1);
        // SAFETY: new memory at an address of the system's choice.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            let reason = std::io::Error::last_os_error();
            return Err(Failure::plain(format!("no shared memory: {reason}")));
        }
        Ok(SharedMemory {
            start: start.cast(),
            size,
        })
    }

    pub fn address(&self) -> u64 {
        self.start as u64
    }

    pub fn start(&self) -> *mut u8 {
        self.start
    }

    /// A copy of bytes; empty where there are none.
    pub fn read(&self, offset: usize, size: usize) -> Vec<u8> {
        if offset > self.size || size > self.size - offset {
            return Vec::new();
        }
        let mut bytes = vec![0; size];
        // SAFETY: the bytes are inside; no child runs while they are read, and what generated code
        // does in this process has ended.
        unsafe {
            std::ptr::copy_nonoverlapping(self.start.add(offset), bytes.as_mut_ptr(), size);
        }
        bytes
    }

    /// Replaces bytes; those beyond the end are ignored.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        if offset > self.size || bytes.len() > self.size - offset {
            return;
        }
        // SAFETY: as above.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(offset), bytes.len());
        }
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, and nobody has its address any more.
        unsafe { libc::munmap(self.start.cast(), self.size) };
    }
}
