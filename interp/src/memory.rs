//! Memory as the program sees it: allocations at real addresses of this process, so that C functions can
//! be given them, each with a note for every byte of whether it was ever written. Memory that is freed
//! stays reserved until the interpreter goes, so that no address means two things. Knows bytes only.

use crate::outcome::{FaultKind, MemoryFault, Neighbour};
use jlift_ir::module::Place;
use std::collections::{BTreeMap, VecDeque};

/// Who asked for memory, and so who may free it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Owner {
    /// `malloc` and its like, objects included.
    Heap,
    /// A function call, until it returns.
    Stack,
    /// A constant of the program.
    Constant,
    /// The interpreter: the error record, boxes of values of abstract types.
    Interpreter,
    /// The caller of the interpreter.
    External,
}

/// A piece of memory.
struct Allocation {
    /// The bytes; none of the caller's memory, which is used where it is.
    buffer: Option<Box<[Line]>>,
    base: u64,
    size: u64,
    owner: Owner,
    writable: bool,
    alive: bool,
    /// Which bytes hold something.
    written: Vec<bool>,
    made_at: Option<Place>,
}

/// What is left alive of the heap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leak {
    pub address: u64,
    pub size: u64,
    /// The statement that asked for it.
    pub made_at: Option<Place>,
}

/// Buffers consist of these, for the alignment.
#[derive(Copy, Clone)]
#[repr(align(64))]
struct Line {
    _bytes: [u8; 64],
}

/// Unused bytes before and behind every allocation.
const GUARD: u64 = 64;

/// In a process that shares memory with a host, this many bytes of freed memory stay reserved.
const MOST_DEAD: u64 = 64 << 20;

impl Allocation {
    fn holds(&self, address: u64, size: u64) -> bool {
        let offset = address - self.base;
        offset <= self.size && size <= self.size - offset
    }
}

type Result<T> = std::result::Result<T, MemoryFault>;

/// All allocations.
pub struct Memory {
    by_base: BTreeMap<u64, Allocation>,
    /// Bytes of everything that was ever allocated, and the most that may be.
    used: u64,
    limit: u64,
    /// Whether memory that was not given out here may be accessed.
    foreign: bool,
    /// Allocations that have ended and are kept, where that has bounds, and their bytes.
    dead: VecDeque<u64>,
    dead_bytes: u64,
}

impl Memory {
    /// Memory that gives out at most `limit` bytes.
    pub fn new(limit: u64) -> Memory {
        Memory {
            by_base: BTreeMap::new(),
            used: 0,
            limit,
            foreign: false,
            dead: VecDeque::new(),
            dead_bytes: 0,
        }
    }

    /// From now on memory that is not known here is that of a host, who must be trusted with it.
    pub(crate) fn shares_with_host(&mut self) {
        self.foreign = true;
    }

    /// Whether bytes belong to nothing that is known here: neither to an allocation, dead or alive,
    /// nor to what is around one.
    fn is_foreign(&self, address: u64) -> bool {
        // The first page is nobody's.
        self.foreign && address >= 4096 && self.nearest(address).is_none()
    }

    /// Whether an address is one of memory that may be written.
    pub(crate) fn is_writable(&self, address: u64) -> bool {
        match self.find(address, 0) {
            Ok((allocation, _)) => allocation.writable,
            Err(_) => self.is_foreign(address),
        }
    }

    /// Bytes that were given out so far.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// New memory, aligned to 64 bytes.
    pub fn allocate(
        &mut self,
        size: u64,
        owner: Owner,
        zeroed: bool,
        made_at: Option<Place>,
    ) -> Result<u64> {
        let room = self.limit.saturating_sub(self.used);
        if size > room {
            return Err(MemoryFault {
                kind: FaultKind::OutOfMemory,
                address: 0,
                size,
                near: None,
            });
        }
        self.used += size;
        let lines = (size + 2 * GUARD).div_ceil(64) as usize;
        let mut buffer = vec![Line { _bytes: [0; 64] }; lines].into_boxed_slice();
        let base = buffer.as_mut_ptr() as u64 + GUARD;
        if !zeroed {
            // Something that is not zero, so that nothing depends on luck.
            // SAFETY: the bytes lie inside of the buffer.
            unsafe { std::ptr::write_bytes(base as *mut u8, 0xa5, size as usize) };
        }
        self.by_base.insert(
            base,
            Allocation {
                buffer: Some(buffer),
                base,
                size,
                owner,
                writable: true,
                alive: true,
                written: vec![zeroed; size as usize],
                made_at,
            },
        );
        Ok(base)
    }

