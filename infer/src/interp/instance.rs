//! Method instances: one body inferred for one list of argument types. The database that
//! `jlift check` and emission read.

use super::body::BodyResult;
use super::call::{CallResult, Site};
use crate::lattice::Lat;
use crate::obstacle::Obstacle;
use crate::world::World;
use crate::world::method::MethodId;
use crate::world::modules::ModuleId;
use cranelift_entity::entity_impl;
use jlift_frontend::lowered::{Code, Stmt};
use jlift_frontend::surface::Span;
use jlift_ir::{Func, Name, Type, Value};
use std::rc::Rc;
use std::sync::Arc;

/// A method instance.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstId(u32);
entity_impl!(InstId, "instance");

/// What is specialised on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InstanceKey {
    pub method: MethodId,
    /// The callee and the arguments as passed; constants only where they are singletons, types, or
    /// where constant propagation asked for it.
    pub args: Box<[Lat]>,
    /// Called where `@inbounds` holds: `@boundscheck` blocks are left out.
    pub inbounds: bool,
    /// Its calls are estimated: it is never emitted.
    pub estimated: bool,
}

/// How far inference has come.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Progress {
    /// On the stack; `ret` is what is known so far.
    Running,
    /// Finished, but under assumptions on an instance that is still on the stack.
    Provisional,
    Done,
}

/// A method instance, or a top-level thunk.
pub struct Instance {
    /// `None` for a thunk.
    pub method: Option<MethodId>,
    pub module: ModuleId,
    pub name: Name,
    pub code: Option<Arc<Code>>,
    /// The callee and the arguments, before varargs are gathered.
    pub args: Box<[Lat]>,
    pub inbounds: bool,
    /// Its calls are estimated: it is never emitted.
    pub estimated: bool,
    /// Values of the static parameters; `None` where the call does not determine one.
    pub static_params: Vec<Option<Value>>,
    pub ret: Lat,
    /// For a `Bool` result that says something about an argument.
    pub condition: Option<ReturnCondition>,
    /// Evaluating it has no effect, cannot fail and terminates.
    pub total: bool,
    pub progress: Progress,
    pub body: Option<Rc<BodyResult>>,
    pub func: Option<Func>,
    pub obstacles: Vec<Obstacle>,
    /// Who asked for it first, and where.
    pub caller: Option<(InstId, Option<Span>)>,
    pub(crate) assumed: bool,
    pub(crate) lowest_assumption: u32,
}

/// If the result is true (false), argument `arg` is `then` (`other`).
#[derive(Clone, PartialEq, Debug)]
pub struct ReturnCondition {
    /// 0 is the callee.
    pub arg: usize,
    pub then: Lat,
    pub other: Lat,
}

/// How the obstacle of an endless recursion of types begins.
pub const GROWING_TYPES: &str = "the types of this recursion grow without end";

/// Deepest stack of instances being inferred.
const MAX_STACK: usize = 400;
/// How often one method may be on the stack.
const MAX_SAME_METHOD: usize = 48;
/// With types nested this deep, a method may be on the stack less often.
const DEEP_TYPE: u32 = 24;
const MAX_SAME_DEEP: usize = 8;
/// A recursive group is inferred anew at most this often.
const MAX_ROUNDS: usize = 12;

/// How many of these sizes, in their order, do not become smaller: what is taken apart and made again
/// in between does not grow.
fn longest_growth(sizes: &[usize]) -> usize {
    // The least last size of the sequences of each length.
    let mut ends: Vec<usize> = Vec::new();
    for &size in sizes {
        let at = ends.partition_point(|&end| end <= size);
        match ends.get_mut(at) {
            Some(end) => *end = size,
            None => ends.push(size),
        }
    }
    ends.len()
}

impl World {
    /// Infers a top-level expression; gives the instance and what it evaluates to.
    pub fn infer_thunk(&mut self, module: ModuleId, code: &Arc<Code>) -> (InstId, Lat) {
        self.forget_outdated();
        for closure in code.closures.values() {
            for method in &closure.methods {
                self.note_assigned_by(module, method);
            }
        }
        // It may assign a global that it reads, or calls a method to read: what it infers first is
        // outdated when it is done.
        let first = self.until_globals_hold(|w| w.infer_thunk_once(module, code, false));
        if has_loop(code) || !self.reaches_evaluation(first.0) {
            return first;
        }
        // Julia's interpreter executes it: each of its calls reaches what is defined by then.
        self.until_globals_hold(|w| w.infer_thunk_once(module, code, true))
    }

