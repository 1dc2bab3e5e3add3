//! Method lookup and calls of methods: the most specific applicable method, its static
//! parameters, specialisation and constant propagation.

use super::call::{CallKind, CallResult, Site};
use crate::lattice::Lat;
use crate::world::World;
use crate::world::function_table::CalleeKey;
use crate::world::method::MethodId;
use crate::world::type_expression::param_value;
use jlift_ir::{Type, TypeClass, TypeData, TypeParam, Value};

/// A method that applies, and the values of its static parameters.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    pub method: MethodId,
    pub static_params: Vec<Option<Value>>,
}

/// The outcome of a lookup.
#[derive(Clone, PartialEq, Debug)]
pub enum Lookup {
    Found(Found),
    None,
    Ambiguous(MethodId, MethodId),
    /// More than one method may apply, depending on run-time types.
    Several,
}

/// Bodies with more statements are not specialised on constants unless they ask for it.
const MAX_CONST_PROP: usize = 120;

/// Bodies of at most this many statements are specialised on constants for the parts of a tuple.
const SMALL_BODY: usize = 40;

impl World {
    /// The instance that an export needs, also where calls of it fold to a constant.
    ///
    /// # Errors
    /// What the call reaches instead.
    pub fn export_instance(
        &mut self,
        callee: &Lat,
        args: &[Lat],
    ) -> Result<crate::interp::instance::InstId, Box<CallResult>> {
        let result = self.resolve_call(callee, args);
        match &result.kind {
            CallKind::Invoke { inst, .. } => Ok(*inst),
            CallKind::Folded => {
                let mut types = Vec::with_capacity(args.len() + 1);
                let mut full = Vec::with_capacity(args.len() + 1);
                for lat in std::iter::once(callee).chain(args) {
                    types.push(self.widen(lat));
                    full.push(lat.clone());
                }
                match self.find_method(&types) {
                    Lookup::Found(found) => Ok(self.infer_method(
                        found.method,
                        found.static_params,
                        full.into(),
                        Site::default(),
                    )),
                    _ => Err(Box::new(result)),
                }
            }
            _ => Err(Box::new(result)),
        }
    }

    /// The method that a call with these types (callee first) reaches.
    pub fn find_method(&mut self, types: &[Type]) -> Lookup {
        let tuple = self.module.tables.tuple(types);
        if let Some(found) = self.functions.cached(tuple) {
            return found;
        }
        let keys = self.callee_keys(types);
        let (applicable, partly) = self.methods_for(types, tuple, &keys);
        let found = if applicable.is_empty() {
            if partly.is_empty() {
                Lookup::None
            } else {
                Lookup::Several
            }
        } else {
            self.most_specific(applicable, &partly)
        };
        if !keys.iter().any(|&key| self.unread.is_reading(key)) {
            self.functions.cache(tuple, &keys, found.clone());
        }
        found
    }

    /// The most specific of the methods that accept all values of these types (callee first), for
    /// `invoke`: what methods for some of the values there are is not asked.
    pub fn find_for_signature(&mut self, types: &[Type]) -> Option<MethodId> {
        let tuple = self.module.tables.tuple(types);
        let keys = self.callee_keys(types);
        let (applicable, _) = self.methods_for(types, tuple, &keys);
        if applicable.is_empty() {
            return None;
        }
        match self.most_specific(applicable, &[]) {
            Lookup::Found(found) => Some(found.method),
            _ => None,
        }
    }

    /// The methods that a call with these types (callee first) may reach, if they are no more than
    /// `most`.
    pub(super) fn reached_methods(&mut self, types: &[Type], most: usize) -> Option<Vec<MethodId>> {
        let tuple = self.module.tables.tuple(types);
        let keys = self.callee_keys(types);
        let (applicable, mut reached) = self.methods_for(types, tuple, &keys);
        if !applicable.is_empty()
            && let Lookup::Found(found) = self.most_specific(applicable, &[])
        {
            reached.push(found.method);
        }
        (reached.len() <= most).then_some(reached)
    }

