//! The obstacles that a program reaches, each once, with the chain of calls that leads there.

use super::call::{CallKind, CallResult};
use super::instance::{GROWING_TYPES, InstId};
use crate::obstacle::Obstacle;
use crate::world::World;
use cranelift_entity::{EntityRef, EntitySet};
use jlift_frontend::lowered::StmtId;
use jlift_frontend::surface::Span;

/// Calls shown of a chain.
const MAX_CHAIN: usize = 8;

impl World {
    /// Instances that are reached from these, each once, in the order in which they are met.
    pub fn reachable_instances(&self, roots: &[InstId]) -> Vec<InstId> {
        let mut seen = EntitySet::new();
        let mut order: Vec<InstId> = Vec::new();
        for &root in roots {
            if seen.insert(root) {
                order.push(root);
            }
        }
        let mut next = 0;
        while let Some(&inst) = order.get(next) {
            next += 1;
            if let Some(body) = &self.instances[inst].body {
                for call in body.calls.iter().flatten() {
                    for_each_callee(call, &mut |callee| {
                        if seen.insert(callee) {
                            order.push(callee);
                        }
                    });
                }
            }
        }
        order
    }

    /// Whether what is called from here may evaluate code.
    pub(super) fn reaches_evaluation(&mut self, root: InstId) -> bool {
        let names = ["evaluate", "run_text"].map(|n| self.name(n));
        self.reachable_instances(&[root]).into_iter().any(|inst| {
            let inst = &self.instances[inst];
            names.contains(&inst.name) && self.is_base(inst.module)
        })
    }

    /// What is to be told of the instances that are reached from these.
    pub fn reachable_obstacles(&self, roots: &[InstId]) -> Vec<Obstacle> {
        self.obstacles_where(roots, &|_| true)
    }

    /// What keeps the instances that are reached from these from being compiled.
    pub fn reachable_errors(&self, roots: &[InstId]) -> Vec<Obstacle> {
        self.obstacles_where(roots, &Obstacle::is_error)
    }

    fn obstacles_where(&self, roots: &[InstId], told: &dyn Fn(&Obstacle) -> bool) -> Vec<Obstacle> {
        let mut out: Vec<Obstacle> = Vec::new();
        for inst in self.reachable_instances(roots) {
            for obstacle in self.instances[inst].obstacles.iter().filter(|o| told(o)) {
                let located = self.with_chain(inst, obstacle);
                // The same statement in several specialisations is told once.
                if !out
                    .iter()
                    .any(|o| o.span == located.span && o.message == located.message)
                {
                    out.push(located);
                }
            }
        }
        // Where types grow without end nothing behind it is known: what else is told follows.
        if out.iter().any(|o| o.message.starts_with(GROWING_TYPES)) {
            out.retain(|o| o.message.starts_with(GROWING_TYPES));
        }
        out
    }

    /// Statements of the user's code that can only fail: calls without a method, undefined names.
    /// A program that is run goes on until it gets there; an output is refused.
    pub fn certain_failures(&mut self, roots: &[InstId]) -> Vec<Obstacle> {
        let mut out: Vec<Obstacle> = Vec::new();
        for inst in self.reachable_instances(roots) {
            let Some(body) = self.instances[inst].body.clone() else {
                continue;
            };
            if self.is_base(self.instances[inst].module) {
                continue;
            }
            let mut found: Vec<(usize, String)> = Vec::new();
            for (index, call) in body.calls.iter().enumerate() {
                if let Some(call) = call
                    && let CallKind::Throws { message, .. } = &call.kind
                {
                    found.push((index, message.clone()));
                }
            }
            for &(index, name) in &body.undefined {
                let text = self.text(name).to_string();
                found.push((index, format!("UndefVarError: `{text}` not defined")));
            }
            for (index, message) in found {
                let span = body.code.spans[StmtId::new(index)];
                let reached = body.entry[body.cfg.block_of[index] as usize].is_some();
                if !reached {
                    continue;
                }
                let mut obstacle = Obstacle::error(span, message);
                if let Some(&(_, name)) = body.undefined.iter().find(|u| u.0 == index) {
                    let module = self.instances[inst].module;
                    obstacle.help = self.similar_name(module, name);
                }
                let obstacle = self.with_chain(inst, &obstacle);
                if !out
                    .iter()
                    .any(|o| o.span == obstacle.span && o.message == obstacle.message)
                {
                    out.push(obstacle);
                }
            }
        }
        out
    }

    /// An obstacle with the calls that lead to it; what lies in Base is shown at the call of the
    /// user's code.
    fn with_chain(&self, inst: InstId, obstacle: &Obstacle) -> Obstacle {
        let mut out = obstacle.clone();
        let in_base = |span: Option<Span>| {
            span.and_then(|s| self.sources.file(s.file))
                .is_some_and(|f| f.is_base)
        };
        let mut at = inst;
        let mut shown = 0;
        let mut user_call = None;
        while let Some((caller, span)) = self.instances[at].caller {
            // Of a recursion the call that began it is shown.
            let recursive = self.instances[at].method == self.instances[caller].method;
            if shown < MAX_CHAIN && self.instances[at].method.is_some() && !recursive {
                let place = match span {
                    Some(s) => {
                        let (line, _) = self.sources.line_column(s.file, s.start);
                        let name = self.sources.file(s.file).map_or("", |f| &f.name);
                        format!(" at {name}:{line}")
                    }
                    None => String::new(),
                };
                out.notes.push(format!(
                    "in {}, called{place}",
                    super::instance::shortened(&self.instance_text(at))
                ));
                shown += 1;
            }
            if user_call.is_none() && span.is_some() && !in_base(span) {
                user_call = span;
            }
            at = caller;
        }
        if in_base(out.span) || out.span.is_none() {
            if let Some(s) = out.span {
                let (line, _) = self.sources.line_column(s.file, s.start);
                let name = self.sources.file(s.file).map_or("", |f| &f.name);
                out.notes.insert(0, format!("inside Base ({name}:{line})"));
            }
            out.span = user_call;
        }
        out
    }
}

/// Calls `f` with every instance that a call may reach.
pub fn for_each_callee(call: &CallResult, f: &mut dyn FnMut(InstId)) {
    match &call.kind {
        CallKind::Invoke { inst, .. } => f(*inst),
        CallKind::Split { cases, .. } => {
            for (_, case) in cases {
                for_each_callee(case, f);
            }
        }
        CallKind::Splat(conversions) => {
            for call in conversions.iter().flatten() {
                for_each_callee(call, f);
            }
        }
        CallKind::Apply { call, .. }
        | CallKind::Forward { call, .. }
        | CallKind::Spread { call, .. } => for_each_callee(call, f),
        _ => {}
    }
}
