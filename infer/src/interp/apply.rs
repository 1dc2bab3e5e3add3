//! Calls whose arguments are the elements of containers (`f(xs...)`) and `invoke`.

use super::call::{CallKind, CallResult, Site};
use crate::lattice::Lat;
use crate::world::World;
use jlift_ir::{ConstData, Type, TypeClass, Value};
use std::rc::Rc;

/// Splatting more elements than this is refused.
const MAX_ELEMENTS: usize = 20_000;

impl World {
    /// `Core._apply_iterate(iterate, f, containers…)`.
    pub(super) fn apply_iterate(&mut self, args: &[Lat], site: Site) -> CallResult {
        let callee = &args[1];
        let containers = &args[2..];
        if let Some(at) = containers.iter().position(
            |c| matches!(c, Lat::Type(t) if self.module.tables.class(*t) == TypeClass::Union),
        ) {
            let whole = args.to_vec();
            let Some(&Lat::Type(union)) = containers.get(at) else {
                return self.splat_at_run_time(args, site);
            };
            // By the type of the container.
            let mut cases = Vec::new();
            let mut ret = Lat::Bottom;
            let mut total = true;
            for member in self.module.tables.members(union) {
                let mut args = whole.clone();
                args[2 + at] = self.lat_of(member);
                let result = self.apply_iterate(&args, site);
                total &= result.total;
                ret = self.merge(&ret, &result.ret);
                cases.push((member, Rc::new(result)));
            }
            return CallResult {
                ret,
                kind: CallKind::Split { arg: 3 + at, cases },
                total,
                condition: None,
            };
        }
        let mut elements = Vec::new();
        let mut counts = Vec::with_capacity(containers.len());
        for container in containers {
            match self.elements_of(container) {
                Some(list) => {
                    counts.push(Some(list.len() as u32));
                    elements.extend(list);
                }
                None => {
                    let converted = self.splat_through_helper(callee, containers, site);
                    if let Some(result) = converted {
                        return result;
                    }
                    return self.splat_at_run_time(args, site);
                }
            }
        }
        if elements.len() > MAX_ELEMENTS {
            return self.unresolved(callee, containers, site, "too many splatted elements");
        }
        let call = self.resolve_call_at(callee, &elements, site);
        if let (CallKind::Folded, Lat::Const(_)) = (&call.kind, &call.ret) {
            return call;
        }
        CallResult {
            ret: call.ret.clone(),
            total: call.total,
            condition: None,
            kind: CallKind::Apply {
                counts,
                call: Rc::new(call),
            },
        }
    }

    /// A call with the elements of containers whose lengths or types are only known at run time: these
    /// become tuples then.
    fn splat_at_run_time(&mut self, args: &[Lat], site: Site) -> CallResult {
        let builtin = Lat::Const(self.builtin_value(jlift_ir::Builtin::ApplyIterate));
        let why = "the number of splatted elements is only known at run time";
        let containers = &args[2..];
        if containers.iter().any(|c| self.is_dynamic_value(c)) {
            return self.unresolved(&builtin, args, site, why);
        }
        let mut conversions = Vec::with_capacity(containers.len());
        for container in containers {
            if self.elements_of(container).is_some() {
                conversions.push(None);
                continue;
            }
            let list = std::slice::from_ref(container);
            let result = self.forward_to("splat_elements", list, site);
            let CallKind::Forward { call, .. } = result.kind else {
                return self.unresolved(&args[1], containers, site, why);
            };
            conversions.push(Some(call));
            // What cannot be iterated throws, and nothing is called.
            if result.ret.is_bottom() {
                return CallResult {
                    ret: Lat::Bottom,
                    kind: CallKind::Splat(conversions),
                    total: false,
                    condition: None,
                };
            }
        }
        let call = self.call_text(&args[1], containers);
        let message = format!("the call {call} cannot be resolved at compile time");
        let obstacle = crate::obstacle::Obstacle::error(site.span, message).note(why);
        self.obstruct(crate::obstacle::Obstacle {
            severity: crate::obstacle::Severity::Dynamic,
            ..obstacle
        });
        CallResult {
            ret: Lat::ANY,
            kind: CallKind::Splat(conversions),
            total: false,
            condition: None,
        }
    }

    /// The prelude may know how to call a function with the elements of an array:
    /// `Base.splat_call(f, xs...)` with the containers as they are.
    fn splat_through_helper(
        &mut self,
        callee: &Lat,
        containers: &[Lat],
        site: Site,
    ) -> Option<CallResult> {
        let helper = self.base_const("splat_call")?;
        let mut args = vec![callee.clone()];
        args.extend_from_slice(containers);
        let mut types = Vec::with_capacity(args.len() + 1);
        types.push(self.const_type(helper));
        for a in &args {
            types.push(self.widen(a));
        }
        match self.find_method(&types) {
            super::methods::Lookup::Found(_) => {}
            _ => return None,
        }
        let call = self.resolve_call_at(&Lat::Const(helper), &args, site);
        Some(CallResult {
            ret: call.ret.clone(),
            total: call.total,
            condition: None,
            kind: CallKind::Forward {
                prefix: vec![helper],
                skip: 2,
                call: Rc::new(call),
            },
        })
    }

    /// The elements of a container whose length is known.
    fn elements_of(&mut self, container: &Lat) -> Option<Vec<Lat>> {
        if let Lat::Const(Value::Const(c)) = container
            && let ConstData::Symbol(_) | ConstData::String(_) = self.module.tables.const_data(*c)
        {
            return None;
        }
        let ty = self.widen(container);
        let is_container = self.module.tables.is_tuple(ty) || self.module.tables.is_named_tuple(ty);
        if !is_container {
            return None;
        }
        let count = self.field_count(ty)?;
        if let Some((_, fields)) = self.fields_of(container)
            && fields.len() == count
        {
            return Some(fields);
        }
        let mut out = Vec::with_capacity(count);
        for t in self.field_types(ty) {
            out.push(self.lat_of(t));
        }
        Some(out)
    }

    /// `invoke(f, Tuple{A, B}, args…)`: the method for these types, not for the arguments'.
    pub(super) fn invoke_call(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        let Some(tuple) = args[1].as_type_value() else {
            return self.unresolved(callee, args, site, "the argument types are not constant");
        };
        let f = args[0].clone();
        let mut types = vec![self.widen(&f)];
        types.extend(self.tuple_params(tuple));
        let method = match self.find_for_signature(&types) {
            Some(method) => method,
            None => {
                let rest = &args[2..];
                let text = self.no_method_text(&f, rest);
                return CallResult::throws(Type::METHOD_ERROR, text);
            }
        };
        let rest = args[2..].to_vec();
        let mut actual = vec![self.widen(&f)];
        for a in &rest {
            actual.push(self.widen(a));
        }
        let actual = self.module.tables.tuple(&actual);
        let sig = self.methods[method].sig;
        let Some(params) = self.match_signature(sig, actual) else {
            return CallResult::throws(
                Type::TYPE_ERROR,
                "TypeError: in invoke: argument type error",
            );
        };
        let found = super::methods::Found {
            method,
            static_params: params
                .into_iter()
                .map(|p| Some(crate::world::type_expression::param_value(p)))
                .collect(),
        };
        let call = self.call_method(&found, &f, &rest, site);
        CallResult {
            ret: call.ret.clone(),
            total: call.total,
            condition: None,
            kind: CallKind::Forward {
                prefix: match f.as_const() {
                    Some(v) => vec![v],
                    None => {
                        return self.unresolved(callee, args, site, "the function is not constant");
                    }
                },
                skip: 3,
                call: Rc::new(call),
            },
        }
    }
}
