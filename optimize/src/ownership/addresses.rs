//! Keeps objects alive as long as addresses of theirs are in use. It must not know how addresses are
//! used, only which values are made of them.
//!
//! ```text
//! %2 = foreigncall sym "jl_value_ptr" … args(%1)    the last use of %1
//! %3 = Base.add_ptr(%2, UInt64(8))
//! %4 = Base.pointerref(%3, 1, 1)                    %1 must not be gone yet
//! ```
//!
//! Julia asks for `GC.@preserve` here, and gives an object of a function memory of its frame where it
//! is not; programs that were compiled without a collector rely on that. Values made of an address
//! are followed through arithmetic, aggregates and results of calls; a use of one is a use of the
//! object. A call that gives an address may give one of an object that it got. Where an address goes
//! to a phi or to memory, it is not followed: the object is kept wherever control has passed its
//! statement, until control comes back to it. Addresses of the elements of arrays are not looked at.

use super::values::foreign_name;
use super::{Context, Counted};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Builtin, Function, Inst, Intrinsic, Op, Terminator, Type, TypeClass, Value};

/// An object whose address is taken.
struct Addressed {
    object: Inst,
    home: Block,
    /// The last statement of each block that uses what was made of the address.
    uses: Vec<(Block, Inst)>,
    /// An address was lost sight of.
    lasting: bool,
}

/// Inserts uses of objects behind the uses of their addresses.
pub fn keep(cx: &Context, func: &mut Function, cfg: &Cfg, counted: &mut Counted) {
    let objects = addressed(cx, func, cfg, counted);
    for addressed in objects {
        insert(func, cfg, &addressed);
    }
}

fn addressed(cx: &Context, func: &Function, cfg: &Cfg, counted: &mut Counted) -> Vec<Addressed> {
    let mut found: Vec<Addressed> = Vec::new();
    let calls = cfg.rpo().iter().flat_map(|&b| &func.blocks[b].insts);
    let mut numbers: HashMap<Inst, usize> = HashMap::new();
    let mut made_of: SecondaryMap<Inst, Vec<usize>> = SecondaryMap::new();
    for &inst in calls {
        for object in taken_from(cx, func, inst) {
            if !counted.is(&cx.module.tables, func.insts[object].ty) {
                continue;
            }
            let number = *numbers.entry(object).or_insert(found.len());
            if number == found.len() {
                found.push(Addressed {
                    object,
                    home: Block::from_u32(0),
                    uses: Vec::new(),
                    lasting: false,
                });
            }
            made_of[inst].push(number);
        }
    }
    if found.is_empty() {
        return found;
    }
    for &block in cfg.rpo() {
        for &inst in &func.blocks[block].insts {
            if let Some(&number) = numbers.get(&inst) {
                found[number].home = block;
            }
            // What phis take over is known when all else is.
            let mut sources = sources_of(func, &made_of, inst);
            if sources.is_empty() || matches!(func.insts[inst].op, Op::Phi(_)) {
                continue;
            }
            let result = what_comes_of(cx, func, inst, |v| match v {
                Value::Inst(operand) => !made_of[operand].is_empty(),
                _ => false,
            });
            for &number in &sources {
                let addressed = &mut found[number];
                addressed.lasting |= result == Fate::Lost;
                // Behind what never returns nothing is used.
                if func.insts[inst].ty != Type::BOTTOM {
                    match addressed.uses.last_mut() {
                        Some(last) if last.0 == block => last.1 = inst,
                        _ => addressed.uses.push((block, inst)),
                    }
                }
            }
            if result == Fate::Followed {
                made_of[inst].append(&mut sources);
            }
        }
    }
    for &block in cfg.rpo() {
        for phi in func.block_phis(block) {
            for number in sources_of(func, &made_of, phi) {
                found[number].lasting = true;
            }
        }
    }
    found
}

