//! Removes what legalization has left without use: exception objects, their strings and tuples,
//! renamings, unused pure statements. Statements that may throw or touch memory stay.

use super::parts::is_concatenation;
use cranelift_entity::SecondaryMap;
use jlift_ir::intrinsic::Shape;
use jlift_ir::module::value_type;
use jlift_ir::{
    Builtin, Function, Inst, Intrinsic, Module, Op, Tables, Type, TypeClass, TypeParam, Value,
};

/// Removes copies and unused statements of `func`, which is not in the module while this runs.
pub fn remove_dead(module: &Module, func: &mut Function) {
    let mut copies: SecondaryMap<Inst, Option<Value>> = SecondaryMap::new();
    let mut any = false;
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            let same = match func.insts[inst].op {
                Op::Copy(v) => Some(v),
                Op::Pi { value, ty } => {
                    let found = value_type(&module.tables, &module.globals, func, value);
                    (found == Some(ty)).then_some(value)
                }
                _ => None,
            };
            copies[inst] = same;
            any |= same.is_some();
        }
    }
    if any {
        func.replace_uses(&copies);
    }
    let mut uses: SecondaryMap<Inst, u32> = func.inst_map();
    let count = |uses: &mut SecondaryMap<Inst, u32>, v: Value| {
        if let Value::Inst(i) = v {
            uses[i] += 1;
        }
    };
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            func.for_each_operand(inst, |v| count(&mut uses, v));
        }
        if let Some(v) = func.terminator_operand(block) {
            count(&mut uses, v);
        }
    }
    let mut work: Vec<Inst> = func
        .layout
        .iter()
        .flat_map(|&b| func.blocks[b].insts.iter().copied())
        .filter(|&i| uses[i] == 0)
        .collect();
    while let Some(inst) = work.pop() {
        if !is_removable(module, func, inst) {
            continue;
        }
        func.for_each_operand(inst, |v| {
            if let Value::Inst(i) = v {
                uses[i] -= 1;
                if uses[i] == 0 {
                    work.push(i);
                }
            }
        });
        func.remove_inst(inst);
    }
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        let insts = &func.insts;
        func.blocks[block].insts.retain(|&i| insts[i].op != Op::Nop);
    }
}

/// Whether a statement may go if its value is not used.
fn is_removable(module: &Module, func: &Function, inst: Inst) -> bool {
    match &func.insts[inst].op {
        Op::Copy(_) | Op::Pi { .. } | Op::Phi(_) | Op::TheException => true,
        // Allocation is no effect; an immutable struct has none either.
        Op::New { ty, args } => {
            let fields = module.tables.field_types(*ty).map_or(0, |f| f.len());
            func.args(*args).len() <= fields
        }
        Op::Builtin(builtin, args) => match builtin {
            Builtin::Tuple
            | Builtin::Egal
            | Builtin::IsA
            | Builtin::TypeOf
            | Builtin::IfElse
            | Builtin::Box
            | Builtin::Unbox => true,
            Builtin::SizeOf | Builtin::NFields | Builtin::ArraySize => true,
            Builtin::GetField => {
                let &[object, field, ..] = func.args(*args) else {
                    return false;
                };
                let args = func.args(*args);
                let unchecked = args.get(2).and_then(|v| v.as_bool()) == Some(false);
                let ty =
                    jlift_ir::module::value_type(&module.tables, &module.globals, func, object);
                let Some(ty) = ty else { return false };
                let by_value = matches!(
                    module.tables.class(ty),
                    TypeClass::Inline | TypeClass::InlineWithReferences
                );
                let known = super::types::field_value_type(&module.tables, ty, field).is_some();
                by_value && (known || unchecked)
            }
            _ => false,
        },
        Op::Intrinsic(intrinsic, _) => is_pure(*intrinsic),
        Op::Invoke {
            func: callee, args, ..
        } => {
            is_concatenation(module, *callee)
                && module.functions[*callee].ret != Type::BOTTOM
                && func.args(*args).iter().all(|&value| {
                    value_type(&module.tables, &module.globals, func, value)
                        .is_some_and(|ty| !is_of_program(&module.tables, ty, 0))
                })
        }
        _ => false,
    }
}

/// Whether values of a type may be printed by methods of the program, which may do anything.
fn is_of_program(tables: &Tables, ty: Type, depth: u32) -> bool {
    let own = tables.type_name(ty).is_some_and(|n| n.starts_with("Main."));
    own || depth < MAX_DEPTH
        && tables.params(ty).iter().any(|param| match *param {
            TypeParam::Type(inner) => is_of_program(tables, inner, depth + 1),
            TypeParam::Value(_) => false,
        })
}

/// Parameters of types are looked at to this depth.
const MAX_DEPTH: u32 = 8;

/// Whether an intrinsic has neither effects nor undefined results that matter when unused.
fn is_pure(intrinsic: Intrinsic) -> bool {
    !matches!(
        intrinsic.shape(),
        Shape::CheckedDivide
            | Shape::PointerLoad
            | Shape::PointerStore
            | Shape::Atomic
            | Shape::GlobalAddress
            | Shape::Refused
    )
}
