//! The constants that shortened code refers to: each once as data of the program, or behind the
//! functions where that makes a smaller file. Knows nothing of instructions but where they refer to
//! constants.

use crate::compile::CompiledFunction;
use crate::program::{DataContent, DataDecl, Program};
use crate::shorten::Constant;
use cranelift_codegen::binemit::Reloc;
use cranelift_module::{ModuleReloc, ModuleRelocTarget};
use std::collections::BTreeSet;

/// The namespace of data in the names that code refers to.
const DATA: u32 = 1;

/// What a section of read-only data costs in a file: a header, a name and the way to the next
/// multiple of what it is aligned to.
const SECTION_COST: usize = 80;

/// Gives the constants of all functions their places.
pub fn place(program: &mut Program, functions: &mut [CompiledFunction]) {
    let uses = functions.iter().flat_map(|f| &f.constants);
    let pool = Pool::new(uses.map(|u| u.constant).collect());
    if pool.bytes.is_empty() {
        return;
    }
    let has_section = program.data.iter().any(|d| {
        matches!(
            d.content,
            DataContent::ReadOnly(_) | DataContent::ReadOnlyWithAddresses { .. }
        )
    });
    if !has_section {
        let own: Vec<Pool> = functions.iter().map(own_pool).collect();
        let cost: usize = own
            .iter()
            .map(|p| p.bytes.len() + p.align as usize / 2)
            .sum();
        if cost < pool.bytes.len() + SECTION_COST {
            for (function, pool) in functions.iter_mut().zip(own) {
                append(function, &pool);
            }
            return;
        }
    }
    add_data(program, functions, pool);
}

/// The constants of one function.
fn own_pool(function: &CompiledFunction) -> Pool {
    Pool::new(function.constants.iter().map(|u| u.constant).collect())
}

/// Puts the constants of a function behind its code.
fn append(function: &mut CompiledFunction, pool: &Pool) {
    if pool.bytes.is_empty() {
        return;
    }
    let start = function.code.len().next_multiple_of(pool.align as usize);
    for constant in std::mem::take(&mut function.constants) {
        let (at, end) = (constant.at as usize, constant.at + constant.to_end);
        let distance = pool
            .find(constant.constant)
            .and_then(|place| i32::try_from(start + place - end as usize).ok());
        if let (Some(distance), Some(field)) = (distance, function.code.get_mut(at..at + 4)) {
            field.copy_from_slice(&distance.to_le_bytes());
        }
    }
    function.align = function.align.max(pool.align.into());
    function.code.resize(start, 0);
    function.code.extend_from_slice(&pool.bytes);
}

/// Adds the constants to the program, and references to them to the functions.
fn add_data(program: &mut Program, functions: &mut [CompiledFunction], pool: Pool) {
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
            align: 1,
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
    use crate::shorten::ConstantUse;

    /// A function of nine bytes whose constant is referred to at the fifth.
    fn function(index: u32, value: f64) -> CompiledFunction {
        CompiledFunction {
            index,
            code: vec![0xf2, 0x0f, 0x58, 0x05, 0, 0, 0, 0, 0xc3],
            align: 1,
            relocs: Vec::new(),
            constants: vec![ConstantUse {
                at: 4,
                to_end: 4,
                constant: Constant::new(&value.to_le_bytes()),
            }],
            srclocs: Vec::new(),
            disassembly: None,
        }
    }

    #[test]
    fn without_other_data_a_constant_lies_behind_its_function() {
        let mut program = Program::default();
        let mut functions = [function(0, 1.5)];
        place(&mut program, &mut functions);
        assert!(program.data.is_empty());
        let [function] = functions;
        assert!(function.relocs.is_empty() && function.constants.is_empty());
        // It lies at 16, and the instruction ends at 8.
        assert_eq!(function.code[4..8], 8i32.to_le_bytes());
        assert_eq!(function.code[16..], 1.5f64.to_le_bytes());
        assert_eq!(function.align, 8);
    }

    #[test]
    fn with_other_data_equal_constants_are_there_once() {
        let mut program = Program::default();
        program.data.push(DataDecl {
            name: "text".into(),
            content: DataContent::ReadOnly([1].into()),
            align: 1,
        });
        let mut functions = [function(0, 1.5), function(1, 1.5), function(2, 2.5)];
        place(&mut program, &mut functions);
        let [_, data] = &program.data[..] else {
            panic!("{:?}", program.data);
        };
        assert!(matches!(&data.content, DataContent::ReadOnly(b) if b.len() == 16));
        let addends = functions.each_ref().map(|f| f.relocs[0].addend);
        assert_eq!(addends[0], addends[1]);
        assert_ne!(addends[0], addends[2]);
        assert!(functions.iter().all(|f| f.code.len() == 9));
    }

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
