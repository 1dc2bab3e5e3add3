//! The functions of C's library that typed IR uses on memory, on checked memory; the standard streams,
//! which are collected.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, Stop, Stopped, unsupported};
use crate::value::Value;
use jlift_ir::Type;

/// Requests beyond this many bytes fail as they do on a real machine.
const MOST: u64 = 1 << 46;

impl Interpreter<'_> {
    /// Calls a modelled function, whose result is of type `ret`; `None` if the name is none.
    pub(crate) fn libc_call(
        &mut self,
        name: &str,
        args: &[Value],
        ret: Type,
    ) -> Result<Option<Value>> {
        let tables = &self.module.tables;
        let result = |word: u64| match tables.class(ret) {
            jlift_ir::TypeClass::Primitive(width) => {
                Value::bits(ret, u128::from(word) & crate::value::mask(width))
            }
            jlift_ir::TypeClass::Pointer => Value::bits(ret, word.into()),
            _ => Value::undefined(tables, ret),
        };
        let mut words = Vec::with_capacity(args.len());
        let modelled = matches!(
            name,
            "malloc"
                | "calloc"
                | "realloc"
                | "free"
                | "memcpy"
                | "memmove"
                | "memset"
                | "memcmp"
                | "strlen"
                | "write"
                | "exit"
                | "_exit"
                | "abort"
                | "putchar"
                | "puts"
        );
        let of_host = matches!(
            name,
            "write" | "exit" | "_exit" | "abort" | "putchar" | "puts"
        );
        if !modelled || (of_host && self.is_hosted()) {
            return Ok(None);
        }
        for arg in args {
            words.push(self.c_word(arg)?);
        }
        let word = match (name, &words[..]) {
            ("malloc", &[size]) => self.c_allocate(size, false)?,
            ("calloc", &[count, size]) => match count.checked_mul(size) {
                Some(size) => self.c_allocate(size, true)?,
                None => 0,
            },
            ("realloc", &[0, size]) => self.c_allocate(size, false)?,
            ("realloc", &[old, size]) => {
                let new = self.c_allocate(size, false)?;
                if new != 0 {
                    // Bytes of something that cannot be freed are not moved.
                    let had = self.memory.size_of(old).unwrap_or(0);
                    self.memory.copy(new, old, had.min(size))?;
                    self.memory.free(old, Owner::Heap)?;
                }
                new
            }
            ("free", &[0]) => 0,
            ("free", &[address]) => {
                self.memory.free(address, Owner::Heap)?;
                0
            }
            ("memcpy" | "memmove", &[to, _, 0]) => to,
            ("memcpy" | "memmove", &[to, from, size]) => {
                self.memory.copy(to, from, size)?;
                to
            }
            ("memset", &[to, _, 0]) => to,
            ("memset", &[to, byte, size]) => {
                // Before a buffer of that size is made.
                self.memory.mark(to, size, true)?;
                self.memory
                    .write_all(to, &vec![byte as u8; size as usize])?;
                to
            }
            ("memcmp", &[_, _, 0]) => 0,
            ("memcmp", &[a, b, size]) => {
                let bytes = (
                    self.memory.read_all(a, size)?,
                    self.memory.read_all(b, size)?,
                );
                let (Some(a), Some(b)) = bytes else {
                    return Err(Stop::Undefined("a comparison of memory"));
                };
                // The sign is all that C says.
                match a.cmp(&b) {
                    std::cmp::Ordering::Less => -1i64 as u64,
                    std::cmp::Ordering::Equal => 0,
                    std::cmp::Ordering::Greater => 1,
                }
            }
            ("strlen", &[text]) => self.string_length(text)?,
            ("write", &[stream, bytes, size]) => {
                let Some(bytes) = self.memory.read_all(bytes, size)? else {
                    return Err(Stop::Undefined("what is written"));
                };
                match stream as u32 {
                    1 => self.stdout.extend(bytes),
                    2 => self.stderr.extend(bytes),
                    _ => return unsupported("a write to a file"),
                }
                size
            }
            ("putchar", &[byte]) => {
                self.stdout.push(byte as u8);
                byte & 0xff
            }
            ("puts", &[text]) => {
                let length = self.string_length(text)?;
                let bytes = self.memory.read_all(text, length)?.unwrap_or_default();
                self.stdout.extend(bytes);
                self.stdout.push(b'\n');
                1
            }
            ("exit" | "_exit", &[code]) => return Err(Stop::Stopped(Stopped::Exited(code as i32))),
            ("abort", []) => return Err(Stop::Stopped(Stopped::Aborted(String::new()))),
            _ => return unsupported(format!("`{name}` with such arguments")),
        };
        Ok(Some(result(word)))
    }

    fn c_allocate(&mut self, size: u64, zeroed: bool) -> Result<u64> {
        if size >= MOST {
            return Ok(0);
        }
        let place = self.place();
        Ok(self.memory.allocate(size, Owner::Heap, zeroed, place)?)
    }

    /// An argument as the word that C gets.
    pub(crate) fn c_word(&self, value: &Value) -> Result<u64> {
        match value {
            Value::Object { .. } | Value::Unset => self.pointed_to(value),
            _ => self.number(value, "an argument of a C function"),
        }
    }

    /// What a pointer to an object points to: what it holds.
    fn pointed_to(&self, value: &Value) -> Result<u64> {
        use jlift_abi::object;
        match *value {
            Value::Object {
                ty: Type::STRING | Type::SYMBOL,
                address,
            } => Ok(address + u64::from(object::STRING_BYTES_OFFSET)),
            Value::Object { ty, address } if self.module.tables.array_of(ty).is_some() => {
                self.object_word(address, object::ARRAY_DATA_OFFSET)
            }
            _ => self.address_of(value),
        }
    }

    /// The number of bytes before the first zero.
    pub(crate) fn string_length(&self, text: u64) -> Result<u64> {
        for length in 0..=self.memory.rest(text)? {
            match self.memory.read_all(text + length, 1)? {
                None => return Err(Stop::Undefined("the length of a string")),
                Some(byte) if byte == [0] => return Ok(length),
                Some(_) => {}
            }
        }
        Ok(0)
    }
}