    /// Registers memory of the caller, which counts as written.
    ///
    /// # Safety
    /// The bytes must stay readable, and writable if `writable`, as long as the interpreter is used,
    /// and nobody else may access them meanwhile.
    pub unsafe fn register(&mut self, base: u64, size: u64, writable: bool) {
        self.by_base.insert(
            base,
            Allocation {
                buffer: None,
                base,
                size,
                owner: Owner::External,
                writable,
                alive: true,
                written: vec![true; size as usize],
                made_at: None,
            },
        );
    }

    /// The caller's memory at `base` must not be used any more.
    pub fn unregister(&mut self, base: u64) {
        if self.by_base.get(&base).is_some_and(|a| a.buffer.is_none()) {
            self.by_base.remove(&base);
        }
    }

    /// Makes an allocation constant data.
    pub fn protect(&mut self, base: u64) {
        if let Some(allocation) = self.by_base.get_mut(&base) {
            allocation.writable = false;
        }
    }

    /// The allocation that holds an address, or whose guard does, alive or not.
    fn nearest(&self, address: u64) -> Option<&Allocation> {
        let below = self.by_base.range(..=address).next_back().map(|(_, a)| a);
        let above = self.by_base.range(address..).next().map(|(_, a)| a);
        let inside = |a: &&Allocation| address < a.base + a.size.max(1);
        below
            .filter(inside)
            .or_else(|| below.filter(|a| address < a.base + a.size + GUARD))
            .or_else(|| above.filter(|a| a.base - address <= GUARD))
    }

    fn fault(&self, kind: FaultKind, address: u64, size: u64) -> MemoryFault {
        MemoryFault {
            kind,
            address,
            size,
            near: self.nearest(address).map(|a| Neighbour {
                base: a.base,
                size: a.size,
                owner: a.owner,
                alive: a.alive,
            }),
        }
    }

    /// A fault that an access to these bytes would be.
    pub fn fault_at(&self, kind: FaultKind, address: u64) -> MemoryFault {
        self.fault(kind, address, 0)
    }

    /// The allocation that holds these bytes, all of them alive, and their offset in it.
    fn find(&self, address: u64, size: u64) -> Result<(&Allocation, usize)> {
        let found = self.by_base.range(..=address).next_back().map(|(_, a)| a);
        match found.filter(|a| a.holds(address, size)) {
            Some(a) if a.alive => Ok((a, (address - a.base) as usize)),
            found => Err(self.not_found(address, size, found.is_some())),
        }
    }

    /// The same, to be changed.
    fn find_mut(&mut self, address: u64, size: u64) -> Result<(&mut Allocation, usize)> {
        let (found, offset) = self.find(address, size)?;
        let base = found.base;
        if !found.writable {
            return Err(self.fault(FaultKind::WriteToConstant, address, size));
        }
        let found = self.by_base.get_mut(&base).map(|a| (a, offset));
        found.ok_or(MemoryFault {
            kind: FaultKind::OutOfBounds,
            address,
            size,
            near: None,
        })
    }

    fn not_found(&self, address: u64, size: u64, is_dead: bool) -> MemoryFault {
        let dead = is_dead
            || self
                .nearest(address)
                .is_some_and(|a| !a.alive && address >= a.base && address < a.base + a.size);
        let kind = match dead {
            true => FaultKind::UseAfterFree,
            false => FaultKind::OutOfBounds,
        };
        self.fault(kind, address, size)
    }

    /// The bytes at an address; those that were never written are zeros, and `written` says which
    /// were.
    pub fn read(&self, address: u64, bytes: &mut [u8], written: &mut [bool]) -> Result<()> {
        let known = match self.find(address, bytes.len() as u64) {
            Ok((allocation, offset)) => &allocation.written[offset..offset + bytes.len()],
            Err(_) if self.is_foreign(address) => &[],
            Err(fault) => return Err(fault),
        };
        // SAFETY: the bytes belong to a live allocation, or are the host's.
        unsafe {
            std::ptr::copy_nonoverlapping(address as *const u8, bytes.as_mut_ptr(), bytes.len());
        }
        if known.is_empty() {
            written.fill(true);
            return Ok(());
        }
        written.copy_from_slice(known);
        for (byte, _) in bytes.iter_mut().zip(known).filter(|(_, w)| !**w) {
            *byte = 0;
        }
        Ok(())
    }

    /// Stores bytes, or makes those unwritten for which `written` says so; these keep what they hold.
    pub fn write(&mut self, address: u64, bytes: &[u8], written: &[bool]) -> Result<()> {
        let found = self
            .find_mut(address, bytes.len() as u64)
            .map(|(a, offset)| {
                a.written[offset..offset + bytes.len()].copy_from_slice(written);
            });
        self.unless_foreign(address, found)?;
        for (n, (&byte, _)) in bytes.iter().zip(written).enumerate().filter(|(_, b)| *b.1) {
            // SAFETY: the byte belongs to a live allocation, or is the host's.
            unsafe { *((address + n as u64) as *mut u8) = byte };
        }
        Ok(())
    }

