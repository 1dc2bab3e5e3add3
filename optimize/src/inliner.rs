//! Which calls are worth inlining: what a function costs its callers, and the walk over a caller's
//! calls. How a call is inlined is in [`crate::inline`], the order of functions in
//! [`crate::program`].
//!
//! A cost is in units of a simple machine instruction. What only runs on the way to an error is
//! nearly free: it does not make the code around it slower. The thresholds are Julia's, as is the
//! reason for them: operators, accessors and iterators vanish, algorithms stay functions.

use crate::inline::{is_inlinable, splice};
use crate::pipeline::Level;
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::intrinsic::Shape;
use jlift_ir::module::value_type;
use jlift_ir::{
    Block, Builtin, ConstData, Func, Function, InlineHint, Inst, Intrinsic, Module, Op, Terminator,
    TypeClass, Value,
};

/// How much is inlined.
#[derive(Copy, Clone, Debug)]
pub struct Policy {
    /// Functions that cost at most this are inlined.
    pub threshold: u32,
    /// Added for functions that return a small union or an aggregate, such as `iterate`: taking
    /// the result apart at once saves more than the call.
    pub aggregate_bonus: u32,
    /// For functions that are called in one place only.
    pub single_use: u32,
    /// Statements of a function that is inlined because it asks to be.
    pub requested: usize,
    /// Statements of a caller beyond which only tiny functions are inlined into it.
    pub caller: usize,
    /// Where control stops: what calls nothing but one function is inlined there, if it is called
    /// in so few places.
    pub cold_uses: u32,
    /// Code that only runs on the way to an error is as good as any other.
    pub cold_counts: bool,
}

impl Policy {
    /// What a level asks for.
    pub fn of(level: Level) -> Option<Policy> {
        match level {
            Level::O0 => None,
            Level::O1 => Some(Policy::SMALL),
            Level::O2 => Some(Policy::FULL),
        }
    }

    /// Where running time counts.
    pub const FULL: Policy = Policy {
        threshold: 100,
        aggregate_bonus: 100,
        single_use: 500,
        requested: 2_000,
        caller: 4_000,
        cold_uses: 2,
        cold_counts: false,
    };
    /// Where running time counts, and the program is not known as a whole: what is called once so
    /// far may be called again.
    pub const GROWING: Policy = Policy {
        single_use: 100,
        cold_uses: 0,
        ..Policy::FULL
    };
    /// Where outlining has made the module small.
    pub const SHARED: Policy = Policy {
        threshold: 30,
        aggregate_bonus: 20,
        ..Policy::FULL
    };
    /// Where inlining is to make compilation cheaper.
    pub const SMALL: Policy = Policy {
        threshold: 20,
        aggregate_bonus: 20,
        single_use: 20,
        requested: 200,
        caller: 2_000,
        cold_uses: 0,
        cold_counts: false,
    };
    /// Where only the size of the code counts.
    pub const SMALLEST: Policy = Policy {
        threshold: TINY,
        aggregate_bonus: 0,
        single_use: 60,
        requested: 20,
        caller: 2_000,
        cold_uses: 0,
        cold_counts: true,
    };
}

/// A function of this cost is smaller than the call of it.
const TINY: u32 = 10;
/// Statements that go into any caller, if the function is tiny.
const TINY_SIZE: u32 = 40;
/// A function of this cost is hardly more than a call of another one.
const ONE_CALL: u32 = 25;
/// No caller grows beyond this, whatever it calls.
const MAX_CALLER: usize = 30_000;

/// What inlining a function means to a caller.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Cost {
    /// `u32::MAX` for what is never inlined.
    pub units: u32,
    /// Statements.
    pub size: u32,
}

impl Cost {
    /// Of a function that cannot or must not be inlined.
    pub const NEVER: Cost = Cost {
        units: u32::MAX,
        size: u32::MAX,
    };
}

impl Default for Cost {
    fn default() -> Self {
        Cost::NEVER
    }
}

