//! What a call gives whose method depends on types that are only known at run time: the join over
//! the methods that it may reach, as Julia infers it. Only `return_type` asks for it, which decides
//! the element type of an empty collection; calls that run are not described any better by it, and
//! instances that are inferred here are never emitted.

use super::call::Site;
use super::methods::Found;
use crate::lattice::Lat;
use crate::world::World;
use crate::world::type_expression::param_value;
use jlift_ir::{Type, Value};

/// Calls that may reach more methods are given up, as in Julia.
const MAX_METHODS: usize = 3;
/// Calls that one question may look into.
const MAX_CALLS: u32 = 200;

/// Estimation on its way.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Estimating {
    pub(super) on: bool,
    calls: u32,
}

impl World {
    /// Evaluates `ask` with calls estimated.
    pub(super) fn with_estimates<R>(&mut self, ask: impl FnOnce(&mut Self) -> R) -> R {
        self.estimating = Estimating { on: true, calls: 0 };
        let answer = ask(self);
        self.estimating = Estimating::default();
        answer
    }

    /// What a call may give that reaches one of several methods.
    pub(super) fn estimate(&mut self, callee: &Lat, args: &[Lat], site: Site) -> Lat {
        self.estimating.calls += 1;
        if self.estimating.calls > MAX_CALLS {
            return Lat::ANY;
        }
        let mut types = Vec::with_capacity(args.len() + 1);
        for lat in std::iter::once(callee).chain(args) {
            types.push(self.widen(lat));
        }
        let Some(methods) = self.reached_methods(&types, MAX_METHODS) else {
            return Lat::ANY;
        };
        let tuple = self.module.tables.tuple(&types);
        let mut ret = Lat::Bottom;
        for method in methods {
            let sig = self.methods[method].sig;
            let Some((met, params)) = self.intersect_signature(sig, tuple) else {
                continue;
            };
            let elems = self.module.tables.tuple_elems(met).unwrap_or_default();
            let mut narrowed = args.to_vec();
            for (n, arg) in narrowed.iter_mut().enumerate() {
                if let Some(&elem) = elems.get(n + 1) {
                    *arg = self.narrow(arg, elem);
                }
            }
            if narrowed.iter().any(Lat::is_bottom) {
                continue;
            }
            let mut static_params = Vec::with_capacity(params.len());
            for param in params {
                static_params.push(match param_value(param) {
                    Value::Type(t) if self.has_free_vars(t) || !self.is_concrete(t) => None,
                    value => Some(value),
                });
            }
            let found = Found {
                method,
                static_params,
            };
            let call = self.call_method(&found, callee, &narrowed, site);
            ret = self.merge(&ret, &call.ret);
            if self.widen(&ret) == Type::ANY {
                break;
            }
        }
        ret
    }
}