    /// Stores bytes, all of which then hold something.
    pub fn write_all(&mut self, address: u64, bytes: &[u8]) -> Result<()> {
        self.mark(address, bytes.len() as u64, true)?;
        // SAFETY: the bytes belong to a live allocation, or are the host's.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), address as *mut u8, bytes.len());
        }
        Ok(())
    }

    /// Bytes that must all have been written; `None` if one was not.
    pub fn read_all(&self, address: u64, size: u64) -> Result<Option<Vec<u8>>> {
        if !self.is_foreign(address) {
            self.find(address, size)?;
        }
        let mut bytes = vec![0; size as usize];
        let mut written = vec![false; size as usize];
        self.read(address, &mut bytes, &mut written)?;
        Ok(written.iter().all(|&w| w).then_some(bytes))
    }

    /// A word; `None` if not all of it was written.
    pub fn word(&self, address: u64) -> Result<Option<u64>> {
        let (mut bytes, mut written) = ([0; 8], [false; 8]);
        self.read(address, &mut bytes, &mut written)?;
        Ok((written == [true; 8]).then_some(u64::from_le_bytes(bytes)))
    }

    /// Copies bytes and what is known of them; the areas may overlap.
    pub fn copy(&mut self, to: u64, from: u64, size: u64) -> Result<()> {
        for address in [from, to] {
            if !self.is_foreign(address) {
                self.find(address, size)?;
            }
        }
        let mut bytes = vec![0; size as usize];
        let mut written = vec![false; size as usize];
        self.read(from, &mut bytes, &mut written)?;
        self.write(to, &bytes, &written)
    }

    /// Makes bytes hold something or nothing, as they are.
    pub fn mark(&mut self, address: u64, size: u64, is_written: bool) -> Result<()> {
        let found = self.find_mut(address, size).map(|(a, offset)| {
            a.written[offset..offset + size as usize].fill(is_written);
        });
        self.unless_foreign(address, found)
    }

    fn unless_foreign(&self, address: u64, found: Result<()>) -> Result<()> {
        match found {
            Err(_) if self.is_foreign(address) => Ok(()),
            found => found,
        }
    }

    /// What C may have written to counts as written: the whole allocation around an address.
    pub fn given_to_c(&mut self, address: u64) {
        if let Ok((allocation, _)) = self.find_mut(address, 0) {
            allocation.written.fill(true);
        }
    }

    /// The size of the live allocation that starts here.
    pub fn size_of(&self, base: u64) -> Option<u64> {
        self.by_base.get(&base).filter(|a| a.alive).map(|a| a.size)
    }

    /// The bytes from an address to the end of its allocation.
    pub fn rest(&self, address: u64) -> Result<u64> {
        if self.is_foreign(address) {
            return Ok(i64::MAX as u64);
        }
        let (allocation, offset) = self.find(address, 0)?;
        Ok(allocation.size - offset as u64)
    }

    /// Ends an allocation of this owner.
    pub fn free(&mut self, base: u64, owner: Owner) -> Result<()> {
        if owner == Owner::Heap && self.is_foreign(base) {
            // SAFETY: the host's, who has made it by `malloc`.
            unsafe { libc::free(base as *mut libc::c_void) };
            return Ok(());
        }
        match self.by_base.get_mut(&base) {
            Some(a) if a.owner == owner && a.alive => {
                a.alive = false;
                a.written = Vec::new();
                self.forget_oldest(base);
                Ok(())
            }
            Some(a) if a.owner == owner => Err(self.fault(FaultKind::DoubleFree, base, 0)),
            _ => Err(self.fault(FaultKind::InvalidFree, base, 0)),
        }
    }

    /// Remembers that an allocation is dead, and gives the memory of the oldest dead ones back to a
    /// process that lives longer.
    fn forget_oldest(&mut self, base: u64) {
        if !self.foreign {
            return;
        }
        let size =
            |memory: &Memory, base| memory.by_base.get(&base).map_or(0, |a| a.size + 2 * GUARD);
        self.dead.push_back(base);
        self.dead_bytes += size(self, base);
        while self.dead_bytes > MOST_DEAD
            && let Some(oldest) = self.dead.pop_front()
        {
            let size = size(self, oldest);
            self.dead_bytes = self.dead_bytes.saturating_sub(size);
            self.used = self.used.saturating_sub(size.saturating_sub(2 * GUARD));
            self.by_base.remove(&oldest);
        }
    }

    /// What is alive of the heap, in the order of addresses.
    pub fn leaks(&self) -> Vec<Leak> {
        self.by_base
            .values()
            .filter(|a| a.alive && a.owner == Owner::Heap)
            .map(|a| Leak {
                address: a.base,
                size: a.size,
                made_at: a.made_at,
            })
            .collect()
    }
}
