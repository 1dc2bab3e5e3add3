//! Unresolved dynamic calls: those whose meaning is certain become what they mean, the others stop
//! the program when they are reached, with a message that names them.

use super::rewrite::Rewriter;
use jlift_ir::text::type_text;
use jlift_ir::{Builtin, Func, Inst, Op, Terminator, Type, Value};

/// Expands `call callee(args…)`.
pub fn expand_call(rw: &mut Rewriter, inst: Inst, callee: Value, args: &[Value]) {
    let callee_ty = rw.type_of(callee);
    let tables = &rw.session.module.tables;
    let name = tables
        .type_name(callee_ty)
        .and_then(|n| n.strip_prefix("typeof(")?.strip_suffix(')'))
        .map(str::to_string);
    if let Some(name) = &name {
        let short = name.rsplit('.').next().unwrap_or(name);
        match (short, args) {
            ("convert", &[Value::Type(to), value]) => {
                let found = rw.type_of(value);
                let fits = rw.session.module.tables.is_subtype(found, to) == Some(true);
                if fits && !matches!(value, Value::Type(_)) {
                    return rw.become_op(inst, Op::Copy(value));
                }
            }
            ("identity", &[value]) => return rw.become_op(inst, Op::Copy(value)),
            _ => {}
        }
        if let Some(builtin) = name.strip_prefix("Core.").and_then(Builtin::from_name) {
            let (least, most) = builtin.arity();
            // A builtin that is expanded would not be seen again.
            let is_final = matches!(
                builtin,
                Builtin::Tuple | Builtin::Egal | Builtin::IsA | Builtin::IfElse | Builtin::SizeOf
            );
            if is_final && (least..=most).contains(&args.len()) {
                let list = rw.func.value_list(args);
                return rw.become_op(inst, Op::Builtin(builtin, list));
            }
        }
    }
    if let Some(func) = method(rw, callee_ty, args) {
        let callee = (!callee.is_const()).then_some(callee);
        let ret = rw.session.module.functions[func].ret;
        let list = rw.func.value_list(args);
        rw.func.insts[inst].ty = ret;
        return rw.become_op(
            inst,
            Op::Invoke {
                func,
                callee,
                args: list,
            },
        );
    }
    let types: Vec<String> = args
        .iter()
        .map(|&v| match v {
            Value::Type(t) => {
                format!("Type{{{}}}", type_text(&rw.session.module.tables, t))
            }
            _ => type_text(&rw.session.module.tables, rw.type_of(v)),
        })
        .collect();
    let name = name.unwrap_or_else(|| {
        let ty = type_text(&rw.session.module.tables, callee_ty);
        format!("a value of type {ty}")
    });
    let message = format!("unresolved call of {name}({})", types.join(", "));
    abort(rw, &message);
}

/// Ends the current block by stopping the program.
fn abort(rw: &mut Rewriter, message: &str) {
    if let Value::Const(message) = rw.session.module.tables.string(message.as_bytes()) {
        rw.emit(Op::Abort { message }, Type::BOTTOM);
    }
    rw.end(Terminator::Unreachable);
}

/// The method instance for exactly these argument types, if the module has one. For concrete
/// argument types Julia's dispatch picks the method whose instance this is.
fn method(rw: &Rewriter, callee: Type, args: &[Value]) -> Option<Func> {
    let module = &rw.session.module;
    let types: Vec<Type> = args.iter().map(|&v| rw.type_of(v)).collect();
    if types
        .iter()
        .any(|&t| super::types::is_abstract(&module.tables, t))
    {
        return None;
    }
    let mut found = module.functions.iter().filter(|(_, f)| {
        f.self_type == callee
            && !f.external
            && f.params.len() == types.len()
            && f.params.iter().zip(&types).all(|(p, &t)| p.ty == t)
    });
    match (found.next(), found.next()) {
        (Some((func, _)), None) => Some(func),
        _ => None,
    }
}
