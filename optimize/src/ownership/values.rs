//! Which values own references, which are other names for them, and which operands a statement
//! takes over.

use super::{Context, Counted};
use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Builtin, ConstData, Function, Inst, Intrinsic, Op, Type, TypeClass, Value};

/// Where the references of a value come from.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Base {
    /// There are none, or they live forever: constants.
    #[default]
    Immortal,
    /// A parameter, owned by the caller.
    Param,
    /// The root of this number.
    Root(u32),
}

/// What a value is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Origin {
    pub base: Base,
    /// The value is all of the root, which can be moved under this name.
    pub whole: bool,
}

/// A statement that owns what it makes.
#[derive(Copy, Clone, Debug)]
pub struct Root {
    pub inst: Inst,
    pub block: Block,
    /// Its position in the block.
    pub position: usize,
    /// It reads a reference that something else owns.
    pub loads: bool,
}

/// An operand that a statement takes over, and the type of the place to which it goes.
pub type Consumed = (Value, Type);

/// The origins of a function's values.
pub struct Values {
    origin: SecondaryMap<Inst, Origin>,
    pub roots: Vec<Root>,
    counted: SecondaryMap<Inst, bool>,
    params: Vec<bool>,
    /// For each upsilon, the types of the phi-c nodes that own what it stores.
    readers: SecondaryMap<Inst, Vec<Type>>,
}

/// What a statement that makes a counted value is.
enum Kind {
    /// Its value is owned.
    Owned,
    /// Its value is owned by memory.
    Loaded,
    /// Another name for all of the operand's references.
    Same(Value),
    /// Another name for some of them.
    Part(Value),
    /// Lives forever.
    Immortal,
}

fn kind(cx: &Context, func: &Function, inst: Inst) -> Kind {
    match &func.insts[inst].op {
        Op::Copy(v) | Op::Pi { value: v, .. } => Kind::Same(*v),
        Op::Builtin(builtin, args) => match (builtin, func.args(*args)) {
            (Builtin::GetField, &[object, ..]) => {
                let ty = cx.type_of(func, object);
                match cx.module.tables.class(ty) {
                    TypeClass::Heap => Kind::Loaded,
                    _ => Kind::Part(object),
                }
            }
            (Builtin::ArrayRef | Builtin::ConstArrayRef | Builtin::IfElse, _) => Kind::Loaded,
            (Builtin::ArraySet, &[_, array, ..]) => Kind::Same(array),
            (Builtin::SetField, &[_, _, value, ..]) => Kind::Same(value),
            (Builtin::CompilerBarrier, &[_, value]) => Kind::Same(value),
            (Builtin::Box | Builtin::Unbox, &[value]) => Kind::Same(value),
            _ => Kind::Owned,
        },
        // What is behind a pointer, such as a global variable.
        Op::Intrinsic(Intrinsic::PointerRef, _) => Kind::Loaded,
        Op::ForeignCall(call) => match foreign_name(cx, call.symbol) {
            Some("jlift_symbol_string") => Kind::Immortal,
            _ => Kind::Owned,
        },
        _ => Kind::Owned,
    }
}

/// The name of a C function, where it is known.
pub fn foreign_name<'m>(cx: &Context<'m>, symbol: Value) -> Option<&'m str> {
    let Value::Const(c) = symbol else { return None };
    match cx.module.tables.const_data(c) {
        ConstData::Symbol(name) => Some(cx.module.tables.names.str(*name)),
        _ => None,
    }
}

/// The object from which a load reads; a choice between two values reads none.
pub fn container(func: &Function, load: Inst) -> Option<Value> {
    match &func.insts[load].op {
        Op::Builtin(builtin, args) => match (builtin, func.args(*args)) {
            (Builtin::GetField, &[object, ..]) => Some(object),
            (Builtin::ArrayRef | Builtin::ConstArrayRef, &[_, array, ..]) => Some(array),
            _ => None,
        },
        _ => None,
    }
}

