//! Optimizing functions in the order of the call graph, callees first, so that what is inlined is
//! as good as it gets and never looked at again. The module may grow: every function is optimized
//! once, and what is known of it serves the callers that come later.
//!
//! Functions are kept in the form that inlining wants ([`crate::pipeline::clean`]); those that are
//! lowered get their final shape last ([`Optimizer::finish`]).

use crate::effects::{EffectTable, Effects, analyze_component, callees, components, is_cycle};
use crate::inliner::{Cost, Policy, cost, inline_calls};
use crate::passes::Ctx;
use crate::pipeline::{Level, clean, join_tails, reload_floats, shape, shape_small};
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::{Func, Function, Module};

/// What is known of the optimized functions of a module.
pub struct Optimizer {
    level: Level,
    policy: Option<Policy>,
    effects: EffectTable,
    /// Functions whose calls may go when the result is unused.
    removable: EntitySet<Func>,
    costs: SecondaryMap<Func, Cost>,
    done: EntitySet<Func>,
    /// Functions that are to be small rather than fast.
    cold: EntitySet<Func>,
    /// Functions of which nothing was known when something that calls them was optimized: callers
    /// expect them to throw.
    expected_to_throw: EntitySet<Func>,
    /// Whether equal ends of paths are joined.
    joins_tails: bool,
}

impl Optimizer {
    /// For a module of which nothing is optimized yet.
    pub fn new(level: Level, policy: Option<Policy>) -> Self {
        Self {
            level,
            policy,
            effects: EffectTable::new(),
            removable: EntitySet::new(),
            costs: SecondaryMap::new(),
            done: EntitySet::new(),
            cold: EntitySet::new(),
            expected_to_throw: EntitySet::new(),
            joins_tails: false,
        }
    }

    /// Equal ends of paths are joined, for smaller code.
    pub fn join_tails(&mut self) {
        self.joins_tails = true;
    }

    /// These functions are to be small rather than fast. To be said before they are optimized.
    pub fn keep_small(&mut self, cold: EntitySet<Func>) {
        self.cold = cold;
    }

    /// Optimizes what is reachable from `roots` and was not optimized before. All of it is legal.
    /// The functions `once` run once: little is inlined into them outside of loops.
    pub fn optimize(&mut self, module: &mut Module, roots: &[Func], once: &[Func]) {
        self.optimize_legal(module, roots, once, &|_| true);
    }

    /// The same where some functions are not legal yet: those are not looked at, and whoever calls
    /// them expects them to throw, now and when they are optimized later.
    pub fn optimize_legal(
        &mut self,
        module: &mut Module,
        roots: &[Func],
        once: &[Func],
        is_legal: &dyn Fn(Func) -> bool,
    ) {
        let components = components(module, roots, &|f| self.done.contains(f) || !is_legal(f));
        // Not by index: the module may be much larger than what is new in it.
        let mut uses: HashMap<Func, u32> = HashMap::new();
        for &root in roots {
            *uses.entry(root).or_default() += 1;
        }
        for &func in components.iter().flatten() {
            for callee in callees(&module.functions[func]) {
                *uses.entry(callee).or_default() += 1;
                if !is_legal(callee) {
                    self.expected_to_throw.insert(callee);
                }
            }
        }
        for component in components {
            self.component(module, &component, &uses, once);
        }
    }

    fn component(
        &mut self,
        module: &mut Module,
        component: &[Func],
        uses: &HashMap<Func, u32>,
        once: &[Func],
    ) {
        for &func in component {
            let mut f = take(module, func);
            if let Some(mut policy) = self.policy {
                if self.cold.contains(func) {
                    policy = Policy::SMALLEST;
                }
                let runs_once = once.contains(&func).then_some(&Policy::SMALL);
                inline_calls(module, &mut f, &policy, runs_once, &self.costs, uses);
            }
            let mut ctx = Ctx::new(&mut module.tables, &module.globals, &self.removable);
            clean(&mut f, &mut ctx, self.level);
            module.functions[func] = f;
        }
        let start = |func| Effects {
            nothrow: !self.expected_to_throw.contains(func),
            ..Effects::PURE
        };
        analyze_component(module, component, &start, &mut self.effects);
        let recursive = is_cycle(module, component);
        for &func in component {
            if self.effects[func].is_removable() {
                self.removable.insert(func);
            }
            if let Some(policy) = &self.policy
                && !recursive
            {
                let policy = match self.cold.contains(func) {
                    true => &Policy::SMALLEST,
                    false => policy,
                };
                self.costs[func] = cost(module, func, policy);
            }
            self.done.insert(func);
        }
    }

    /// Gives optimized functions the shape in which they are lowered. Returns what they were, for
    /// those that may still be inlined.
    pub fn finish(&mut self, module: &mut Module, functions: &[Func]) -> Vec<(Func, Function)> {
        let mut kept = Vec::new();
        let mut ctx = Ctx::new(&mut module.tables, &module.globals, &self.removable);
        for &func in functions {
            let f = &mut module.functions[func];
            if self.costs[func] != Cost::NEVER {
                kept.push((func, f.clone()));
            }
            if self.joins_tails {
                join_tails(f, &mut ctx, self.level);
            }
            if self.cold.contains(func) {
                shape_small(f, &mut ctx, self.level);
            } else {
                shape(f, &mut ctx, self.level);
            }
            if self.joins_tails {
                reload_floats(f, &mut ctx, self.level);
            }
        }
        crate::ownership::run(module, functions, &self.effects);
        kept
    }

    /// What calling optimized functions may do.
    pub fn effects(&self) -> &EffectTable {
        &self.effects
    }

    /// Whether an optimized function may throw.
    pub fn may_throw(&self, func: Func) -> bool {
        !self.effects[func].nothrow
    }

    /// Whether a function has been optimized.
    pub fn is_done(&self, func: Func) -> bool {
        self.done.contains(func)
    }
}

/// Takes a function out of the module, to be changed. Its signature stays.
fn take(module: &mut Module, id: Func) -> Function {
    let f = &module.functions[id];
    let mut signature = Function::new(f.name, f.params.clone(), f.ret, f.self_type);
    signature.inline = f.inline;
    std::mem::replace(&mut module.functions[id], signature)
}