    fn infer_thunk_once(
        &mut self,
        module: ModuleId,
        code: &Arc<Code>,
        late: bool,
    ) -> (InstId, Lat) {
        let name = self.name("top-level scope");
        let id = self.instances.push(Instance {
            method: None,
            module,
            name,
            code: Some(code.clone()),
            args: Box::new([Lat::NOTHING]),
            inbounds: false,
            estimated: false,
            static_params: Vec::new(),
            ret: Lat::Bottom,
            condition: None,
            total: true,
            progress: Progress::Running,
            body: None,
            func: None,
            obstacles: Vec::new(),
            caller: None,
            assumed: false,
            lowest_assumption: u32::MAX,
        });
        self.late_thunk = late.then_some(id);
        self.run(id);
        self.late_thunk = None;
        (id, self.instances[id].ret.clone())
    }

    /// The instance of a method for these arguments, inferred.
    pub fn infer_method(
        &mut self,
        method: MethodId,
        static_params: Vec<Option<Value>>,
        args: Box<[Lat]>,
        site: Site,
    ) -> InstId {
        let span = site.span;
        let key = InstanceKey {
            method,
            args,
            inbounds: site.inbounds,
            estimated: self.estimating.on,
        };
        if let Some(&id) = self.instance_index.get(&key) {
            self.assume(id);
            return id;
        }
        let m = &self.methods[method];
        let id = self.instances.push(Instance {
            method: Some(method),
            module: m.module,
            name: m.def.name,
            code: None,
            args: key.args.clone(),
            inbounds: key.inbounds,
            estimated: key.estimated,
            static_params,
            ret: Lat::Bottom,
            condition: None,
            total: true,
            progress: Progress::Running,
            body: None,
            func: None,
            obstacles: Vec::new(),
            caller: self.stack.last().map(|&c| (c, span)),
            assumed: false,
            lowest_assumption: u32::MAX,
        });
        self.instance_index.insert(key, id);
        // Recursion over fewer and fewer arguments, or elements of a tuple, ends by itself.
        let mut sizes = Vec::new();
        for n in 0..self.stack.len() {
            let at = self.stack[n];
            if self.instances[at].method == Some(method) {
                sizes.push(self.size_of_arguments(at));
            }
        }
        if !sizes.is_empty() {
            let size = self.size_of_arguments(id);
            sizes.retain(|&s| s <= size);
        }
        let same = longest_growth(&sizes);
        let args = self.instances[id].args.clone();
        let deep = same >= MAX_SAME_DEEP
            && args.iter().any(|a| {
                let ty = self.widen(a);
                self.type_depth(ty) >= DEEP_TYPE
            });
        if self.stack.len() >= MAX_STACK || same >= MAX_SAME_METHOD || deep {
            let text = shortened(&self.instance_text(id));
            let inst = &mut self.instances[id];
            inst.progress = Progress::Done;
            inst.total = false;
            inst.ret = Lat::ANY;
            inst.obstacles.push(
                Obstacle::error(
                    span,
                    format!("{GROWING_TYPES}: {text}"),
                )
                .help("keep the argument types of the recursive call the same, or recurse on smaller tuples"),
            );
            return id;
        }
        match self.method_code(method) {
            Ok(code) => {
                let values = std::mem::take(&mut self.instances[id].static_params);
                self.instances[id].static_params = self.order_static_params(method, &code, &values);
                self.instances[id].code = Some(self.instance_code(id, code));
                self.run(id);
            }
            Err(obstacle) => {
                let inst = &mut self.instances[id];
                inst.progress = Progress::Done;
                inst.total = false;
                inst.obstacles.push(obstacle);
            }
        }
        self.assume(id);
        id
    }

    /// The number of arguments, those in tuples included, and how deep their types are.
    fn size_of_arguments(&mut self, id: InstId) -> usize {
        let args = self.instances[id].args.clone();
        let (mut size, mut depth) = (args.len(), 0);
        for arg in args.iter() {
            let ty = self.widen(arg);
            depth = depth.max(self.families.cache.facts(&self.module.tables, ty).height);
            if self.module.tables.is_tuple(ty) {
                size += self.module.tables.params(ty).len();
            }
        }
        size + depth as usize
    }