/// The cost of a function as it is now.
pub fn cost(module: &Module, func: Func, policy: &Policy) -> Cost {
    let f = &module.functions[func];
    if is_forwarder(f) && is_inlinable(f).is_ok() {
        return Cost { units: 0, size: 1 };
    }
    if f.inline == InlineHint::Never || is_inlinable(f).is_err() {
        return Cost::NEVER;
    }
    let size = f.statement_count();
    if size > policy.requested {
        return Cost::NEVER;
    }
    let size = size as u32;
    if f.inline == InlineHint::Always {
        return Cost { units: 0, size };
    }
    let cfg = Cfg::new(f);
    let cold = cold_blocks(f, &cfg);
    let mut units: u32 = 0;
    for &block in cfg.rpo() {
        if cold.contains(block) && !policy.cold_counts {
            units += 2;
            continue;
        }
        let data = &f.blocks[block];
        for &inst in &data.insts {
            units = units.saturating_add(statement_cost(module, f, inst));
        }
        units += match data.term {
            Terminator::Branch { .. } => 1,
            _ => 0,
        };
        // Against the loop's work the call of it is nothing.
        if data.term.successors().any(|s| cfg.is_back_edge(block, s)) {
            units += 40;
        }
    }
    let bonus = match module.tables.class(f.ret) {
        TypeClass::Union | TypeClass::Inline | TypeClass::InlineWithReferences => {
            policy.aggregate_bonus
        }
        _ => 0,
    };
    let units = units.saturating_sub(bonus);
    Cost { units, size }
}

/// Whether a function only calls another one.
fn is_forwarder(f: &Function) -> bool {
    let [block] = f.layout[..] else {
        return false;
    };
    let data = &f.blocks[block];
    let [call] = data.insts[..] else {
        return false;
    };
    let returns = data.term == Terminator::Return(Value::Inst(call));
    let nothing = data.term == Terminator::Return(Value::NOTHING);
    matches!(f.insts[call].op, Op::Invoke { .. }) && (returns || nothing)
}

/// Blocks from which control only gets to where it stops: the ways to errors.
fn cold_blocks(f: &Function, cfg: &Cfg) -> EntitySet<Block> {
    let mut cold = EntitySet::new();
    for &block in cfg.rpo().iter().rev() {
        let stops = match &f.blocks[block].term {
            Terminator::Unreachable => true,
            Terminator::Return(_) => false,
            term => term.successors().all(|s| cold.contains(s)),
        };
        if stops {
            cold.insert(block);
        }
    }
    cold
}

/// Blocks to which control may come back: from the end of each way back, all that leads there from
/// its beginning.
fn looping_blocks(f: &Function, cfg: &Cfg) -> EntitySet<Block> {
    let mut looping = EntitySet::new();
    let mut seen = EntitySet::new();
    let mut work = Vec::new();
    for &block in cfg.rpo() {
        seen.insert(block);
        for header in f.blocks[block]
            .term
            .successors()
            .filter(|&s| seen.contains(s))
        {
            let mut inside = EntitySet::new();
            inside.insert(header);
            work.push(block);
            while let Some(block) = work.pop() {
                if inside.insert(block) {
                    work.extend_from_slice(cfg.preds(block));
                }
            }
            looping.extend(inside.keys());
        }
    }
    looping
}

fn statement_cost(module: &Module, f: &Function, inst: Inst) -> u32 {
    let data = &f.insts[inst];
    let class = |v: Value| {
        let ty = value_type(&module.tables, &module.globals, f, v);
        ty.map(|ty| module.tables.class(ty))
    };
    match &data.op {
        Op::Nop
        | Op::Copy(_)
        | Op::Phi(_)
        | Op::Pi { .. }
        | Op::Enter
        | Op::Leave(_)
        | Op::TheException
        | Op::PopException(_)
        | Op::Upsilon(_)
        | Op::PhiC(_)
        | Op::GcPreserveBegin(_)
        | Op::GcPreserveEnd(_)
        | Op::Expr { .. } => 0,
        Op::Intrinsic(intrinsic, _) => intrinsic_cost(*intrinsic),
        Op::Builtin(builtin, args) => match builtin {
            Builtin::GetField => match f.args(*args).first().and_then(|&v| class(v)) {
                Some(TypeClass::Inline | TypeClass::InlineWithReferences) => 0,
                _ => 2,
            },
            Builtin::Tuple
            | Builtin::Egal
            | Builtin::TypeOf
            | Builtin::IsA
            | Builtin::IfElse
            | Builtin::SizeOf
            | Builtin::NFields
            | Builtin::Subtype
            | Builtin::ArraySize => 1,
            Builtin::Unbox => 0,
            Builtin::Box => 3,
            Builtin::CallDynamic => 20 + f.args(*args).len() as u32,
            Builtin::ArrayRef | Builtin::ConstArrayRef | Builtin::ArraySet => 4,
            Builtin::SetField => 2,
            _ => 10,
        },
        Op::Invoke { args, .. } => 20 + f.args(*args).len() as u32,
        Op::Call { .. } => 100,
        Op::New { ty, .. } => match module.tables.class(*ty) {
            TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Singleton => 1,
            _ => 20,
        },
        Op::ForeignCall(call) => match foreign_name(module, call.symbol) {
            Some("jlift_alloca" | "jlift_string_data") => 1,
            _ => 20,
        },
        Op::Retain(_) | Op::Release(_) | Op::Cleanup(_) => 3,
        Op::ThrowUndefIfNot { .. } => 3,
        Op::ThrowRecord { .. } | Op::Rethrow | Op::Abort { .. } => 5,
    }
}

