//! How concrete the types of a function's statements are. Knows typed IR and nothing of where it
//! came from.

use jlift_ir::text::{statement_text, type_text};
use jlift_ir::types::{TypeClass, TypeData};
use jlift_ir::{Func, Module, Op, Tables, Type};
use std::collections::{BTreeMap, BTreeSet};

/// How much is known of the values of a type.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Known {
    /// All have one layout.
    Concrete,
    /// They are of one of several concrete types.
    OneOfSeveral,
    /// `Any`, another abstract type, or a union or tuple with such a part.
    Abstract,
}

/// Builtin concrete types that no module declares.
const CONCRETE: &[Type] = &[
    Type::DATA_TYPE,
    Type::MODULE,
    Type::SIMPLE_VECTOR,
    Type::TYPE_OF_BOTTOM,
];

/// How much is known of the values of a type.
pub fn known(tables: &Tables, ty: Type) -> Known {
    known_within(tables, ty, 64)
}

fn known_within(tables: &Tables, ty: Type, depth: u32) -> Known {
    let Some(depth) = depth.checked_sub(1) else {
        return Known::Abstract;
    };
    if CONCRETE.contains(&ty) {
        return Known::Concrete;
    }
    if let TypeData::Union(_) = tables.type_data(ty) {
        let members = tables.members(ty);
        let least = members.iter().map(|&m| known_within(tables, m, depth));
        return least.max().unwrap_or(Known::Abstract).max(Known::OneOfSeveral);
    }
    // Tuples are covariant and distribute over unions: `Tuple{Int64, Union{A, B}}` is the same type
    // as `Union{Tuple{Int64, A}, Tuple{Int64, B}}`.
    if tables.is_tuple(ty)
        && let Some(elems) = tables.tuple_elems(ty)
    {
        let elems = elems.iter().map(|&e| known_within(tables, e, depth));
        return elems.max().unwrap_or(Known::Concrete);
    }
    match tables.class(ty) {
        TypeClass::Abstract => Known::Abstract,
        _ => Known::Concrete,
    }
}

/// Statements by how much is known of their values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub functions: usize,
    /// Statements that define a value.
    pub values: usize,
    pub one_of_several: usize,
    pub abstracts: usize,
    /// The abstract types, with how often each occurs.
    pub types: BTreeMap<String, usize>,
    /// The statements of abstract types.
    pub statements: Vec<String>,
}

impl Counts {
    /// Adds those of other functions.
    pub fn add(&mut self, other: &Counts) {
        self.functions += other.functions;
        self.values += other.values;
        self.one_of_several += other.one_of_several;
        self.abstracts += other.abstracts;
        for (ty, n) in &other.types {
            *self.types.entry(ty.clone()).or_default() += n;
        }
        self.statements.extend_from_slice(&other.statements);
    }
}

/// Whether a statement defines a value that its type says something of.
fn defines_value(op: &Op) -> bool {
    !matches!(
        op,
        Op::Nop
            | Op::Enter
            | Op::Leave(_)
            | Op::PopException(_)
            | Op::Upsilon(_)
            | Op::ThrowRecord { .. }
            | Op::Rethrow
            | Op::Abort { .. }
            | Op::GcPreserveBegin(_)
            | Op::GcPreserveEnd(_)
            | Op::Retain(_)
            | Op::Release(_)
            | Op::Cleanup(_)
            | Op::ThrowUndefIfNot { .. }
    )
}

/// The counts of a function's own body.
pub fn of_body(module: &Module, func: Func) -> Counts {
    let mut counts = Counts {
        functions: 1,
        ..Counts::default()
    };
    let f = &module.functions[func];
    for &block in &f.layout {
        for &inst in &f.blocks[block].insts {
            let data = &f.insts[inst];
            if !defines_value(&data.op) {
                continue;
            }
            counts.values += 1;
            match known(&module.tables, data.ty) {
                Known::Concrete => {}
                Known::OneOfSeveral => counts.one_of_several += 1,
                Known::Abstract => {
                    counts.abstracts += 1;
                    let ty = type_text(&module.tables, data.ty);
                    *counts.types.entry(ty).or_default() += 1;
                    let text = statement_text(module, func, inst);
                    counts.statements.push(text.trim().to_string());
                }
            }
        }
    }
    counts
}

/// The functions that these call, and those that they call, in order of their numbers.
pub fn reachable(module: &Module, roots: &[Func]) -> Vec<Func> {
    let mut seen = BTreeSet::new();
    let mut open = roots.to_vec();
    while let Some(func) = open.pop() {
        if !seen.insert(func) {
            continue;
        }
        let f = &module.functions[func];
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                if let Op::Invoke { func, .. } = f.insts[inst].op {
                    open.push(func);
                }
            }
        }
    }
    seen.into_iter().collect()
}