impl Values {
    pub fn new(cx: &Context, func: &Function, cfg: &Cfg, counted: &mut Counted) -> Values {
        let mut values = Values {
            origin: SecondaryMap::new(),
            roots: Vec::new(),
            counted: SecondaryMap::new(),
            params: Vec::new(),
            readers: SecondaryMap::new(),
        };
        let tables = &cx.module.tables;
        values.params.push(counted.is(tables, func.self_type));
        for param in &func.params {
            values.params.push(counted.is(tables, param.ty));
        }
        for &block in cfg.rpo() {
            for (position, &inst) in func.blocks[block].insts.iter().enumerate() {
                let ty = func.insts[inst].ty;
                // What is typed `Any` for want of a value is no dynamic value.
                let makes = !matches!(
                    func.insts[inst].op,
                    Op::Nop
                        | Op::Upsilon(_)
                        | Op::Enter
                        | Op::Leave(_)
                        | Op::TheException
                        | Op::PopException(_)
                        | Op::GcPreserveBegin(_)
                        | Op::GcPreserveEnd(_)
                        | Op::ThrowUndefIfNot { .. }
                        | Op::Expr { .. }
                );
                if !makes || ty == Type::BOTTOM || !counted.is(tables, ty) {
                    continue;
                }
                values.counted[inst] = true;
                if let Op::PhiC(list) = func.insts[inst].op {
                    for &upsilon in func.args(list) {
                        if let Value::Inst(upsilon) = upsilon {
                            values.readers[upsilon].push(ty);
                        }
                    }
                }
                let mut root = |loads| {
                    values.roots.push(Root {
                        inst,
                        block,
                        position,
                        loads,
                    });
                    Origin {
                        base: Base::Root(values.roots.len() as u32 - 1),
                        whole: true,
                    }
                };
                // Operands stand before their uses in reverse postorder; phis are roots.
                let origin = match kind(cx, func, inst) {
                    Kind::Owned => root(false),
                    Kind::Loaded => root(true),
                    Kind::Same(v) => values.origin_of(v),
                    Kind::Part(v) => Origin {
                        whole: false,
                        ..values.origin_of(v)
                    },
                    Kind::Immortal => Origin::default(),
                };
                values.origin[inst] = origin;
            }
        }
        values
    }

    pub fn has_loads(&self) -> bool {
        self.roots.iter().any(|r| r.loads)
    }

    /// Where the references of a value come from.
    pub fn origin_of(&self, value: Value) -> Origin {
        match value {
            Value::Inst(i) => self.origin[i],
            Value::Arg(n) if self.is_counted(value) && n > 0 => Origin {
                base: Base::Param,
                whole: false,
            },
            _ => Origin::default(),
        }
    }

    /// Whether a value, other than a constant, is or holds counted references.
    pub fn is_counted(&self, value: Value) -> bool {
        match value {
            Value::Inst(i) => self.counted[i],
            Value::Arg(n) => {
                let n = (n as usize).wrapping_sub(1);
                self.params.get(n).copied().unwrap_or(false)
            }
            _ => false,
        }
    }

    /// The root that keeps a value alive, if one does.
    pub fn root_of(&self, value: Value) -> Option<u32> {
        match self.origin_of(value).base {
            Base::Root(root) => Some(root),
            _ => None,
        }
    }