    /// The methods that accept all values of these types, with their static parameters, and those
    /// that accept some.
    fn methods_for(
        &mut self,
        types: &[Type],
        tuple: Type,
        keys: &[CalleeKey],
    ) -> (Vec<(MethodId, Vec<TypeParam>)>, Vec<MethodId>) {
        let mut concrete = true;
        for &ty in types {
            // A type that is not known is an argument for methods of `Type{T}`.
            concrete &= self.is_concrete_argument(ty) && !self.is_kind(ty);
        }
        let mut applicable: Vec<(MethodId, Vec<TypeParam>)> = Vec::new();
        let mut partly: Vec<MethodId> = Vec::new();
        let mut candidates: Vec<MethodId> = Vec::new();
        for &key in keys {
            self.read_methods_for(key, types);
        }
        for &key in keys {
            candidates.extend_from_slice(self.functions.get(key));
        }
        let own = types.get(1).copied().filter(|&ty| self.is_leaf(ty));
        for method in candidates {
            let m = &self.methods[method];
            if let (Some(own), Some(leaf)) = (own, m.leaf)
                && own != leaf
            {
                continue;
            }
            if types.len() < m.min_args || (!m.vararg && types.len() > m.min_args) {
                continue;
            }
            let sig = m.sig;
            match self.match_signature(sig, tuple) {
                Some(params) => applicable.push((method, params)),
                None if !concrete && self.intersect(sig, tuple) != Type::BOTTOM => {
                    partly.push(method)
                }
                None => {}
            }
        }
        (applicable, partly)
    }

    /// All methods that are found for a callee and arguments of these types, those of Base as far as
    /// they may apply.
    pub(super) fn candidates(&mut self, types: &[Type]) -> Vec<MethodId> {
        let keys = self.callee_keys(types);
        for &key in &keys {
            self.read_methods_for(key, types);
        }
        let lists = keys.iter().map(|&key| self.functions.get(key));
        lists.flatten().copied().collect()
    }

    /// Whether the program has methods of its own of a function of Base that take a value of type
    /// `of` as one of their arguments.
    pub(super) fn is_extended(&mut self, callee: Type, of: Type) -> bool {
        let key = self.callee_key(callee);
        self.functions.depend_on(key);
        for method in self.functions.get(key).to_vec() {
            let m = &self.methods[method];
            if self.is_base(m.module) {
                continue;
            }
            let params = self.signature_params(m.sig).iter().skip(1);
            let types: Vec<TypeParam> = params.copied().collect();
            for param in types {
                let TypeParam::Type(ty) = param else { continue };
                if self.has_free_vars(ty) || self.intersect(ty, of) != Type::BOTTOM {
                    return true;
                }
            }
        }
        false
    }

    fn most_specific(
        &mut self,
        applicable: Vec<(MethodId, Vec<TypeParam>)>,
        partly: &[MethodId],
    ) -> Lookup {
        let mut best = 0;
        for n in 1..applicable.len() {
            let (a, b) = (
                self.methods[applicable[n].0].sig,
                self.methods[applicable[best].0].sig,
            );
            if self.more_specific(a, b) {
                best = n;
            }
        }
        for n in 0..applicable.len() {
            if n != best {
                let (a, b) = (
                    self.methods[applicable[best].0].sig,
                    self.methods[applicable[n].0].sig,
                );
                if !self.more_specific(a, b) {
                    return Lookup::Ambiguous(applicable[best].0, applicable[n].0);
                }
            }
        }
        // Some of the values could reach a method that applies to them only.
        for &part in partly {
            let (a, b) = (self.methods[applicable[best].0].sig, self.methods[part].sig);
            if !self.more_specific(a, b) {
                return Lookup::Several;
            }
        }
        let (method, params) = applicable.into_iter().nth(best).unwrap_or_else(|| {
            // `best` is an index into the list.
            (MethodId::from_u32(0), Vec::new())
        });
        let static_params = params
            .into_iter()
            .map(|p| {
                let v = param_value(p);
                match v {
                    Value::Type(t) if self.has_free_vars(t) => None,
                    v => Some(v),
                }
            })
            .collect();
        Lookup::Found(Found {
            method,
            static_params,
        })
    }

