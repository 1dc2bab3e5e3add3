//! Struct types that differ only in fields without data become one.
//!
//! A closure over a singleton, or an array type with a marker among its fields, has a type for each
//! of them. Code for these types does the same with the same memory; here it gets the same types,
//! so that it can be shared. Knows nothing of how it is.
//!
//! A type takes part if it only occurs as the type of a value, of a parameter or result, or of an
//! object being made: not in another type, in a constant, or where the outside sees it.

use crate::inline::singleton;
use cranelift_entity::EntitySet;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Builtin, Func, Function, Inst, Module, Op, Tables, Type, TypeClass, Value};

/// Unites twins in `funcs`; all other functions in use are in `live`.
pub fn unite(module: &mut Module, funcs: &[Func], live: &[Func]) {
    let twins = find(module, funcs, live);
    if twins.is_empty() {
        return;
    }
    for &id in funcs {
        rewrite(module, id, &twins);
    }
}

/// What types become.
fn find(module: &Module, funcs: &[Func], live: &[Func]) -> HashMap<Type, Type> {
    let ours: EntitySet<Func> = {
        let mut set = EntitySet::new();
        for &f in funcs {
            set.insert(f);
        }
        set
    };
    let mut used = Vec::new();
    let mut fixed = HashSet::new();
    for &id in live.iter().chain(funcs) {
        let func = &module.functions[id];
        let types = value_types(func);
        if ours.contains(id) && !func.export {
            used.extend(types);
        } else if ours.contains(id) {
            // What the outside passes stays; the rest of an export is as free as any other.
            fixed.extend(signature(func));
            used.extend(types);
        } else {
            fixed.extend(types);
        }
        fix_others(module, func, &mut fixed);
    }
    let mut seen = HashSet::new();
    used.retain(|&ty| seen.insert(ty));
    let mut visited = HashSet::new();
    for &ty in &used {
        fix_parts(&module.tables, ty, &mut fixed, &mut visited);
    }
    let tables = &module.tables;
    let mut first: HashMap<(&str, Vec<Option<Type>>), Type> = HashMap::new();
    let mut twins = HashMap::new();
    for &ty in used.iter().filter(|&ty| !fixed.contains(ty)) {
        let Some(shape) = shape(tables, ty) else {
            continue;
        };
        let to = *first.entry(shape).or_insert(ty);
        if to != ty {
            twins.insert(ty, to);
        }
    }
    twins
}

/// What twins have in common: the name, and the types of fields with data.
fn shape(tables: &Tables, ty: Type) -> Option<(&str, Vec<Option<Type>>)> {
    if !matches!(
        tables.class(ty),
        TypeClass::Inline | TypeClass::InlineWithReferences
    ) || tables.is_tuple(ty)
        || tables.is_named_tuple(ty)
    {
        return None;
    }
    let fields: Vec<Option<Type>> = tables
        .field_types(ty)?
        .into_iter()
        .map(|field| singleton(tables, field).is_none().then_some(field))
        .collect();
    let has_both = fields.iter().any(Option::is_none) && fields.iter().any(Option::is_some);
    has_both.then_some((tables.type_name(ty)?, fields))
}

fn signature(func: &Function) -> impl Iterator<Item = Type> + '_ {
    let params = func.params.iter().map(|p| p.ty);
    params.chain([func.ret, func.self_type])
}

/// The types that [`rewrite`] knows how to replace.
fn value_types(func: &Function) -> Vec<Type> {
    let mut types: Vec<Type> = signature(func).collect();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            types.push(data.ty);
            if let Op::New { ty, .. } = data.op {
                types.push(ty);
            }
        }
    }
    types
}

/// Types that occur in any other way.
fn fix_others(module: &Module, func: &Function, fixed: &mut HashSet<Type>) {
    let mut value = |v: Value| match v {
        Value::Type(ty) => {
            fixed.insert(ty);
        }
        Value::Const(_) | Value::Instance(_) => {
            fixed.extend(module.value_type(func, v));
        }
        _ => {}
    };
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            func.for_each_operand(inst, &mut value);
        }
        if let Some(v) = func.terminator_operand(block) {
            value(v);
        }
    }
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            match &func.insts[inst].op {
                Op::Pi { ty, .. } | Op::ThrowRecord { ty, .. } => {
                    fixed.insert(*ty);
                }
                Op::ForeignCall(call) => {
                    fixed.insert(call.ret);
                    fixed.extend(call.params.iter().copied());
                }
                _ => {}
            }
        }
    }
}

/// The types that `ty` is made of, at any depth.
fn fix_parts(tables: &Tables, ty: Type, fixed: &mut HashSet<Type>, visited: &mut HashSet<Type>) {
    let mut work = vec![ty];
    while let Some(ty) = work.pop() {
        if !visited.insert(ty) {
            continue;
        }
        let mut parts = tables.field_types(ty).unwrap_or_default();
        parts.extend(tables.tuple_elems(ty).unwrap_or_default());
        parts.extend(tables.pointee(ty));
        parts.extend(tables.type_of_type(ty));
        parts.extend(tables.array_of(ty).map(|(elem, _)| elem));
        if tables.class(ty) == TypeClass::Union {
            parts.extend(tables.members(ty));
        }
        fixed.extend(parts.iter().copied());
        work.extend(parts);
    }
}

fn rewrite(module: &mut Module, id: Func, twins: &HashMap<Type, Type>) {
    let tables = &module.tables;
    let func = &mut module.functions[id];
    let map = |ty: Type| twins.get(&ty).copied().unwrap_or(ty);
    // Fields without data have the old types: what was read from them is known.
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            if matches!(func.insts[inst].op, Op::Builtin(Builtin::GetField, _))
                && let Some(instance) = singleton(tables, func.insts[inst].ty)
                && takes_twin(func, inst, twins)
            {
                func.insts[inst].op = Op::Copy(instance);
            }
        }
    }
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            func.insts[inst].ty = map(func.insts[inst].ty);
            let Op::New { ty, args } = func.insts[inst].op else {
                continue;
            };
            let to = map(ty);
            if to == ty {
                continue;
            }
            let fields = tables.field_types(to).unwrap_or_default();
            let args: Vec<Value> = func
                .args(args)
                .iter()
                .zip(fields)
                .map(|(&arg, field)| singleton(tables, field).unwrap_or(arg))
                .collect();
            let args = func.value_list(&args);
            func.insts[inst].op = Op::New { ty: to, args };
        }
    }
    for param in &mut func.params {
        param.ty = map(param.ty);
    }
    func.ret = map(func.ret);
    func.self_type = map(func.self_type);
}

fn takes_twin(func: &Function, inst: Inst, twins: &HashMap<Type, Type>) -> bool {
    let Op::Builtin(_, args) = func.insts[inst].op else {
        return false;
    };
    let ty = match func.args(args).first() {
        Some(&Value::Inst(i)) => Some(func.insts[i].ty),
        Some(&Value::Arg(n)) => func.arg_type(n),
        _ => None,
    };
    // Statements before this one may have their new types already.
    ty.is_some_and(|ty| twins.contains_key(&ty) || twins.values().any(|&to| to == ty))
}
