//! Functions that do the same become one. Where they differ in a few constants, these become
//! parameters; where they differ in what they call, a parameter says which, and a function that
//! tests it makes the call.
//!
//! ```text
//! function f(_2 x::Int64, _3::A)            function merged#1(_2::Int64, _3::Int64)
//!   …                                         …
//!   %9 = invoke g(%8, instance A)             %9 = invoke choice#2(%8, _3)
//!
//! function f(_2 x::Int64, _3::B)            function choice#2(_2::Int64, _3::Int64)
//!   …                                         goto … if not %1 = ===(_3, 0)
//!   %9 = invoke h(%8, instance B)             invoke g(_2, instance A)   or   invoke h(_2, instance B)
//! ```
//!
//! Calls of the former functions go to the new one; they themselves only call it, and nothing
//! needs them but the outside.

use super::body::{Body, Operand};
use super::loops::innermost_loop_bodies;
use super::merged::{Choices, make_merged};
use super::{Policy, Progress};
use crate::inline::singleton;
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{BlockData, Func, Function, Module, Op, Terminator, Type, Value};

/// How a call of a former function is made now.
#[derive(Clone)]
struct Redirection {
    to: Func,
    /// Numbers of the arguments that are passed on, the first of all is 0.
    keep: Vec<u32>,
    /// Arguments behind them.
    extra: Vec<Value>,
}

/// Merges equal functions among the `fresh` ones, and redirects the calls in all of `funcs`; the
/// functions made, and those that have changed.
pub fn run(
    module: &mut Module,
    funcs: &[Func],
    fresh: &[Func],
    hot: &mut EntitySet<Func>,
    choices: &mut Choices,
    policy: &Policy,
) -> Progress {
    let mut groups: Vec<Vec<Body>> = Vec::new();
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    for &func in fresh {
        let Some(body) = Body::new(module, func) else {
            continue;
        };
        if body.weight < policy.min_merged_weight {
            continue;
        }
        let known = by_hash.entry(body.hash).or_default();
        let group = known.iter().find(|&&g| body.matches(&groups[g][0], module));
        match group {
            Some(&g) => groups[g].push(body),
            None => {
                known.push(groups.len());
                groups.push(vec![body]);
            }
        }
    }
    let mut made = Vec::new();
    let mut redirections: SecondaryMap<Func, Option<Redirection>> = SecondaryMap::new();
    for group in groups.into_iter().filter(|g| g.len() > 1) {
        let Some(plan) = Plan::new(module, &group, choices, hot, policy) else {
            continue;
        };
        let is_hot = group.iter().any(|b| hot.contains(b.id));
        let func = make_merged(module, &group[0], &plan, choices, &mut made);
        if is_hot {
            hot.insert(func);
        }
        made.push(func);
        for (k, body) in group.iter().enumerate() {
            let f = &module.functions[body.id];
            let keep = (0..f.params.len() as u32)
                .filter(|&n| singleton(&module.tables, f.params[n as usize].ty).is_none());
            redirections[body.id] = Some(Redirection {
                to: func,
                keep: keep.collect(),
                extra: plan.extra.iter().map(|column| column[k]).collect(),
            });
        }
    }
    let mut progress = Progress {
        made,
        changed: Vec::new(),
    };
    if progress.made.is_empty() {
        return progress;
    }
    for &func in funcs {
        if let Some(redirection) = &redirections[func] {
            forward(module, func, redirection);
            progress.changed.push(func);
        }
    }
    for &func in funcs.iter().chain(&progress.made) {
        if redirect(&mut module.functions[func], &redirections) {
            progress.changed.push(func);
        }
    }
    progress
}

/// How functions become one.
pub struct Plan {
    /// The types of the parameters behind those that all have.
    pub types: Vec<Type>,
    /// Their values, by parameter and function.
    extra: Vec<Vec<Value>>,
    /// By operand: the parameter that it becomes, among these.
    pub operands: HashMap<usize, usize>,
    /// By call: the functions that are called, and the parameter that selects one.
    pub calls: HashMap<usize, (Vec<Func>, usize)>,
}

