//! Calls that are resolved at run time. A *site* is such a call without the values that are only
//! known then; for the types that these turn out to have, an *adapter* is inferred and emitted: a
//! function without parameters that takes the dynamic arguments from where the runtime keeps them,
//! and returns a dynamic value.
//!
//! ```text
//! function Core.adapter()::Any                      for the site `+(_, 1)` and `Float64`
//!   %1 = foreigncall jlift_dynamic_arguments        the arguments, which the caller owns
//!   %2 = Base.pointerref(%1, 1, 8)::Any
//!   %3 = Core.unbox(%2)::Core.Boxed{Float64}
//!   %4 = Core.getfield(%3, 1)::Float64
//!   %5 = invoke @7 Base.+(%4, 1)::Float64
//!   %6 = new Core.Boxed{Float64}(%5)
//!   return Core.box(%6)
//! ```

use crate::emit::Emitter;
use crate::interp::call::{CallResult, Site, is_readable, is_readable_parameter};
use crate::interp::instance::InstId;
use crate::lattice::Lat;
use crate::obstacle::Obstacle;
use crate::world::World;
use cranelift_entity::entity_impl;
use jlift_ir::{Func, Function, Intrinsic, Op, Terminator, Type, Value};

/// A call that is resolved at run time.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(u32);
entity_impl!(SiteId, "site");

/// What a site does.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Calls the first value.
    Call,
    /// Calls the first value with arguments whose values, too, decide what it reaches, such as the
    /// number of a field: an adapter is made for each of them.
    CallValues,
    /// Calls `apply_type` with parameters that are values.
    CallParameters,
    /// Builds a struct of the type that the first value is.
    New,
}

/// A site; equal ones are one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SiteKey {
    pub action: Action,
    /// Callee and arguments; `None` for those that are only known at run time.
    pub pattern: Vec<Option<Value>>,
}

/// The function of the runtime that gives the arguments of the adapter that is about to run.
const ARGUMENTS: &str = "jlift_dynamic_arguments";

impl World {
    /// The number of a site.
    pub(crate) fn dynamic_site(&mut self, key: SiteKey) -> SiteId {
        if let Some(&site) = self.site_index.get(&key) {
            return site;
        }
        let site = self.sites.push(key.clone());
        self.site_index.insert(key, site);
        site
    }

    /// The number of a site that is called by who runs the program.
    pub fn site(&mut self, key: SiteKey) -> SiteId {
        self.dynamic_site(key)
    }

    /// The site that calls something of Base with this number of dynamic arguments.
    pub fn site_of_base(&mut self, name: &str, arguments: usize) -> SiteId {
        let mut pattern = vec![self.base_const(name).or(Some(Value::NOTHING))];
        pattern.resize(arguments + 1, None);
        self.dynamic_site(SiteKey {
            action: Action::Call,
            pattern,
        })
    }

    /// How many dynamic arguments a site has.
    pub fn dynamic_arguments(&self, site: SiteId) -> usize {
        let pattern = &self.sites[site].pattern;
        pattern.iter().filter(|p| p.is_none()).count()
    }

    /// Whether the values of a site's arguments matter.
    pub fn is_by_value(&self, site: SiteId) -> bool {
        matches!(
            self.sites[site].action,
            Action::CallValues | Action::CallParameters
        )
    }

    /// Whether the values of an argument of this type matter.
    pub fn reads_values(&self, site: SiteId, ty: Type) -> bool {
        match self.sites[site].action {
            Action::CallValues => is_readable(&self.module.tables, ty),
            Action::CallParameters => is_readable_parameter(&self.module.tables, ty),
            Action::Call | Action::New => false,
        }
    }

    /// The site that makes a tuple of this number of dynamic values.
    pub fn tuple_site(&mut self, count: usize) -> SiteId {
        let mut pattern = vec![Some(self.builtin_value(jlift_ir::Builtin::Tuple))];
        pattern.resize(count + 1, None);
        self.dynamic_site(SiteKey {
            action: Action::Call,
            pattern,
        })
    }

    /// The adapter of a site for dynamic arguments of these types, some of which may be known to be
    /// certain values. What it calls is emitted, too.
    ///
    /// # Errors
    /// What keeps it from being compiled.
    pub fn dynamic_adapter(
        &mut self,
        site: SiteId,
        types: &[Type],
        values: &[Option<Value>],
    ) -> Result<Func, Vec<Obstacle>> {
        let key = self.sites[site].clone();
        let mut lats = Vec::with_capacity(key.pattern.len());
        let mut rest = types.iter().enumerate();
        for fixed in &key.pattern {
            lats.push(match fixed {
                Some(value) => Lat::Const(*value),
                None => match rest.next() {
                    Some((n, &ty)) => match values.get(n) {
                        Some(&Some(value)) => Lat::Const(value),
                        _ => self.lat_of(ty),
                    },
                    None => Lat::ANY,
                },
            });
        }
        let (callee, args) = match lats.split_first() {
            Some((callee, args)) => (callee.clone(), args.to_vec()),
            None => (Lat::Bottom, Vec::new()),
        };
        self.forget_outdated();
        let result = self.until_globals_hold(|w| match key.action {
            Action::Call | Action::CallValues | Action::CallParameters => {
                w.resolve_call_at(&callee, &args, Site::default())
            }
            Action::New => w.resolve_new(&callee, &args, Site::default()),
        });
        let mut found = std::mem::take(&mut self.obstacles);
        let mut roots: Vec<InstId> = Vec::new();
        crate::interp::report::for_each_callee(&result, &mut |inst| roots.push(inst));
        found.retain(Obstacle::is_error);
        found.extend(self.reachable_errors(&roots));
        if !found.is_empty() {
            return Err(found);
        }
        let func = self.emit_adapter(&key, types, &lats, &result);
        self.emit_queued();
        Ok(func)
    }

    fn emit_adapter(
        &mut self,
        key: &SiteKey,
        types: &[Type],
        lats: &[Lat],
        result: &CallResult,
    ) -> Func {
        let name = self.name("Core.adapter");
        let f = Function::new(name, Vec::new(), Type::ANY, Type::NOTHING);
        let mut emitter = Emitter::bare(self, f);
        let pointer = emitter.world.module.tables.ptr(Type::ANY);
        let arguments = match types {
            [] => Value::NOTHING,
            _ => emitter.runtime_call(ARGUMENTS, &[], pointer),
        };
        let mut values = Vec::with_capacity(lats.len());
        let mut n = 0;
        for (fixed, lat) in key.pattern.iter().zip(lats) {
            if let Some(value) = fixed {
                values.push(*value);
                continue;
            }
            n += 1;
            if let Lat::Const(value) = lat {
                values.push(*value);
                continue;
            }
            let place = [arguments, Value::int64(n), Value::int64(8)];
            let list = emitter.f.value_list(&place);
            let value = emitter.push(Op::Intrinsic(Intrinsic::PointerRef, list), Type::ANY);
            let ty = emitter.world.widen(lat);
            values.push(emitter.read_dynamic(value, ty));
        }
        let value = match values.split_first() {
            Some((&callee, args)) => emitter.call(result, callee, args),
            None => Value::NOTHING,
        };
        if emitter.at.is_some() {
            let value = emitter.make_dynamic(value, Type::ANY);
            emitter.end(Terminator::Return(value));
        }
        let f = emitter.f;
        self.module.functions.push(f)
    }

    /// `Core.Boxed{T}`, declared.
    pub(crate) fn boxed_type(&mut self, ty: Type) -> Type {
        self.declare(ty);
        jlift_abi::boxed::boxed_type(&mut self.module.tables, ty)
    }
}
