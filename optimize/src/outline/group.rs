//! Copies of one region: what differs between them becomes parameters of the function that
//! replaces them, what is used behind them becomes its results; and what that gains. Knows nothing
//! of how regions are found or replaced.

use super::Policy;
use super::operation::{leaves, passing, weight};
use super::region::{Part, Region, Source};
use crate::inline::singleton;
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::{Function, Inst, Module, Terminator, Type, TypeClass, Value};

/// Where an operand of the new function comes from.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Operand {
    Inside(u32),
    Param(u32),
    Constant(Value),
}

/// A plan for a function and its calls.
pub struct Group {
    pub members: Vec<Region>,
    /// The operands in the order of [`Region::sources`].
    pub operands: Vec<Operand>,
    pub params: Vec<Type>,
    /// By member: the arguments.
    pub args: Vec<Vec<Value>>,
    /// The results: numbers of statements.
    pub results: Vec<u32>,
    /// What the new function becomes, in the units of [`weight`].
    pub body: u32,
    /// What goes, in the same units.
    pub profit: i64,
}

/// How often each statement of a function is used.
pub struct Uses(SecondaryMap<Inst, u32>);

impl Uses {
    /// Counts the uses in a function.
    pub fn new(func: &Function) -> Self {
        let mut counts: SecondaryMap<Inst, u32> = SecondaryMap::with_capacity(func.insts.len());
        let mut count = |value: Value| {
            if let Value::Inst(i) = value {
                counts[i] += 1;
            }
        };
        for &block in &func.layout {
            for &user in &func.blocks[block].insts {
                func.for_each_operand(user, &mut count);
            }
            func.terminator_operand(block).map(&mut count);
        }
        Uses(counts)
    }

    /// Notes which statements of a region are used outside of it, by number.
    fn leaving(&self, region: &Region, found: &mut [bool]) {
        let mut inside = vec![0; region.insts.len()];
        for &source in &region.sources {
            if let Source::Inside(n) = source {
                inside[n as usize] += 1;
            }
        }
        for ((&inst, inside), found) in region.insts.iter().zip(inside).zip(found) {
            *found |= self.0[inst] > inside;
        }
    }
}

/// Plans one function for regions that match, which the caller then puts into the group; `None`
/// if there are not two, or they cannot have one.
pub fn plan<'a>(
    module: &Module,
    members: &[Region],
    uses: impl Fn(&Region) -> &'a Uses,
    policy: &Policy,
) -> Option<Group> {
    let [first, _, ..] = members else {
        return None;
    };
    let func = &module.functions[first.func];
    let mut group = Group {
        operands: Vec::with_capacity(first.sources.len()),
        params: Vec::new(),
        args: vec![Vec::new(); members.len()],
        results: Vec::new(),
        body: body(module, func, first),
        profit: 0,
        members: Vec::new(),
    };
    let mut differing_constants = 0;
    let mut columns: HashMap<Vec<Value>, u32> = HashMap::new();
    for (n, &source) in first.sources.iter().enumerate() {
        let (value, ty) = match source {
            Source::Inside(k) => {
                group.operands.push(Operand::Inside(k));
                continue;
            }
            Source::Outside { value, ty, .. } => (value, ty?),
        };
        if let Some(ghost) = singleton(&module.tables, ty) {
            let only = if value.is_const() { value } else { ghost };
            group.operands.push(Operand::Constant(only));
            continue;
        }
        let column: Vec<Value> = members
            .iter()
            .map(|m| match m.sources.get(n) {
                Some(&Source::Outside { value, .. }) => value,
                _ => value,
            })
            .collect();
        if value.is_const() && column.iter().all(|&v| v == value) {
            group.operands.push(Operand::Constant(value));
            continue;
        }
        let next = columns.len() as u32;
        if let Some(&known) = columns.get(&column) {
            group.operands.push(Operand::Param(known));
            continue;
        }
        if !can_be_passed(module, ty) {
            return None;
        }
        if column.iter().any(|v| v.is_const()) {
            differing_constants += 1;
        }
        for (args, &value) in group.args.iter_mut().zip(&column) {
            args.push(value);
        }
        columns.insert(column, next);
        group.params.push(ty);
        group.operands.push(Operand::Param(next));
    }
    if differing_constants > policy.max_differing_constants
        || group.params.len() > policy.max_params
    {
        return None;
    }
    let mut leaving = vec![false; first.insts.len()];
    for member in members {
        uses(member).leaving(member, &mut leaving);
    }
    for (n, &inst) in first.insts.iter().enumerate() {
        let ty = func.insts[inst].ty;
        if leaving[n] && singleton(&module.tables, ty).is_none() {
            if !can_be_passed(module, ty) {
                return None;
            }
            group.results.push(n as u32);
        }
    }
    group.profit = profit(module, func, first, &group, members);
    Some(group)
}

/// Whether a type may be a parameter or a result: bits without tags.
fn can_be_passed(module: &Module, ty: Type) -> bool {
    matches!(
        module.tables.class(ty),
        TypeClass::Primitive(_) | TypeClass::Pointer | TypeClass::Inline
    )
}

/// How much code a region is.
fn body(module: &Module, func: &Function, region: &Region) -> u32 {
    let insts = region.insts.iter().map(|&i| weight(module, func, i));
    let is_branch =
        |p: &&Part| p.is_whole && matches!(func.blocks[p.block].term, Terminator::Branch { .. });
    insts.sum::<u32>() + region.parts.iter().filter(is_branch).count() as u32
}

fn profit(
    module: &Module,
    func: &Function,
    first: &Region,
    group: &Group,
    members: &[Region],
) -> i64 {
    // What a call costs: the call and a status that may have to be tested, arguments, results.
    let results: u32 = group
        .results
        .iter()
        .map(|&n| leaves(module, func.insts[first.insts[n as usize]].ty))
        .sum();
    // More than two come back through memory.
    let returning = if results > 2 { 2 * results } else { results };
    let mut calls = 0;
    for (member, args) in members.iter().zip(&group.args) {
        let f = &module.functions[member.func];
        let passing: u32 = args.iter().map(|&v| passing(module, f, v)).sum();
        calls += i64::from(3 + passing + returning);
    }
    let overhead = i64::from(8 + returning);
    (members.len() as i64 - 1) * i64::from(group.body) - calls - overhead
}