/// The objects whose addresses the operands of a statement are made of.
fn sources_of(func: &Function, made_of: &SecondaryMap<Inst, Vec<usize>>, inst: Inst) -> Vec<usize> {
    let mut sources: Vec<usize> = Vec::new();
    func.for_each_operand(inst, |v| {
        if let Value::Inst(operand) = v {
            sources.extend_from_slice(&made_of[operand]);
        }
    });
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// The objects whose addresses a statement takes, or may take: a call that gives an address may give
/// one of an object that it got.
fn taken_from(cx: &Context, func: &Function, inst: Inst) -> Vec<Inst> {
    let data = &func.insts[inst];
    let (args, is_call) = match &data.op {
        Op::ForeignCall(call) if foreign_name(cx, call.symbol) == Some("jl_value_ptr") => {
            (call.args, false)
        }
        Op::Invoke { args, .. } => (*args, true),
        _ => return Vec::new(),
    };
    let objects = func.args(args).iter().filter_map(|&v| v.as_inst());
    let is_object = |&i: &Inst| cx.module.tables.class(func.insts[i].ty) == TypeClass::Heap;
    let objects: Vec<Inst> = objects.filter(is_object).collect();
    if is_call && !objects.is_empty() && !holds_address(cx, data.ty, 0) {
        return Vec::new();
    }
    objects
}

/// How deep addresses are looked for in types.
const MAX_DEPTH: u32 = 8;

/// Whether values of a type are addresses, or hold some.
fn holds_address(cx: &Context, ty: Type, depth: u32) -> bool {
    let tables = &cx.module.tables;
    match tables.class(ty) {
        TypeClass::Pointer => true,
        TypeClass::Inline | TypeClass::InlineWithReferences if depth < MAX_DEPTH => {
            let fields = tables.field_types(ty).unwrap_or_default();
            fields.iter().any(|&f| holds_address(cx, f, depth + 1))
        }
        _ => false,
    }
}

/// What a statement does with an address among its operands.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Fate {
    /// Its result is none, nor made of one.
    Used,
    /// Its result is made of it.
    Followed,
    /// It goes where it is not seen.
    Lost,
}

fn what_comes_of(
    cx: &Context,
    func: &Function,
    inst: Inst,
    is_address_of_object: impl Fn(Value) -> bool,
) -> Fate {
    let data = &func.insts[inst];
    let tables = &cx.module.tables;
    let class = tables.class(data.ty);
    let followed = |yes: bool| if yes { Fate::Followed } else { Fate::Used };
    let is_address = |class: TypeClass| {
        matches!(
            class,
            TypeClass::Pointer | TypeClass::Inline | TypeClass::InlineWithReferences
        )
    };
    match &data.op {
        Op::Upsilon(_) => Fate::Lost,
        Op::Intrinsic(Intrinsic::PointerRef | Intrinsic::AtomicPointerRef, _) => Fate::Used,
        Op::Intrinsic(Intrinsic::PointerSet | Intrinsic::AtomicPointerSet, args) => {
            // To store to an address is a use; one that is stored is not seen any more.
            match func.args(*args).get(1) {
                Some(&stored) if is_address_of_object(stored) => Fate::Lost,
                _ => Fate::Used,
            }
        }
        // Addresses are reckoned with as integers of 64 bits, too.
        Op::Intrinsic(..) => followed(is_address(class) || class == TypeClass::Primitive(64)),
        Op::Builtin(Builtin::SetField | Builtin::ArraySet, _) => Fate::Lost,
        Op::New { .. } if class == TypeClass::Heap => Fate::Lost,
        Op::Copy(_) | Op::Pi { .. } => Fate::Followed,
        _ => followed(is_address(class) || class == TypeClass::Union),
    }
}

fn insert(func: &mut Function, cfg: &Cfg, addressed: &Addressed) {
    let object = Value::Inst(addressed.object);
    let list = func.value_list(&[object]);
    let begin = func.make_inst(Op::GcPreserveBegin(list), Type::ANY, None.into());
    let is_phi = |f: &Function, i: Inst| matches!(f.insts[i].op, Op::Phi(_));
    let home = addressed.home;
    let insts = &func.blocks[home].insts;
    let defined = insts.iter().position(|&i| i == addressed.object);
    let behind_phis = insts.iter().position(|&i| !is_phi(func, i));
    let place = match defined {
        Some(at) if is_phi(func, addressed.object) => behind_phis.unwrap_or(at + 1),
        Some(at) => at + 1,
        None => return,
    };
    func.blocks[home].insts.insert(place, begin);
    let end = |func: &mut Function| {
        func.make_inst(
            Op::GcPreserveEnd(Value::Inst(begin)),
            Type::NOTHING,
            None.into(),
        )
    };
    if addressed.lasting {
        for &block in cfg.rpo() {
            if !cfg.dominates(home, block) {
                continue;
            }
            let term = &func.blocks[block].term;
            let leaves = matches!(term, Terminator::Return(_))
                || (term.successors()).any(|s| s == home || !cfg.dominates(home, s));
            if leaves {
                let end = end(func);
                func.blocks[block].insts.push(end);
            }
        }
        return;
    }
    for &(block, last) in &addressed.uses {
        let insts = &func.blocks[block].insts;
        if let Some(at) = insts.iter().position(|&i| i == last) {
            let end = end(func);
            func.blocks[block].insts.insert(at + 1, end);
        }
    }
}
