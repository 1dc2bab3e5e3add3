//! Copies of one region: what differs between them becomes parameters of the function that
//! replaces them, what is used behind them becomes its results; and what that gains. Knows nothing
//! of how regions are found or replaced.

use super::Policy;
use super::operation::{leaves, passing, weight};
use super::region::{Absorbed, Part, Region, Source, resolve};
use crate::inline::singleton;
use hashbrown::HashMap;
use jlift_ir::{Block, Function, Inst, Module, Terminator, Type, TypeClass, Value};

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

/// Where the results of a function's statements are used.
pub struct Uses {
    /// Statements that use a statement, and blocks that end in a use of it.
    by_inst: HashMap<Inst, (Vec<Inst>, Vec<Block>)>,
}

impl Uses {
    /// All uses in a function.
    pub fn new(func: &Function) -> Self {
        let mut by_inst: HashMap<Inst, (Vec<Inst>, Vec<Block>)> = HashMap::new();
        for &block in &func.layout {
            for &user in &func.blocks[block].insts {
                func.for_each_operand(user, |value| {
                    if let Value::Inst(i) = value {
                        by_inst.entry(i).or_default().0.push(user);
                    }
                });
            }
            if let Some(Value::Inst(i)) = func.terminator_operand(block) {
                by_inst.entry(i).or_default().1.push(block);
            }
        }
        Uses { by_inst }
    }

    /// Numbers of the statements of a region that are used outside of it.
    fn leaving(&self, region: &Region, absorbed: &Absorbed) -> Vec<bool> {
        let number: HashMap<Inst, usize> = region
            .insts
            .iter()
            .enumerate()
            .map(|(n, &i)| (i, n))
            .collect();
        let is_end_inside = |b: Block| {
            let now = resolve(absorbed, b);
            region.parts.iter().any(|p| p.is_whole && p.block == now)
        };
        region
            .insts
            .iter()
            .map(|inst| {
                self.by_inst.get(inst).is_some_and(|(users, ends)| {
                    users.iter().any(|u| !number.contains_key(u))
                        || ends.iter().any(|&b| !is_end_inside(b))
                })
            })
            .collect()
    }
}

/// Plans one function for regions that match; `None` if they cannot have one.
pub fn plan<'a>(
    module: &Module,
    members: Vec<Region>,
    uses: impl Fn(&Region) -> (&'a Uses, &'a Absorbed),
    policy: &Policy,
) -> Option<Group> {
    let first = members.first()?;
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
    for member in &members {
        let (uses, absorbed) = uses(member);
        for (all, one) in leaving.iter_mut().zip(uses.leaving(member, absorbed)) {
            *all |= one;
        }
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
    group.profit = profit(module, func, first, &group, &members);
    group.members = members;
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
    let is_branch = |p: &&Part| {
        p.is_whole && matches!(func.blocks[p.block].term, Terminator::Branch { .. })
    };
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
    let returning = if results > 4 { 2 * results } else { results };
    let mut calls = 0;
    for (member, args) in members.iter().zip(&group.args) {
        let f = &module.functions[member.func];
        let passing: u32 = args.iter().map(|&v| passing(module, f, v)).sum();
        calls += i64::from(3 + passing + returning);
    }
    let overhead = i64::from(8 + returning);
    (members.len() as i64 - 1) * i64::from(group.body) - calls - overhead
}
