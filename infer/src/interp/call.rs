//! What a call reaches: a builtin, a method instance, one of several by the run-time type of an
//! argument, or nothing.

use super::caught::ONLY_A_HASH;
use super::instance::{InstId, ReturnCondition};
use super::methods::Lookup;
use crate::dynamic::Action;
use crate::lattice::Lat;
use crate::obstacle::{Obstacle, Severity};
use crate::world::World;
use crate::world::function_table::Known;
use jlift_frontend::surface::Span;
use jlift_ir::{Builtin, Intrinsic, Tables, Type, TypeClass, Value};
use std::rc::Rc;

/// Where a call stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Site {
    pub span: Option<Span>,
    /// Bounds checks are off.
    pub inbounds: bool,
}

/// What an exception that inference foresees is made of, where it is kept as an object.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ErrorFields {
    /// Its text.
    Text,
    /// The callee and the arguments: a `MethodError`.
    Call,
    /// The first two arguments, a container and an index: a `BoundsError`.
    Bounds,
    /// Who wanted which type, and the argument (from 0) that is not of it: a `TypeError`.
    Wanted {
        by: &'static str,
        ty: Type,
        arg: usize,
    },
}

/// How a call is carried out.
#[derive(Clone, PartialEq, Debug)]
pub enum CallKind {
    /// Nothing needs to run: the result is constant.
    Folded,
    Intrinsic(Intrinsic),
    Builtin(Builtin),
    /// An instance; arguments from `gather` on (counting the callee as 0) are passed as a tuple.
    Invoke {
        inst: InstId,
        gather: Option<u32>,
    },
    /// By the run-time type of argument `arg` (0 is the callee); every member of its union has a
    /// case.
    Split {
        arg: usize,
        cases: Vec<(Type, Rc<CallResult>)>,
    },
    /// The arguments are the elements of containers: how many each has.
    Apply {
        counts: Vec<Option<u32>>,
        call: Rc<CallResult>,
    },
    /// As `Apply`, of containers whose lengths are not known: how each becomes a `Vector{Any}`,
    /// where it is no tuple.
    Splat(Vec<Option<Rc<CallResult>>>),
    /// Another call, of these constants followed by the arguments from `skip` on.
    Forward {
        prefix: Vec<Value>,
        skip: usize,
        call: Rc<CallResult>,
    },
    /// Builds a struct.
    New(Type),
    /// A call of the elements of the only argument, a tuple of this many.
    Spread {
        count: u32,
        call: Rc<CallResult>,
    },
    /// A function of the runtime that takes the arguments as they are.
    Runtime(&'static str),
    /// A C function with its evaluated types.
    Foreign {
        ret: Type,
        params: Vec<Type>,
    },
    /// Reaching it throws this exception with this text.
    Throws {
        ty: Type,
        message: String,
        fields: ErrorFields,
    },
    /// Resolved at run time, by the types of the arguments; the obstacle has been recorded for
    /// programs where that is not possible.
    Dynamic(Action),
    /// It cannot be resolved; the obstacle has been recorded.
    Unresolved(String),
}

/// What is known of a call.
#[derive(Clone, PartialEq, Debug)]
pub struct CallResult {
    pub ret: Lat,
    pub kind: CallKind,
    /// It has no effect, cannot fail and terminates.
    pub total: bool,
    pub condition: Option<ReturnCondition>,
}

impl CallResult {
    /// A call that needs not run.
    pub fn folded(value: Value) -> Self {
        Self {
            ret: Lat::Const(value),
            kind: CallKind::Folded,
            total: true,
            condition: None,
        }
    }

    /// A builtin.
    pub fn builtin(builtin: Builtin, ret: Lat, total: bool) -> Self {
        Self {
            ret,
            kind: CallKind::Builtin(builtin),
            total,
            condition: None,
        }
    }

    /// A call that throws.
    pub fn throws(ty: Type, message: impl Into<String>) -> Self {
        Self {
            ret: Lat::Bottom,
            kind: CallKind::Throws {
                ty,
                message: message.into(),
                fields: match ty {
                    Type::METHOD_ERROR => ErrorFields::Call,
                    _ => ErrorFields::Text,
                },
            },
            total: false,
            condition: None,
        }
    }