fn foreign_name(module: &Module, symbol: Value) -> Option<&str> {
    match symbol {
        Value::Const(c) => match module.tables.const_data(c) {
            ConstData::Symbol(name) => Some(module.tables.names.str(*name)),
            _ => None,
        },
        _ => None,
    }
}

fn intrinsic_cost(intrinsic: Intrinsic) -> u32 {
    use Intrinsic::*;
    match intrinsic {
        Bitcast => 0,
        MulInt => 3,
        SdivInt | UdivInt | SremInt | UremInt => 20,
        DivFloat | DivFloatFast | SqrtLlvm | SqrtLlvmFast => 15,
        RemFloat | RemFloatFast => 20,
        _ => match intrinsic.shape() {
            Shape::CheckedDivide => 20,
            Shape::PointerLoad | Shape::PointerStore => 2,
            Shape::Atomic => 10,
            Shape::Refused => 100,
            _ => 1,
        },
    }
}

/// Inlines the calls of `f` that are worth it; `f` is not in the module meanwhile. `once` is the policy
/// outside of loops for a function that runs once. `costs` has those of the functions that are as
/// they stay; `uses` how often functions are called in all. Says whether anything changed.
pub fn inline_calls(
    module: &mut Module,
    f: &mut Function,
    policy: &Policy,
    once: Option<&Policy>,
    costs: &SecondaryMap<Func, Cost>,
    uses: &HashMap<Func, u32>,
) -> bool {
    let calls_any = f.layout.iter().any(|&b| {
        let mut insts = f.blocks[b].insts.iter();
        insts.any(|&i| match f.insts[i].op {
            Op::Invoke { func, .. } => costs[func] != Cost::NEVER,
            _ => false,
        })
    });
    if !calls_any {
        return false;
    }
    let cfg = Cfg::new(f);
    let cold = cold_blocks(f, &cfg);
    let mut work: Vec<Block> = cfg.rpo().to_vec();
    work.retain(|&b| !cold.contains(b));
    work.reverse();
    let looping = once.map(|_| looping_blocks(f, &cfg));
    let mut size = f.statement_count();
    let mut changed = false;
    // What was inlined is as it stays: only the caller's own calls are looked at.
    while let Some(block) = work.pop() {
        let (mut at, mut pos) = (block, 0);
        let policy = match (once, &looping) {
            (Some(once), Some(looping)) if !looping.contains(block) => once,
            _ => policy,
        };
        let is_cold = cold.contains(block) && !policy.cold_counts;
        while let Some(&inst) = f.blocks[at].insts.get(pos) {
            pos += 1;
            let Op::Invoke { func, .. } = f.insts[inst].op else {
                continue;
            };
            let cost = costs[func];
            let uses = uses.get(&func).copied();
            let worth_it = if is_cold {
                cost.units <= ONE_CALL && uses.is_some_and(|n| n <= policy.cold_uses)
            } else {
                is_worth_it(cost, uses, size, policy)
            };
            if !worth_it {
                continue;
            }
            let Ok(inlined) = splice(module, f, at, pos - 1) else {
                continue;
            };
            changed = true;
            size += cost.size as usize;
            match inlined.tail {
                Some(tail) => (at, pos) = (tail, inlined.resume),
                None => break,
            }
        }
    }
    changed
}

fn is_worth_it(cost: Cost, uses: Option<u32>, caller: usize, policy: &Policy) -> bool {
    let after = caller + cost.size as usize;
    if cost == Cost::NEVER || after > MAX_CALLER || cost.size as usize > policy.requested {
        return false;
    }
    if cost.units <= TINY && (after <= policy.caller || cost.size <= TINY_SIZE) {
        return true;
    }
    let limit = if uses == Some(1) {
        policy.single_use
    } else {
        policy.threshold
    };
    cost.units <= limit && after <= policy.caller
}