    /// A type that a value can have at run time, or `Type{T}`.
    pub(crate) fn is_concrete_argument(&mut self, ty: Type) -> bool {
        match self.module.tables.type_of_type(ty) {
            Some(of) => !self.has_free_vars(of),
            None => self.is_concrete(ty),
        }
    }

    /// Where methods for a callee of the first type are found; reads Base's as needed.
    fn callee_keys(&mut self, types: &[Type]) -> Vec<CalleeKey> {
        let Some(&callee) = types.first() else {
            return Vec::new();
        };
        if callee == self.names.kwcall {
            let Some(&of) = types.get(2) else {
                return Vec::new();
            };
            self.load_for_callee(of);
            return vec![self.keyword_key(of)];
        }
        self.load_for_callee(callee);
        let mut keys = vec![self.callee_key(callee)];
        match keys[0] {
            CalleeKey::Constructor(_) => {
                self.load_type_constructors();
                keys.push(CalleeKey::AnyType);
            }
            CalleeKey::Instance(_) => {
                // Methods of abstract callable types.
                let mut up = callee;
                for _ in 0..32 {
                    match self.supertype(up) {
                        Some(s) if s != Type::ANY => {
                            let key = self.callee_key(s);
                            if !keys.contains(&key) {
                                keys.push(key);
                            }
                            up = s;
                        }
                        _ => break,
                    }
                }
            }
            _ => {}
        }
        keys
    }

    /// A type of Base may come to a program without its name: its methods are read here.
    fn load_for_callee(&mut self, callee: Type) {
        let ty = self.module.tables.type_of_type(callee).unwrap_or(callee);
        let Some(name) = self.nominal_name(ty) else {
            return;
        };
        let text = self.text(name).to_string();
        let text = text
            .strip_prefix("typeof(")
            .and_then(|t| t.strip_suffix(')'))
            .unwrap_or(&text);
        let short = match text.split_once("Base.") {
            Some(("", short)) => short,
            _ if text.contains('.') => return,
            _ => text,
        };
        let base = self.base;
        // Constructors are kept by the name that they are written with.
        let aliases: &[&str] = match short {
            "Int64" => &["Int"],
            "UInt64" => &["UInt"],
            "Array" => &["Vector", "Matrix"],
            "BitArray" => &["BitVector", "BitMatrix"],
            _ => &[],
        };
        for name in std::iter::once(short.to_string()).chain(aliases.iter().map(|a| a.to_string()))
        {
            let name = self.name(&name);
            self.lookup(base, name);
        }
    }

    /// The instance that a call of a method needs, with constants propagated where that pays.
    pub(super) fn call_method(
        &mut self,
        found: &Found,
        callee: &Lat,
        args: &[Lat],
        site: Site,
    ) -> CallResult {
        let method = found.method;
        let full: Vec<Lat> = std::iter::once(callee).chain(args).cloned().collect();
        let mut plain = Vec::with_capacity(full.len());
        for lat in &full {
            plain.push(self.without_constants(lat));
        }
        let code = self.method_code(method).ok();
        let (bounds, hints, len) = match &code {
            Some(code) => (
                code.hints.propagate_inbounds || has_bounds_check(code),
                code.hints,
                code.stmts.len(),
            ),
            None => (false, Default::default(), 0),
        };
        let site = Site {
            inbounds: site.inbounds && bounds,
            ..site
        };
        let has_constants = plain != full;
        let mut inst = None;
        // Field names decide the type of a result: the general instance would be of no use.
        let forced = has_constants
            && full.iter().any(|a| match a {
                // So do modules for the meaning of names.
                Lat::Const(v) => self.const_symbol(*v).is_some() || self.as_module(*v).is_some(),
                _ => false,
            });
        if !forced {
            inst = Some(self.infer_method(
                method,
                found.static_params.clone(),
                plain.clone().into(),
                site,
            ));
        }
        if has_constants {
            let pays = match inst {
                None => true,
                Some(id) => {
                    let ret = self.instances[id].ret.clone();
                    let all_constant = full[1..].iter().all(|a| matches!(a, Lat::Const(_)));
                    let known = matches!(ret, Lat::Const(_) | Lat::Bottom);
                    let loose =
                        self.is_loose(&ret) || (len <= SMALL_BODY && self.is_aggregate(&ret));
                    !known && (loose || hints.constprop || all_constant)
                }
            };
            if pays && (len <= MAX_CONST_PROP || hints.constprop || forced) {
                let special = self.infer_method(
                    method,
                    found.static_params.clone(),
                    full.clone().into(),
                    site,
                );
                let better = match inst {
                    None => true,
                    Some(id) => {
                        let (old, new) = (
                            self.instances[id].ret.clone(),
                            self.instances[special].ret.clone(),
                        );
                        old != new && self.lat_leq(&new, &old)
                    }
                };
                if better {
                    inst = Some(special);
                }
            }
        }
        let Some(inst) = inst else {
            return self.unresolved(callee, args, site, "it could not be specialised");
        };
        let record = &self.instances[inst];
        let (ret, total, condition) = (record.ret.clone(), record.total, record.condition.clone());
        if total && matches!(ret, Lat::Const(_)) {
            return CallResult {
                ret,
                kind: CallKind::Folded,
                total,
                condition,
            };
        }
        let m = &self.methods[method];
        let gather = m.vararg.then_some(m.min_args as u32);
        CallResult {
            ret,
            kind: CallKind::Invoke { inst, gather },
            total,
            condition,
        }
    }