    /// Notes that the instance on top of the stack relies on what is known of `id` now.
    fn assume(&mut self, id: InstId) {
        let lowest = match self.instances[id].progress {
            Progress::Done => return,
            Progress::Running => {
                self.instances[id].assumed = true;
                match self.stack.iter().position(|&i| i == id) {
                    Some(depth) => depth as u32,
                    None => return,
                }
            }
            Progress::Provisional => self.instances[id].lowest_assumption,
        };
        if let Some(&top) = self.stack.last() {
            let top = &mut self.instances[top];
            top.lowest_assumption = top.lowest_assumption.min(lowest);
        }
    }

    /// Infers until nothing changes for a recursive group whose head this is.
    fn run(&mut self, id: InstId) {
        let depth = self.stack.len() as u32;
        for round in 0.. {
            let first = self.instances.len();
            self.stack.push(id);
            self.instances[id].assumed = false;
            self.instances[id].lowest_assumption = u32::MAX;
            self.instances[id].obstacles.clear();
            let before = self.instances[id].ret.clone();
            let result = self.infer_body(id);
            self.stack.pop();
            let inst = &mut self.instances[id];
            inst.total = result.total;
            inst.condition = result.condition.clone();
            let found = result.ret.clone();
            inst.body = Some(Rc::new(result));
            let merged = if before.is_bottom() {
                found
            } else {
                self.merge(&before, &found)
            };
            self.instances[id].ret = merged.clone();
            let changed = merged != before;
            if self.instances[id].assumed && changed && round < MAX_ROUNDS {
                // What was inferred under the old assumption is forgotten.
                self.forget_provisional(first, depth);
                continue;
            }
            let lowest = self.instances[id].lowest_assumption;
            if lowest < depth {
                self.instances[id].progress = Progress::Provisional;
                self.rely_on_lower(first, depth, lowest);
                if let Some(&caller) = self.stack.last() {
                    let caller = &mut self.instances[caller];
                    caller.lowest_assumption = caller.lowest_assumption.min(lowest);
                }
            } else {
                self.instances[id].progress = Progress::Done;
                self.settle_provisional(first, depth);
                if self.instances[id].assumed {
                    // A recursive function may not terminate.
                    self.instances[id].total = false;
                }
            }
            return;
        }
    }

    /// What relied on this head holds as long only as what the head itself relies on.
    fn rely_on_lower(&mut self, first: usize, depth: u32, lowest: u32) {
        for n in first..self.instances.len() {
            let inst = &mut self.instances[InstId::from_u32(n as u32)];
            if inst.progress == Progress::Provisional && inst.lowest_assumption >= depth {
                inst.lowest_assumption = lowest;
            }
        }
    }

    fn forget_provisional(&mut self, first: usize, depth: u32) {
        for n in first..self.instances.len() {
            let id = InstId::from_u32(n as u32);
            let inst = &self.instances[id];
            if inst.progress == Progress::Provisional
                && inst.lowest_assumption <= depth
                && let Some(method) = inst.method
            {
                let key = InstanceKey {
                    method,
                    args: inst.args.clone(),
                    inbounds: inst.inbounds,
                    estimated: inst.estimated,
                };
                if self.instance_index.get(&key) == Some(&id) {
                    self.instance_index.remove(&key);
                }
            }
        }
    }

    fn settle_provisional(&mut self, first: usize, depth: u32) {
        for n in first..self.instances.len() {
            let id = InstId::from_u32(n as u32);
            let inst = &mut self.instances[id];
            if inst.progress == Progress::Provisional && inst.lowest_assumption >= depth {
                inst.progress = Progress::Done;
                inst.total = false;
            }
        }
    }

    /// Forgets what was inferred: a definition changed. Emitted functions stay.
    pub fn forget_instances(&mut self) {
        self.instance_index.clear();
        self.generation += 1;
    }

    /// A new method may change what calls of its function reach.
    pub(crate) fn new_method_invalidates(&mut self, key: crate::world::function_table::CalleeKey) {
        if self.dispatch_cache_uses(key) {
            self.clear_dispatch_cache();
            self.forget_instances();
        }
    }

