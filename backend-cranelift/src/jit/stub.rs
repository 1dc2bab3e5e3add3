//! Stubs: what is called in place of a function that has no code yet. The first calls go on to a
//! function of the host, which finds in a register whose call it was; once there is code, the stub
//! jumps to it. Knows nothing of how the code is made.
//!
//! ```text
//!   mov r11, address of the stub's slot
//!   jmp [r11]                               the slot holds the address of the code, or of:
//!   mov r11d, number of the function
//!   mov rax, arrival
//!   jmp rax
//! ```
//!
//! Both registers are free where a function of the System V convention is entered. Arguments stay
//! where they are; the host hands them on.

use super::memory::CodeMemory;
use hashbrown::HashMap;
use std::cell::Cell;

/// The stubs of a program, each with the slot that it jumps through.
pub struct Stubs {
    arrival: u64,
    slots: HashMap<u32, Stub>,
}

struct Stub {
    address: u64,
    /// Read by the code of the stub, at this address.
    slot: Box<Cell<u64>>,
}

/// Where the second part begins.
const SECOND: usize = 13;
const SIZE: usize = SECOND + 18;

impl Stubs {
    /// Without stubs yet; their calls go to `arrival`.
    pub fn new(arrival: *const u8) -> Stubs {
        Stubs {
            arrival: arrival as u64,
            slots: HashMap::new(),
        }
    }

    /// The stub of function `index`.
    pub fn address(&self, index: u32) -> Option<u64> {
        self.slots.get(&index).map(|stub| stub.address)
    }

    /// Makes the stub of function `index`, if there is none, in memory that is not published yet;
    /// `None` if the memory is full.
    pub fn add(&mut self, index: u32, memory: &mut CodeMemory) -> Option<()> {
        if self.slots.contains_key(&index) {
            return Some(());
        }
        let piece = memory.allocate(SIZE, 16)?;
        let slot = Box::new(Cell::new(piece.address + SECOND as u64));
        let bytes = code(slot.as_ptr() as u64, index, self.arrival);
        memory.bytes(&piece).copy_from_slice(&bytes);
        let address = piece.address;
        self.slots.insert(index, Stub { address, slot });
        Some(())
    }

    /// Function `index` has code from now on.
    pub fn resolve(&mut self, index: u32, code: u64) {
        if let Some(stub) = self.slots.get(&index) {
            stub.slot.set(code);
        }
    }
}

fn code(slot: u64, index: u32, arrival: u64) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    let mut at = 0;
    let mut put = |part: &[u8]| {
        bytes[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    };
    put(&[0x49, 0xbb]);
    put(&slot.to_le_bytes());
    put(&[0x41, 0xff, 0x23]);
    put(&[0x41, 0xbb]);
    put(&index.to_le_bytes());
    put(&[0x48, 0xb8]);
    put(&arrival.to_le_bytes());
    put(&[0xff, 0xe0]);
    bytes
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    extern "C" fn arrived() -> u64 {
        1
    }
    extern "C" fn compiled() -> u64 {
        2
    }

    #[test]
    fn a_stub_calls_the_host_until_its_function_has_code() {
        let mut memory = CodeMemory::new().expect("memory for code");
        let mut stubs = Stubs::new(arrived as *const u8);
        for index in [7, 8, 7] {
            stubs.add(index, &mut memory).expect("room for a stub");
        }
        let address = stubs.address(7).expect("a stub");
        assert_ne!(stubs.address(8), Some(address));
        assert_eq!(stubs.address(9), None);
        memory.publish().expect("code that can be executed");
        // SAFETY: the code of a stub, which goes on to functions of this type.
        let call: extern "C" fn() -> u64 = unsafe { std::mem::transmute(address) };
        assert_eq!(call(), 1);
        stubs.resolve(8, compiled as *const u8 as u64);
        assert_eq!(call(), 1);
        stubs.resolve(7, compiled as *const u8 as u64);
        assert_eq!(call(), 2);
    }
}