    /// A call that throws a `TypeError` for an argument (from 0).
    pub fn throws_type(by: &'static str, ty: Type, arg: usize, message: impl Into<String>) -> Self {
        Self {
            ret: Lat::Bottom,
            kind: CallKind::Throws {
                ty: Type::TYPE_ERROR,
                message: message.into(),
                fields: ErrorFields::Wanted { by, ty, arg },
            },
            total: false,
            condition: None,
        }
    }
}

/// Whether the values of a type can be told at run time: symbols, small integers and tuples of them. Each
/// value has code of its own, so that it is not for any number.
pub fn is_readable(tables: &Tables, ty: Type) -> bool {
    match tables.tuple_elems(ty) {
        Some(elems) => !elems.is_empty() && elems.iter().all(|&e| is_readable_scalar(tables, e)),
        None => is_readable_scalar(tables, ty),
    }
}

/// The type of what is not a constant.
fn type_of_unknown(lat: &Lat) -> Option<Type> {
    match lat {
        Lat::Type(ty) => Some(*ty),
        Lat::Partial(partial) => Some(partial.ty),
        _ => None,
    }
}

fn is_readable_scalar(tables: &Tables, ty: Type) -> bool {
    let small = matches!(tables.class(ty), TypeClass::Primitive(..=64));
    ty == Type::SYMBOL || small && !ty.is_float()
}

/// Whether the values of a type can be parameters of types: plain bits, symbols, types, and tuples of these.
pub fn is_parameter(tables: &Tables, ty: Type) -> bool {
    match tables.class(ty) {
        TypeClass::Symbol => true,
        _ if tables.is_bits(ty) => true,
        _ if tables.is_tuple(ty) || tables.is_named_tuple(ty) => tables
            .field_types(ty)
            .is_some_and(|fields| fields.iter().all(|&f| is_parameter(tables, f))),
        _ => false,
    }
}

/// Whether the values of a type can be parameters of types and be read where they are in memory.
pub fn is_readable_parameter(tables: &Tables, ty: Type) -> bool {
    match tables.class(ty) {
        TypeClass::Singleton | TypeClass::Symbol | TypeClass::Primitive(_) => true,
        TypeClass::Inline | TypeClass::InlineWithReferences => {
            is_parameter(tables, ty)
                && tables
                    .field_types(ty)
                    .is_some_and(|fields| fields.iter().all(|&f| is_readable_parameter(tables, f)))
        }
        _ => false,
    }
}

/// Calls are split over at most this many combinations of types.
const MAX_SPLIT: usize = 64;

impl World {
    /// What a call without a place reaches.
    pub fn resolve_call(&mut self, callee: &Lat, args: &[Lat]) -> CallResult {
        self.resolve_call_at(callee, args, Site::default())
    }

    /// What a call reaches.
    pub fn resolve_call_at(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        if let Lat::Const(Value::Instance(ty)) = callee
            && let Some(known) = self.known_function(*ty)
        {
            return match known {
                Known::Intrinsic(i) => self.split_or(args, callee, site, |w| {
                    match args.iter().any(|a| w.is_dynamic_value(a)) {
                        true => w.unresolved(callee, args, site, "an operand is not known"),
                        false => w.intrinsic(i, args),
                    }
                }),
                Known::Builtin(b) => self.builtin(b, callee, args, site),
                Known::Pure(p) => self.pure(p, args, site),
            };
        }
        self.dispatch(callee, args, site)
    }

    /// Whether the type of a value is only known at run time.
    pub(super) fn is_dynamic_value(&mut self, lat: &Lat) -> bool {
        match lat {
            Lat::Type(t) => {
                self.declare(*t);
                self.is_dynamic(*t)
            }
            _ => false,
        }
    }

    /// Splits over a union among the arguments, or does the rest.
    pub(super) fn split_or(
        &mut self,
        args: &[Lat],
        callee: &Lat,
        site: Site,
        rest: impl FnOnce(&mut World) -> CallResult,
    ) -> CallResult {
        match self.split_point(None, args) {
            Some(arg) => self.split(callee, args, arg, site),
            None => rest(self),
        }
    }

    /// The first argument (counting the callee as 0) whose type is a union of concrete types.
    fn split_point(&mut self, callee: Option<&Lat>, args: &[Lat]) -> Option<usize> {
        let mut combinations = 1usize;
        let mut first = None;
        for (n, lat) in callee.into_iter().chain(args).enumerate() {
            let n = n + usize::from(callee.is_none());
            if let Lat::Type(t) = lat
                && self.module.tables.class(*t) == TypeClass::Union
            {
                let members = self.module.tables.members(*t);
                combinations = combinations.saturating_mul(members.len());
                if members.iter().all(|&m| self.is_storable(m)) && first.is_none() {
                    first = Some(n);
                }
            }
        }
        (combinations <= MAX_SPLIT).then_some(first).flatten()
    }