    /// `f(::Int64, ::Float64)` for messages.
    pub fn instance_text(&self, id: InstId) -> String {
        let inst = &self.instances[id];
        let args = self.argument_texts(&inst.args[1..]);
        format!("{}({args})", self.text(inst.name))
    }

    /// `::Int64, ::Float64` for messages; what is in the middle of many is left out.
    pub(super) fn argument_texts(&self, args: &[Lat]) -> String {
        let text = |a: &Lat| format!("::{}", self.lat_text(a));
        let mut parts: Vec<String> = Vec::new();
        match args.len() > MAX_SHOWN_ARGUMENTS {
            true => {
                let (first, last) = (&args[..SHOWN_FIRST], &args[args.len() - 1..]);
                parts.extend(first.iter().map(text));
                parts.push(format!("… {} more …", args.len() - SHOWN_FIRST - 1));
                parts.extend(last.iter().map(text));
            }
            false => parts.extend(args.iter().map(text)),
        }
        parts.join(", ")
    }

    /// The type of what is known, for messages.
    pub fn lat_text(&self, lat: &Lat) -> String {
        match lat {
            Lat::Bottom => "Union{}".into(),
            Lat::Const(Value::Type(t)) => format!("Type{{{}}}", self.type_text(*t)),
            Lat::Const(v) => {
                let ty =
                    jlift_ir::module::constant_type(&self.module.tables, &self.module.globals, *v)
                        .unwrap_or(Type::ANY);
                self.type_text(ty)
            }
            Lat::Partial(p) => self.type_text(p.ty),
            Lat::Type(t) => self.type_text(*t),
        }
    }

    /// Adds an obstacle to the instance being inferred.
    pub(crate) fn obstruct(&mut self, obstacle: Obstacle) {
        if let Some(&top) = self.stack.last() {
            let list = &mut self.instances[top].obstacles;
            if !list.contains(&obstacle) {
                list.push(obstacle);
            }
        } else {
            self.obstacles.push(obstacle);
        }
    }
}

/// The text of types with what is nested deep, and the rest of long lists of parameters, left out.
pub fn shortened(text: &str) -> String {
    cut(text, MAX_SHOWN_PARAMETERS)
}

/// The text of types with what is nested deep left out.
pub(super) fn without_depth(text: &str) -> String {
    cut(text, usize::MAX)
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::new();
    // How many parameters were met at each level of braces that is written out.
    let mut met: Vec<usize> = Vec::new();
    let mut depth = 0;
    // The level whose list has become too long.
    let mut skipped = None;
    for c in text.chars() {
        match c {
            '{' => {
                depth += 1;
                if depth >= MAX_SHOWN_DEPTH && skipped.is_none() {
                    out.push_str("{…");
                    skipped = Some(depth);
                } else if skipped.is_none() {
                    met.push(1);
                    out.push(c);
                }
            }
            '}' => {
                if skipped.is_none_or(|level| level == depth) {
                    out.push(c);
                    if skipped.take().is_none() || depth < MAX_SHOWN_DEPTH {
                        met.pop();
                    }
                }
                depth -= 1;
            }
            _ if skipped.is_some() => {}
            ',' if met.last().is_some_and(|&count| count >= most) => {
                out.push_str(", …");
                skipped = Some(depth);
            }
            ',' => {
                if let Some(count) = met.last_mut() {
                    *count += 1;
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Lists of more arguments than these are shortened in messages, to their first and their last ones.
const MAX_SHOWN_ARGUMENTS: usize = 12;
const SHOWN_FIRST: usize = 8;

/// Of a type's parameters, as of those of a tuple, this many are shown.
const MAX_SHOWN_PARAMETERS: usize = 12;

/// Types in messages are written out to this nesting.
const MAX_SHOWN_DEPTH: i32 = 4;

/// Calls found in a body, by statement.
pub type Calls = Vec<Option<Rc<CallResult>>>;

/// Whether control flow goes back anywhere.
fn has_loop(code: &Code) -> bool {
    code.stmts.iter().any(|(at, stmt)| match stmt {
        Stmt::Goto(target) | Stmt::GotoIfNot(_, target) => *target <= at,
        _ => false,
    })
}
