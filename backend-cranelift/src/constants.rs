//! The constants that shortened code refers to, each once, as data of the program. Knows nothing
//! of instructions but where they refer to constants.

use crate::compile::CompiledFunction;
use crate::program::{DataContent, DataDecl, Program};
use crate::shorten::Constant;
use cranelift_codegen::binemit::Reloc;
use cranelift_module::{ModuleReloc, ModuleRelocTarget};
use std::collections::BTreeSet;

/// The namespace of data in the names that code refers to.
const DATA: u32 = 1;

/// Adds the constants of all functions to the program, and references to them to the functions.
pub fn place(program: &mut Program, functions: &mut [CompiledFunction]) {
    let uses = functions.iter().flat_map(|f| &f.constants);
    let wanted: BTreeSet<Constant> = uses.map(|u| u.constant).collect();
    if wanted.is_empty() {
        return;
    }
    let pool = Pool::new(wanted);
    let index = program.data.len() as u32;
    for function in functions {
        for constant in std::mem::take(&mut function.constants) {
            let Some(place) = pool.find(constant.constant) else {
                continue;
            };
            function.relocs.push(ModuleReloc {
                offset: constant.at,
                kind: Reloc::X86PCRel4,
                name: ModuleRelocTarget::User {
                    namespace: DATA,
                    index,
                },
                addend: place as i64 - i64::from(constant.to_end),
            });
        }
        function.relocs.sort_by_key(|r| r.offset);
    }
    program.data.push(DataDecl {
        name: "constants".into(),
        content: DataContent::ReadOnly(pool.bytes.into()),
        align: pool.align,
    });
}

/// Constants one after the other, longer ones first, so that there are no gaps.
struct Pool {
    bytes: Vec<u8>,
    align: u32,
}

impl Pool {
    fn new(wanted: BTreeSet<Constant>) -> Pool {
        let mut pool = Pool {
            bytes: Vec::new(),
            align: 4,
        };
        for constant in wanted.into_iter().rev() {
            pool.align = pool.align.max(constant.len.into());
            // A short one may be a part of a long one.
            if pool.find(constant).is_none() {
                let len = usize::from(constant.len);
                pool.bytes.extend_from_slice(&constant.bytes[..len]);
            }
        }
        pool
    }

    /// Where a constant lies, as far aligned as it is long.
    fn find(&self, constant: Constant) -> Option<usize> {
        let len = usize::from(constant.len.max(1));
        let wanted = constant.bytes.get(..len)?;
        let place = self.bytes.chunks_exact(len).position(|c| c == wanted)?;
        Some(place * len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_constant_is_found_within_a_long_one() {
        let long = Constant::new(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        let short = Constant::new(&[9, 10, 11, 12]);
        let other = Constant::new(&[9, 10, 11, 13]);
        let pool = Pool::new(BTreeSet::from([short, other, long]));
        assert_eq!(pool.find(short), Some(8));
        assert_eq!(pool.find(other), Some(16));
        assert_eq!((pool.bytes.len(), pool.align), (20, 16));
    }
}