    /// Makes some roots, all of them loads, names for parts of what they were loaded from.
    pub fn borrow(&mut self, func: &Function, cfg: &Cfg, borrowed: &[bool]) {
        if !borrowed.contains(&true) {
            return;
        }
        let mut number = vec![0; self.roots.len()];
        let mut next = 0;
        for (old, &gone) in borrowed.iter().enumerate() {
            number[old] = next;
            next += u32::from(!gone);
        }
        // In order, so that what was loaded from a borrowed object finds its origin.
        let old = std::mem::take(&mut self.origin);
        for &block in cfg.rpo() {
            for &inst in &func.blocks[block].insts {
                if !self.counted[inst] {
                    continue;
                }
                let Origin { base, whole } = old[inst];
                self.origin[inst] = match base {
                    Base::Root(root) if borrowed[root as usize] => {
                        let load = self.roots[root as usize].inst;
                        let from = match load == inst {
                            true => container(func, inst).map(|v| self.origin_of(v)),
                            // Another name for the load, which comes before it.
                            false => Some(self.origin[load]),
                        };
                        Origin {
                            whole: false,
                            ..from.unwrap_or_default()
                        }
                    }
                    Base::Root(root) => Origin {
                        base: Base::Root(number[root as usize]),
                        whole,
                    },
                    base => Origin { base, whole },
                };
            }
        }
        let mut n = 0;
        self.roots.retain(|_| {
            n += 1;
            !borrowed[n - 1]
        });
    }

    /// The operands that a statement takes over, phis excepted.
    pub fn consumed(&self, cx: &Context, func: &Function, inst: Inst) -> Vec<Consumed> {
        let tables = &cx.module.tables;
        let mut out = Vec::new();
        let mut push = |value, to| {
            if self.is_counted(value) {
                out.push((value, to));
            }
        };
        let fields = |ty| tables.field_types(ty).unwrap_or_default();
        match &func.insts[inst].op {
            Op::New { ty, args } => {
                for (&value, to) in func.args(*args).iter().zip(fields(*ty)) {
                    push(value, to);
                }
            }
            Op::Builtin(Builtin::Tuple, args) => {
                for (&value, to) in func.args(*args).iter().zip(fields(func.insts[inst].ty)) {
                    push(value, to);
                }
            }
            Op::Builtin(Builtin::SetField, args) => {
                if let &[object, field, value, ..] = func.args(*args) {
                    let object = cx.type_of(func, object);
                    let field = crate::passes::purity::field_of(tables, object, field);
                    let to = field.and_then(|i| fields(object).get(i).copied());
                    let to = to.unwrap_or_else(|| cx.type_of(func, value));
                    push(value, to);
                }
            }
            Op::Builtin(Builtin::ArraySet, args) => {
                if let &[_, array, value, ..] = func.args(*args) {
                    let elem = tables.array_of(cx.type_of(func, array));
                    let to = elem.map_or_else(|| cx.type_of(func, value), |(elem, _)| elem);
                    push(value, to);
                }
            }
            Op::Intrinsic(Intrinsic::PointerSet, args) => {
                if let &[pointer, value, ..] = func.args(*args) {
                    let elem = tables.pointee(cx.type_of(func, pointer));
                    push(value, elem.unwrap_or_else(|| cx.type_of(func, value)));
                }
            }
            Op::Upsilon(Some(value)) => {
                for &to in &self.readers[inst] {
                    push(*value, to);
                }
            }
            _ => {}
        }
        out
    }

    /// The roots that a statement uses without taking them over, besides those of `consumed`; a
    /// phi uses none where it stands.
    pub fn borrows(&self, func: &Function, inst: Inst, consumed: &[Consumed]) -> Vec<u32> {
        let mut roots = Vec::new();
        match &func.insts[inst].op {
            Op::Phi(_) | Op::PhiC(_) => {}
            Op::GcPreserveEnd(Value::Inst(token)) => {
                if let Op::GcPreserveBegin(list) = func.insts[*token].op {
                    roots.extend(func.args(list).iter().filter_map(|&v| self.root_of(v)));
                }
            }
            _ => {
                let mut taken: Vec<Value> = consumed.iter().map(|&(v, _)| v).collect();
                func.for_each_operand(inst, |v| {
                    let Some(root) = self.root_of(v) else { return };
                    match taken.iter().position(|&t| t == v) {
                        Some(at) => {
                            taken.swap_remove(at);
                        }
                        None => roots.push(root),
                    }
                });
            }
        }
        roots.sort_unstable();
        roots.dedup();
        roots
    }
}
