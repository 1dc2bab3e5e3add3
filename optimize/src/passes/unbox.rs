//! Mutable structs that never leave their function become variables: each field is the value that
//! was stored last, with phis where control joins. Knows objects that are built with all fields and
//! used by nothing but reads and stores of fields that are named by constants.
//!
//! ```text
//! #1: %1 = new type Main.Counter(0)               #1: goto #2
//! #2: %2 = Core.getfield(%1, sym "n")::Int64      #2: %2 = phi(#1 => 0, #2 => %3)::Int64
//!     %3 = Base.add_int(%2, 1)::Int64                 %3 = Base.add_int(%2, 1)::Int64
//!     %4 = Core.setfield!(%1, sym "n", %3)
//! ```

use super::{Ctx, has_regions, purity};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Builtin, Function, Inst, Op, Type, TypeClass, Value};

/// Objects with more fields stay objects.
const MAX_FIELDS: usize = 16;

/// Replaces objects.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let objects = candidates(func, ctx);
    if objects.is_empty() || has_regions(func) {
        return false;
    }
    let cfg = ctx.take_cfg(func);
    for &object in &objects {
        if let Some(fields) = ctx.tables.field_types(func.insts[object].ty) {
            replace(func, ctx, &cfg, object, &fields);
        }
    }
    ctx.keep_cfg(cfg);
    true
}

/// The operands of a read or store of a field: object, field by number from 0, stored value.
fn access(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> Option<(Inst, usize, Option<Value>)> {
    let Op::Builtin(builtin, list) = func.insts[inst].op else {
        return None;
    };
    let args = func.args(list);
    let (object, field, stored) = match (builtin, args) {
        (Builtin::GetField | Builtin::IsDefined, &[Value::Inst(object), field, ..]) => {
            (object, field, None)
        }
        (Builtin::SetField, &[Value::Inst(object), field, stored, ..]) => {
            (object, field, Some(stored))
        }
        _ => return None,
    };
    let index = purity::field_of(ctx.tables, func.insts[object].ty, field)?;
    Some((object, index, stored))
}

fn candidates(func: &Function, ctx: &Ctx<'_>) -> Vec<Inst> {
    let mut objects: Vec<Inst> = Vec::new();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            if let Op::New { ty, args } = func.insts[inst].op
                && func.insts[inst].ty == ty
                && ctx.tables.class(ty) == TypeClass::Heap
                && ctx
                    .tables
                    .field_types(ty)
                    .is_some_and(|f| f.len() <= MAX_FIELDS && f.len() == func.args(args).len())
            {
                objects.push(inst);
            }
        }
    }
    if objects.is_empty() {
        return objects;
    }
    let mut escapes: SecondaryMap<Inst, bool> = SecondaryMap::new();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            let accessed = access(func, ctx, inst);
            let mut seen = false;
            func.for_each_operand(inst, |v| {
                if let Value::Inst(used) = v {
                    let as_object = accessed.is_some_and(|(object, ..)| object == used) && !seen;
                    seen |= as_object;
                    escapes[used] |= !as_object;
                }
            });
        }
        if let Some(Value::Inst(used)) = func.terminator_operand(block) {
            escapes[used] = true;
        }
    }
    objects.retain(|&o| !escapes[o]);
    objects
}

/// The values of one field.
struct Field<'f> {
    cfg: &'f Cfg,
    ty: Type,
    /// The value at the end of each block that stores.
    ends: HashMap<Block, Value>,
    /// Phis at the starts of blocks where control joins.
    phis: HashMap<Block, Inst>,
    /// Those of them that have no entries yet.
    open: Vec<Block>,
}

impl Field<'_> {
    /// The value at the start of a block, which the object's block dominates and is not.
    fn at_start(&mut self, func: &mut Function, mut block: Block) -> Value {
        loop {
            if let Some(&phi) = self.phis.get(&block) {
                return Value::Inst(phi);
            }
            let &[pred] = self.cfg.preds(block) else {
                let phi = func.make_inst(Op::Nop, self.ty, None.into());
                self.phis.insert(block, phi);
                self.open.push(block);
                return Value::Inst(phi);
            };
            match self.ends.get(&pred) {
                Some(&value) => return value,
                None => block = pred,
            }
        }
    }

    fn at_end(&mut self, func: &mut Function, block: Block) -> Value {
        match self.ends.get(&block) {
            Some(&value) => value,
            None => self.at_start(func, block),
        }
    }
}

fn replace(func: &mut Function, ctx: &mut Ctx<'_>, cfg: &Cfg, object: Inst, types: &[Type]) {
    let Op::New { args, .. } = func.insts[object].op else {
        return;
    };
    let initial = func.args(args).to_vec();
    for (index, (&ty, first)) in types.iter().zip(initial).enumerate() {
        let mut field = Field {
            cfg,
            ty,
            ends: HashMap::new(),
            phis: HashMap::new(),
            open: Vec::new(),
        };
        // What each block stores last.
        for &block in cfg.rpo() {
            for &inst in &func.blocks[block].insts {
                if inst == object {
                    field.ends.insert(block, first);
                }
                if let Some((of, i, Some(stored))) = access(func, ctx, inst)
                    && of == object
                    && i == index
                {
                    field.ends.insert(block, stored);
                }
            }
        }
        for &block in cfg.rpo() {
            let mut current: Option<Value> = None;
            for n in 0..func.blocks[block].insts.len() {
                let inst = func.blocks[block].insts[n];
                if inst == object {
                    current = Some(first);
                }
                let Some((of, i, stored)) = access(func, ctx, inst) else {
                    continue;
                };
                if of != object || i != index {
                    continue;
                }
                if let Some(stored) = stored {
                    current = Some(stored);
                    func.insts[inst].op = Op::Copy(stored);
                    continue;
                }
                if matches!(func.insts[inst].op, Op::Builtin(Builtin::IsDefined, _)) {
                    func.insts[inst].op = Op::Copy(Value::bool(true));
                    continue;
                }
                let value = match current {
                    Some(value) => value,
                    None => field.at_start(func, block),
                };
                current = Some(value);
                let (found, wanted) = (ctx.type_of(func, value), func.insts[inst].ty);
                let fits = found == wanted || ctx.tables.is_subtype(found, wanted) == Some(true);
                func.insts[inst].op = match fits || matches!(value, Value::Type(_)) {
                    true => Op::Copy(value),
                    false => Op::Pi { value, ty: wanted },
                };
            }
        }
        while let Some(block) = field.open.pop() {
            let entries: Vec<(Block, Value)> = cfg
                .preds(block)
                .iter()
                .map(|&pred| (pred, field.at_end(func, pred)))
                .collect();
            let phi = field.phis[&block];
            func.set_phi(phi, &entries);
            func.blocks[block].insts.insert(0, phi);
        }
    }
    func.remove_inst(object);
    func.compact();
}
