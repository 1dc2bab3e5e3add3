//! Calls of functions that only call another function and never return go to that function.
//!
//! ```text
//! function @5 Base.Math.sin_domain_error(_2 x::Float64)::Union{}
//! #1:                                                  callers of @5(x) call @9(x) instead
//!   %1 = invoke @9 throw#1(_2)::Union{}
//!   unreachable
//! ```

use hashbrown::HashMap;
use jlift_ir::{Func, Function, Module, Op, Type, Value};

/// Redirects the calls in the `live` functions; the functions in which something was redirected.
pub fn forward_wrappers(module: &mut Module, live: &[Func]) -> Vec<Func> {
    let mut changed = Vec::new();
    let mut targets: HashMap<Func, (Func, Vec<Value>)> = HashMap::new();
    for &func in live {
        if let Some(target) = wrapped(&module.functions[func]) {
            targets.insert(func, target);
        }
    }
    if targets.is_empty() {
        return changed;
    }
    for &caller in live {
        let f = &mut module.functions[caller];
        for n in 0..f.layout.len() {
            let block = f.layout[n];
            for k in 0..f.blocks[block].insts.len() {
                let inst = f.blocks[block].insts[k];
                // A wrapper of a wrapper takes another step; wrappers of themselves go nowhere.
                for _ in 0..8 {
                    let Op::Invoke { func, args, .. } = f.insts[inst].op else {
                        break;
                    };
                    let Some((target, pattern)) = targets.get(&func) else {
                        break;
                    };
                    let given = f.args(args).to_vec();
                    let args: Vec<Value> = pattern
                        .iter()
                        .map(|&v| match v {
                            Value::Arg(n) => given.get(n as usize - 2).copied().unwrap_or(v),
                            constant => constant,
                        })
                        .collect();
                    if changed.last() != Some(&caller) {
                        changed.push(caller);
                    }
                    f.insts[inst].op = Op::Invoke {
                        func: *target,
                        callee: None,
                        args: f.value_list(&args),
                    };
                }
            }
        }
    }
    changed
}

/// The function that this one only calls, with the arguments in terms of its own.
fn wrapped(f: &Function) -> Option<(Func, Vec<Value>)> {
    if f.ret != Type::BOTTOM || f.export {
        return None;
    }
    let &[block] = &f.layout[..] else {
        return None;
    };
    let &[inst] = &f.blocks[block].insts[..] else {
        return None;
    };
    let Op::Invoke {
        func,
        callee: None,
        args,
    } = f.insts[inst].op
    else {
        return None;
    };
    let args = f.args(args);
    let plain = |v: &Value| match v {
        Value::Arg(n) => *n >= 2,
        other => other.is_const(),
    };
    args.iter().all(plain).then(|| (func, args.to_vec()))
}