impl Plan {
    fn new(
        module: &Module,
        group: &[Body],
        choices: &Choices,
        hot: &EntitySet<Func>,
        policy: &Policy,
    ) -> Option<Plan> {
        let first = &group[0];
        let mut plan = Plan {
            types: Vec::new(),
            extra: Vec::new(),
            operands: HashMap::new(),
            calls: HashMap::new(),
        };
        for (n, operand) in first.operands.iter().enumerate() {
            let &Operand::Constant { value, ty, .. } = operand else {
                continue;
            };
            let column: Vec<Value> = group
                .iter()
                .map(|b| match b.operands.get(n) {
                    Some(&Operand::Constant { value, .. }) => value,
                    _ => value,
                })
                .collect();
            if column.iter().any(|&v| v != value) {
                let param = plan.param(ty?, column);
                plan.operands.insert(n, param);
            }
        }
        if plan.extra.len() > policy.max_differing_constants {
            return None;
        }
        let mut cost = 8;
        let mut counted: Vec<Vec<Func>> = Vec::new();
        for n in 0..first.callees.len() {
            let callees: Vec<Option<Func>> = group.iter().map(|b| b.callees[n]).collect();
            if callees.iter().all(|&c| c == callees[0]) {
                continue;
            }
            let callees: Vec<Func> = callees.into_iter().collect::<Option<_>>()?;
            let mut distinct: Vec<Func> = Vec::new();
            let column = callees.iter().map(|callee| {
                let at = distinct.iter().position(|f| f == callee);
                Value::int64(at.unwrap_or_else(|| {
                    distinct.push(*callee);
                    distinct.len() - 1
                }) as i64)
            });
            let column = column.collect();
            if !are_interchangeable(module, &distinct) {
                return None;
            }
            if !counted.contains(&distinct) && !choices.contains(&distinct) {
                let params = module.functions[distinct[0]].params.len();
                cost += distinct.len() as i64 * (5 + params as i64 / 2);
                counted.push(distinct.clone());
            }
            let param = plan.param(Type::INT64, column);
            plan.calls.insert(n, (distinct, param));
        }
        if plan.extra.len() > policy.max_merged_params {
            return None;
        }
        cost += (group.len() * plan.extra.len()) as i64;
        let profit = (group.len() as i64 - 1) * i64::from(first.weight) - cost;
        let least = if plan.calls.is_empty() {
            // No call takes longer.
            policy.thresholds.profit.min(1)
        } else if plan.has_hot_choice(module, first, hot) {
            policy.thresholds.profit_in_loops
        } else {
            policy.thresholds.profit
        };
        (profit >= least).then_some(plan)
    }

    fn param(&mut self, ty: Type, column: Vec<Value>) -> usize {
        let known = (0..self.extra.len()).find(|&n| self.types[n] == ty && self.extra[n] == column);
        known.unwrap_or_else(|| {
            self.types.push(ty);
            self.extra.push(column);
            self.extra.len() - 1
        })
    }

    /// Whether a call that has to be selected is in an innermost loop.
    fn has_hot_choice(&self, module: &Module, first: &Body, hot: &EntitySet<Func>) -> bool {
        if hot.contains(first.id) {
            return true;
        }
        let func = &module.functions[first.id];
        let loops = innermost_loop_bodies(&Cfg::new(func));
        let mut n = 0;
        for &block in &first.blocks {
            for &inst in &func.blocks[block].insts {
                if let Op::Invoke { .. } = func.insts[inst].op {
                    if loops.contains(block) && self.calls.contains_key(&n) {
                        return true;
                    }
                    n += 1;
                }
            }
        }
        false
    }
}

/// Whether functions can be called in the place of each other, up to arguments without data.
fn are_interchangeable(module: &Module, funcs: &[Func]) -> bool {
    let first = &module.functions[funcs[0]];
    let ghost = |ty: Type| singleton(&module.tables, ty).is_some();
    funcs.iter().all(|&f| {
        let f = &module.functions[f];
        ghost(f.self_type)
            && f.ret == first.ret
            && f.params.len() == first.params.len()
            && f.params
                .iter()
                .zip(&first.params)
                .all(|(p, q)| p.ty == q.ty || (ghost(p.ty) && ghost(q.ty)))
    })
}

/// Replaces the body of a function by a call.
fn forward(module: &mut Module, id: Func, redirection: &Redirection) {
    let func = &module.functions[id];
    let mut to = Function::new(func.name, func.params.clone(), func.ret, func.self_type);
    to.export = func.export;
    let loc = func.layout.first().and_then(|&b| {
        let insts = &func.blocks[b].insts;
        insts.first().map(|&i| func.insts[i].loc)
    });
    let args: Vec<Value> = redirection
        .keep
        .iter()
        .map(|&n| Value::Arg(n + 2))
        .chain(redirection.extra.iter().copied())
        .collect();
    let args = to.value_list(&args);
    let op = Op::Invoke {
        func: redirection.to,
        callee: None,
        args,
    };
    let call = to.make_inst(op, to.ret, loc.unwrap_or_default());
    let block = to.blocks.push(BlockData {
        insts: vec![call],
        term: match to.ret {
            Type::BOTTOM => Terminator::Unreachable,
            _ => Terminator::Return(Value::Inst(call)),
        },
        term_loc: None.into(),
    });
    to.layout.push(block);
    module.functions[id] = to;
}

/// Redirects the calls in a function.
fn redirect(func: &mut Function, redirections: &SecondaryMap<Func, Option<Redirection>>) -> bool {
    let mut changed = false;
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            let Op::Invoke {
                func: callee, args, ..
            } = func.insts[inst].op
            else {
                continue;
            };
            let Some(redirection) = &redirections[callee] else {
                continue;
            };
            let given = func.args(args);
            let args: Vec<Value> = redirection
                .keep
                .iter()
                .filter_map(|&n| given.get(n as usize).copied())
                .chain(redirection.extra.iter().copied())
                .collect();
            let args = func.value_list(&args);
            func.insts[inst].op = Op::Invoke {
                func: redirection.to,
                callee: None,
                args,
            };
            changed = true;
        }
    }
    changed
}