    fn split(&mut self, callee: &Lat, args: &[Lat], arg: usize, site: Site) -> CallResult {
        let at = if arg == 0 { callee } else { &args[arg - 1] };
        let Lat::Type(union) = *at else {
            return self.unresolved(callee, args, site, "its types are not known");
        };
        let mut cases = Vec::new();
        let mut ret = Lat::Bottom;
        let mut total = true;
        let mut then = Lat::Bottom;
        let mut other = Lat::Bottom;
        let mut conditional = true;
        for member in self.module.tables.members(union) {
            let lat = self.lat_of(member);
            let result = if arg == 0 {
                self.resolve_call_at(&lat, args, site)
            } else {
                let mut args = args.to_vec();
                args[arg - 1] = lat.clone();
                self.resolve_call_at(callee, &args, site)
            };
            total &= result.total;
            ret = self.merge(&ret, &result.ret);
            // A Bool that is constant per type is a test of the type.
            match result.ret.as_const().and_then(Value::as_bool) {
                Some(true) => then = self.merge(&then, &lat),
                Some(false) => other = self.merge(&other, &lat),
                None => match &result.condition {
                    Some(c) if c.arg == arg => {
                        then = self.merge(&then, &c.then);
                        other = self.merge(&other, &c.other);
                    }
                    _ if result.ret.is_bottom() => {}
                    _ if result.ret == Lat::BOOL => {
                        then = self.merge(&then, &lat);
                        other = self.merge(&other, &lat);
                    }
                    _ => conditional = false,
                },
            }
            cases.push((member, Rc::new(result)));
        }
        let is_bool = self.widen(&ret) == Type::BOOL;
        CallResult {
            ret,
            kind: CallKind::Split { arg, cases },
            total,
            condition: (conditional && is_bool).then_some(ReturnCondition { arg, then, other }),
        }
    }

    /// A call of a generic function, a constructor or a callable object.
    fn dispatch(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        if let Some(arg) = self.split_point(Some(callee), args) {
            return self.split(callee, args, arg, site);
        }
        if let (Lat::Const(Value::Type(t)), [tuple]) = (callee, args)
            && let Some(result) = self.named_tuple_of(*t, tuple, site)
        {
            return result;
        }
        if let Some(result) = self.caught_field(callee, args, site) {
            return result;
        }
        let mut types = Vec::with_capacity(args.len() + 1);
        for lat in std::iter::once(callee).chain(args) {
            types.push(self.widen(lat));
        }
        // With keywords it is the third of `kwcall(keywords, f, …)`.
        let called = match types[0] == self.names.kwcall {
            true => types.get(2).copied().unwrap_or(types[0]),
            false => types[0],
        };
        if !self.is_concrete_argument(called) {
            return self.unresolved(callee, args, site, "what is called is not known");
        }
        if self.late_thunk.is_some()
            && self.stack.last().copied() == self.late_thunk
            && self.is_of_program(called)
        {
            return CallResult {
                ret: Lat::ANY,
                kind: CallKind::Dynamic(Action::Call),
                total: false,
                condition: None,
            };
        }
        match self.find_method(&types) {
            Lookup::Found(found)
                if found.static_params.contains(&None)
                    && !self.estimating.on
                    && self.depends_on_values(callee, args) =>
            {
                self.unresolved(
                    callee,
                    args,
                    site,
                    "a type parameter is only known at run time",
                )
            }
            Lookup::Found(found) if self.is_decided_by_caught(&types, found.method) => {
                self.unresolved(callee, args, site, ONLY_A_HASH)
            }
            Lookup::Found(found) => {
                let found = found.clone();
                self.call_method(&found, callee, args, site)
            }
            Lookup::None => {
                let text = self.no_method_text(callee, args);
                CallResult::throws(Type::METHOD_ERROR, text)
            }
            Lookup::Ambiguous(a, b) => {
                let (ta, tb) = (self.method_text(a), self.method_text(b));
                let (sa, sb) = (self.methods[a].span(), self.methods[b].span());
                let call = self.call_text(callee, args);
                let mut obstacle =
                    Obstacle::error(site.span, format!("the call {call} is ambiguous"))
                        .label(sa, format!("candidate: {ta}"))
                        .label(sb, format!("candidate: {tb}"))
                        .help("define a method for the types that both candidates accept");
                // A program that is run gets the exception when it gets there.
                obstacle.severity = Severity::Dynamic;
                if self.depends_on_values(callee, args) {
                    self.obstruct(obstacle);
                    return CallResult {
                        ret: Lat::ANY,
                        kind: CallKind::Dynamic(Action::Call),
                        total: false,
                        condition: None,
                    };
                }
                self.obstruct(obstacle);
                let text = format!("MethodError: {call} is ambiguous.");
                CallResult::throws(Type::METHOD_ERROR, text)
            }
            Lookup::Several => {
                let result = self.unresolved(
                    callee,
                    args,
                    site,
                    "which method it reaches depends on types that are only known at run time",
                );
                match self.estimating.on {
                    true => CallResult {
                        ret: self.estimate(callee, args, site),
                        ..result
                    },
                    false => result,
                }
            }
        }
    }

