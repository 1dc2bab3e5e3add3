//! How concrete the types of values in typed IR are. Knows nothing of where the IR came from.

use jlift_ir::text::{statement_text, type_text};
use jlift_ir::{Func, Function, Inst, Module, Op, Tables, Type, TypeClass, TypeData, Value};
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
    let least = |types: Vec<Type>| {
        let known = types.iter().map(|&ty| known_within(tables, ty, depth));
        known.max().unwrap_or(Known::Concrete)
    };
    if let TypeData::Union(_) = tables.type_data(ty) {
        return least(tables.members(ty)).max(Known::OneOfSeveral);
    }
    // Tuples are covariant and distribute over unions: `Tuple{Int64, Union{A, B}}` is the same type
    // as `Union{Tuple{Int64, A}, Tuple{Int64, B}}`.
    if tables.is_tuple(ty)
        && let Some(elems) = tables.tuple_elems(ty)
    {
        return least(elems);
    }
    match tables.class(ty) {
        TypeClass::Abstract => Known::Abstract,
        _ => Known::Concrete,
    }
}

/// Values of statements, by how much is known of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub functions: usize,
    pub values: usize,
    pub one_of_several: usize,
    /// The statements of abstract types whose values are used.
    pub abstracts: Vec<String>,
    /// The other statements of abstract types.
    pub unused_abstracts: Vec<String>,
    /// The abstract types, with how often each occurs.
    pub types: BTreeMap<String, usize>,
}

impl Counts {
    /// The counts of the bodies of some functions, without what these call.
    pub fn of(module: &Module, funcs: &[Func]) -> Counts {
        let mut counts = Counts::default();
        for &func in funcs {
            counts.add_body(module, func);
        }
        counts
    }

    fn add_body(&mut self, module: &Module, func: Func) {
        self.functions += 1;
        let f = &module.functions[func];
        let used = used(f);
        for inst in statements(f) {
            let data = &f.insts[inst];
            if !defines_value(&data.op) {
                continue;
            }
            self.values += 1;
            if let jlift_ir::Op::Builtin(jlift_ir::Builtin::Box, _) = data.op {
                // What goes to a field of an abstract type, such as those of exceptions; Julia's
                // typed IR has no statement for it.
                continue;
            }
            match known(&module.tables, data.ty) {
                Known::Concrete => {}
                Known::OneOfSeveral => self.one_of_several += 1,
                Known::Abstract => {
                    let text = statement_text(module, func, inst);
                    let list = match used.contains(&inst) {
                        true => &mut self.abstracts,
                        false => &mut self.unused_abstracts,
                    };
                    list.push(text.trim().to_string());
                    let ty = type_text(&module.tables, data.ty);
                    *self.types.entry(ty).or_default() += 1;
                }
            }
        }
    }

    /// Adds the counts of other functions.
    pub fn add(&mut self, other: Counts) {
        self.functions += other.functions;
        self.values += other.values;
        self.one_of_several += other.one_of_several;
        self.abstracts.extend(other.abstracts);
        self.unused_abstracts.extend(other.unused_abstracts);
        for (ty, n) in other.types {
            *self.types.entry(ty).or_default() += n;
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} functions, {} values, {} of unions, {} of abstract types and {} that nothing uses",
            self.functions,
            self.values,
            self.one_of_several,
            self.abstracts.len(),
            self.unused_abstracts.len()
        )?;
        for (ty, n) in &self.types {
            write!(f, "\n    {n} {ty}")?;
        }
        Ok(())
    }
}

fn statements(f: &Function) -> impl Iterator<Item = Inst> + '_ {
    let blocks = f.layout.iter();
    blocks.flat_map(|&block| f.blocks[block].insts.iter().copied())
}

/// The statements whose values others use.
fn used(f: &Function) -> BTreeSet<Inst> {
    let mut used = BTreeSet::new();
    for inst in statements(f) {
        f.for_each_operand(inst, |value| used.extend(value.as_inst()));
    }
    let ends = f.layout.iter().filter_map(|&b| f.terminator_operand(b));
    used.extend(ends.filter_map(Value::as_inst));
    used
}

/// Whether a statement defines a value of which its type says something.
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

/// These functions, those that they call, and so on, in order of their numbers.
pub fn reachable(module: &Module, roots: &[Func]) -> Vec<Func> {
    let mut seen = BTreeSet::new();
    let mut open = roots.to_vec();
    while let Some(func) = open.pop() {
        if !seen.insert(func) {
            continue;
        }
        let f = &module.functions[func];
        open.extend(statements(f).filter_map(|inst| match f.insts[inst].op {
            Op::Invoke { func, .. } => Some(func),
            _ => None,
        }));
    }
    seen.into_iter().collect()
}
