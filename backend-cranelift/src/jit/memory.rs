//! Memory for code: one region of addresses, filled from the front, never both writable and
//! executable at one address. Knows nothing of what is stored.
//!
//! The pages are mapped twice where the system allows it: a view that is written and a view that is
//! executed. Then publishing costs no system call and no page is left half empty, so that a session
//! may add single functions all the time. Elsewhere the pages that were filled become executable
//! when they are published, and the next piece starts on a new page.

use std::io::Error;
use std::ptr::{self, NonNull};

/// Sizes of the region, tried in this order: all code must be in reach of a direct call of every
/// other (128 MiB on AArch64). Pages are only taken from the system when they are written.
const SIZES: [usize; 3] = [96 << 20, 24 << 20, 6 << 20];

/// Code memory of a session. Dropping it frees the code.
pub struct CodeMemory {
    /// Where code is executed.
    run: NonNull<u8>,
    /// Where the same bytes are written; equal to `run` if there is one view only.
    write: NonNull<u8>,
    size: usize,
    used: usize,
    /// Bytes from the start that can be executed.
    published: usize,
    page: usize,
}

/// A piece of code memory that is not published yet.
pub struct Piece {
    offset: usize,
    size: usize,
    /// The address at which it will run.
    pub address: u64,
}

impl CodeMemory {
    /// Reserves a region.
    pub fn new() -> Result<CodeMemory, Error> {
        let mut last = Error::from_raw_os_error(libc::ENOMEM);
        for size in SIZES {
            match map(size) {
                Ok((run, write)) => {
                    return Ok(CodeMemory {
                        run,
                        write,
                        size,
                        used: 0,
                        published: 0,
                        page: page_size(),
                    });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Room for `size` bytes; `None` if the region is full. `align` is a power of two of at most
    /// the size of a page.
    pub fn allocate(&mut self, size: usize, align: u64) -> Option<Piece> {
        let align = usize::try_from(align).ok()?.clamp(1, self.page);
        let offset = self.used.checked_next_multiple_of(align)?;
        let end = offset.checked_add(size)?;
        if end > self.size {
            return None;
        }
        self.used = end;
        Some(Piece {
            offset,
            size,
            address: self.run.as_ptr() as u64 + offset as u64,
        })
    }

    /// The bytes of a piece, to be written before it is published.
    pub fn bytes(&mut self, piece: &Piece) -> &mut [u8] {
        debug_assert!(piece.offset >= self.published);
        // SAFETY: the piece lies in the region, whose writable view lives as long as `self`; pieces
        // do not overlap and nothing executes them before they are published.
        unsafe { std::slice::from_raw_parts_mut(self.write.as_ptr().add(piece.offset), piece.size) }
    }

    /// Makes everything that was written executable.
    pub fn publish(&mut self) -> Result<(), Error> {
        let (from, to) = (self.published, self.used);
        if from == to {
            return Ok(());
        }
        if self.run == self.write {
            let from = from / self.page * self.page;
            let to = to.next_multiple_of(self.page).min(self.size);
            // SAFETY: the range is part of the region and starts on a page.
            let done = unsafe {
                libc::mprotect(
                    self.run.as_ptr().add(from).cast(),
                    to - from,
                    libc::PROT_READ | libc::PROT_EXEC,
                )
            };
            if done != 0 {
                return Err(Error::last_os_error());
            }
            self.used = to;
        }
        // SAFETY: the range is mapped and readable.
        unsafe { synchronize(self.run.as_ptr().add(from), self.used - from) };
        self.published = self.used;
        Ok(())
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: the views were mapped with this size, and nobody holds a reference into them;
        // who keeps an address of code already needs `unsafe` to call it.
        unsafe {
            if self.write != self.run {
                libc::munmap(self.write.as_ptr().cast(), self.size);
            }
            libc::munmap(self.run.as_ptr().cast(), self.size);
        }
    }
}

fn page_size() -> usize {
    // SAFETY: no arguments to get wrong.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096).max(1)
}

/// The executable and the writable view of new memory.
fn map(size: usize) -> Result<(NonNull<u8>, NonNull<u8>), Error> {
    if let Ok(views) = map_twice(size) {
        return Ok(views);
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let view = view(size, libc::PROT_READ | libc::PROT_WRITE, flags, -1)?;
    Ok((view, view))
}

#[cfg(target_os = "linux")]
fn map_twice(size: usize) -> Result<(NonNull<u8>, NonNull<u8>), Error> {
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
    // SAFETY: a NUL-terminated name.
    let fd = unsafe { libc::memfd_create(c"jlift-code".as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(Error::last_os_error());
    }
    // SAFETY: a new descriptor that nobody else owns. The views keep the memory alive.
    let file = unsafe { OwnedFd::from_raw_fd(fd) };
    let length = libc::off_t::try_from(size).map_err(|_| Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: the descriptor is open.
    if unsafe { libc::ftruncate(file.as_raw_fd(), length) } != 0 {
        return Err(Error::last_os_error());
    }
    let flags = libc::MAP_SHARED;
    let run = view(
        size,
        libc::PROT_READ | libc::PROT_EXEC,
        flags,
        file.as_raw_fd(),
    )?;
    match view(
        size,
        libc::PROT_READ | libc::PROT_WRITE,
        flags,
        file.as_raw_fd(),
    ) {
        Ok(write) => Ok((run, write)),
        Err(error) => {
            // SAFETY: mapped above with this size; nobody has seen it.
            unsafe { libc::munmap(run.as_ptr().cast(), size) };
            Err(error)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn map_twice(_size: usize) -> Result<(NonNull<u8>, NonNull<u8>), Error> {
    Err(Error::from_raw_os_error(libc::ENOSYS))
}

fn view(size: usize, protection: i32, flags: i32, fd: i32) -> Result<NonNull<u8>, Error> {
    // SAFETY: a new mapping at an address that the system chooses.
    let address = unsafe { libc::mmap(ptr::null_mut(), size, protection, flags, fd, 0) };
    if address == libc::MAP_FAILED {
        return Err(Error::last_os_error());
    }
    NonNull::new(address.cast()).ok_or_else(|| Error::from_raw_os_error(libc::ENOMEM))
}

/// Makes instructions that were written visible to instruction fetch.
#[cfg(target_arch = "aarch64")]
unsafe fn synchronize(start: *const u8, size: usize) {
    use std::arch::asm;
    let (start, end) = (start as usize, start as usize + size);
    let ctr: usize;
    // SAFETY: reads the register that says how long cache lines are.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) ctr) };
    let data_line = 4usize << ((ctr >> 16) & 15);
    let code_line = 4usize << (ctr & 15);
    let mut at = start / data_line * data_line;
    while at < end {
        // SAFETY: cleaning a cache line of mapped memory changes no value.
        unsafe { asm!("dc cvau, {}", in(reg) at) };
        at += data_line;
    }
    // SAFETY: a barrier.
    unsafe { asm!("dsb ish") };
    let mut at = start / code_line * code_line;
    while at < end {
        // SAFETY: invalidating a line of the instruction cache changes no value.
        unsafe { asm!("ic ivau, {}", in(reg) at) };
        at += code_line;
    }
    // SAFETY: barriers.
    unsafe { asm!("dsb ish", "isb") };
}

/// Instruction fetch sees what was written.
#[cfg(not(target_arch = "aarch64"))]
unsafe fn synchronize(_start: *const u8, _size: usize) {}