    /// Whether knowing constants could make a result more precise in a way that matters.
    fn is_loose(&mut self, ret: &Lat) -> bool {
        match ret {
            Lat::Type(t) => {
                !self.is_concrete(*t)
                    || matches!(
                        self.module.tables.class(*t),
                        TypeClass::Union | TypeClass::Abstract
                    )
                    || (self.module.tables.is_tuple(*t) && self.mentions_symbol(*t))
            }
            Lat::Partial(_) => false,
            _ => false,
        }
    }

    /// Whether parts of a result may become constant.
    fn is_aggregate(&mut self, ret: &Lat) -> bool {
        let ty = match ret {
            Lat::Type(t) => *t,
            Lat::Partial(p) => p.ty,
            _ => return false,
        };
        self.module.tables.is_tuple(ty)
    }

    fn mentions_symbol(&self, ty: Type) -> bool {
        self.module
            .tables
            .params(ty)
            .iter()
            .any(|p| matches!(p, TypeParam::Type(Type::SYMBOL)))
    }

    /// Whether a type has variables that nothing binds.
    pub fn has_free_vars(&self, ty: Type) -> bool {
        self.free_vars_below(ty, &mut Vec::new(), 0)
    }

    fn free_vars_below(&self, ty: Type, bound: &mut Vec<jlift_ir::Name>, depth: u32) -> bool {
        if depth > 64 {
            return true;
        }
        match self.module.tables.type_data(ty) {
            TypeData::Var(name) => !bound.contains(&name),
            TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } => {
                if self.free_vars_below(lower, bound, depth + 1)
                    || self.free_vars_below(upper, bound, depth + 1)
                {
                    return true;
                }
                bound.push(var);
                let free = self.free_vars_below(body, bound, depth + 1);
                bound.pop();
                free
            }
            TypeData::Vararg { elem, count } => {
                self.free_vars_below(elem, bound, depth + 1)
                    || matches!(count, Some(TypeParam::Type(t)) if self.free_vars_below(t, bound, depth + 1))
            }
            TypeData::Bottom => false,
            TypeData::Data { .. } | TypeData::Union(_) => {
                self.module.tables.params(ty).iter().any(|p| match p {
                    TypeParam::Type(t) => self.free_vars_below(*t, bound, depth + 1),
                    TypeParam::Value(_) => false,
                })
            }
        }
    }
}

fn has_bounds_check(code: &jlift_frontend::lowered::Code) -> bool {
    use jlift_frontend::lowered::{Rvalue, Stmt};
    code.stmts.values().any(|s| {
        matches!(
            s,
            Stmt::Value(Rvalue::BoundsCheck) | Stmt::Assign(_, Rvalue::BoundsCheck)
        )
    })
}