    /// A call that would need dynamic dispatch.
    pub(super) fn unresolved(
        &mut self,
        callee: &Lat,
        args: &[Lat],
        site: Site,
        why: &str,
    ) -> CallResult {
        let call = self.call_text(callee, args);
        let mut obstacle = Obstacle::error(
            site.span,
            format!("the call {call} cannot be resolved at compile time"),
        )
        .note(why);
        for (n, arg) in args.iter().enumerate() {
            let ty = self.widen(arg);
            if ty != Type::BOTTOM && !self.is_concrete(ty) {
                let text = super::instance::shortened(&self.type_text(ty));
                obstacle = obstacle.note(format!("argument {} is inferred as {text}", n + 1));
            }
        }
        let makes_type = *callee == Lat::Const(self.builtin_value(Builtin::ApplyType));
        let action = if self.depends_on_values(callee, args) {
            Some(Action::Call)
        } else if makes_type && args.iter().any(|a| self.is_parameter(a)) {
            Some(Action::CallParameters)
        } else if args.iter().any(|a| self.is_readable(a)) {
            Some(Action::CallValues)
        } else {
            None
        };
        if action.is_some() {
            obstacle.severity = Severity::Dynamic;
        }
        self.obstruct(obstacle);
        CallResult {
            ret: Lat::ANY,
            kind: match action {
                Some(action) => CallKind::Dynamic(action),
                None => CallKind::Unresolved(format!("{call}: {why}")),
            },
            total: false,
            condition: None,
        }
    }

    /// Whether a value is one that can be told at run time: a small number or a symbol.
    fn is_readable(&self, lat: &Lat) -> bool {
        type_of_unknown(lat).is_some_and(|ty| is_readable(&self.module.tables, ty))
    }

    fn is_parameter(&self, lat: &Lat) -> bool {
        type_of_unknown(lat).is_some_and(|ty| is_readable_parameter(&self.module.tables, ty))
    }

    /// Whether more would be known of a call if the types of its arguments were known: those that
    /// they have at run time.
    pub(super) fn depends_on_values(&mut self, callee: &Lat, args: &[Lat]) -> bool {
        std::iter::once(callee).chain(args).any(|lat| match lat {
            Lat::Const(_) | Lat::Bottom => false,
            _ => {
                let ty = self.widen(lat);
                self.declare(ty);
                self.module.tables.class(ty) == TypeClass::Union || !self.tells_all(ty)
            }
        })
    }

    /// `f(::Int64, ::Float64)` for messages.
    pub fn call_text(&mut self, callee: &Lat, args: &[Lat]) -> String {
        let args = self.argument_texts(args);
        let text = format!("{}({args})", self.callee_text(callee));
        super::instance::shortened(&text)
    }

    /// How a message names a callee.
    pub fn callee_text(&mut self, callee: &Lat) -> String {
        match callee {
            Lat::Const(Value::Instance(t)) => {
                let name = self.module.tables.type_name(*t).unwrap_or("").to_string();
                let inner = name
                    .strip_prefix("typeof(")
                    .and_then(|n| n.strip_suffix(')'))
                    .unwrap_or(&name);
                let short = match inner.rsplit_once('.') {
                    // The function `Base..` has a dot for a name.
                    Some((_, short)) if !short.is_empty() => short,
                    _ => inner,
                };
                let short = short
                    .strip_prefix("var\"")
                    .map_or(short, |s| s.trim_end_matches('"'));
                short.to_string()
            }
            Lat::Const(Value::Type(t)) => self.type_text(*t),
            other => {
                let ty = self.widen(other);
                format!("(::{})", self.type_text(ty))
            }
        }
    }

    /// The text of Julia's MethodError for a call that no method accepts.
    pub fn no_method_text(&mut self, callee: &Lat, args: &[Lat]) -> String {
        let types: Vec<String> = args
            .iter()
            .map(|a| format!("::{}", self.lat_text(a)))
            .collect();
        let call = format!("{}({})", self.callee_text(callee), types.join(", "));
        format!(
            "MethodError: no method matching {}",
            super::instance::without_depth(&call)
        )
    }
}
