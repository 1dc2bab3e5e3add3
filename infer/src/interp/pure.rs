//! Functions of types and other constants that inference evaluates: they never run.

use super::call::{CallKind, CallResult, Site};
use super::type_facts::{short_name, type_short_name};
use crate::lattice::Lat;
use crate::world::World;
use cranelift_entity::EntityRef;
use jlift_ir::decl::Decl;
use jlift_ir::{ConstData, Type, TypeClass, TypeData, Value};

macro_rules! pure {
    ($($id:ident = $text:literal),* $(,)?) => {
        /// A function that is evaluated during inference.
        #[derive(Copy, Clone, PartialEq, Eq, Debug)]
        pub enum Pure { $(#[doc = concat!("`", $text, "`")] $id),* }
        impl Pure {
            /// All of them.
            pub const ALL: &[Pure] = &[$(Pure::$id),*];
            /// The name in Core.
            pub fn name(self) -> &'static str {
                match self { $(Pure::$id => $text),* }
            }
            /// The one with this name in Core.
            pub fn from_name(name: &str) -> Option<Pure> {
                match name { $($text => Some(Pure::$id),)* _ => None }
            }
        }
    };
}

pure! {
    TypeJoin = "typejoin",
    TypeIntersect = "typeintersect",
    IsConcreteType = "isconcretetype",
    IsAbstractType = "isabstracttype",
    IsBitsType = "isbitstype",
    IsMutableType = "ismutabletype",
    IsPrimitiveType = "isprimitivetype",
    IsStructType = "isstructtype",
    FieldCount = "fieldcount",
    FieldName = "fieldname",
    FieldOffset = "fieldoffset",
    IsUnionAll = "is_unionall",
    UnionAllBody = "unionall_body",
    UnionAllName = "unionall_name",
    UnionAllBound = "unionall_bound",
    IsSharedValue = "is_shared_value",
    ComparesByFields = "compares_by_fields",
    IsConstField = "is_const_field",
    IsConstGlobal = "is_const_global",
    NameOf = "nameof",
    Supertype = "supertype",
    TypeString = "type_string",
    AliasMeaning = "alias_meaning",
    FunctionName = "function_name",
    TupleTypeElem = "tuple_type_elem",
    TupleTypeLength = "tuple_type_length",
    DistinctElements = "distinct_elements",
    Alignment = "datatype_alignment",
    ReturnType = "return_type",
    SymbolString = "symbol_string",
    HasFreeTypeVars = "has_free_typevars",
    IsSingleton = "issingletontype",
    SingletonInstance = "singleton_instance",
    UnionMember = "union_member",
    UnionLength = "union_length",
    TypeParameter = "type_parameter",
    TypeWrapper = "type_wrapper",
    TypeParameterCount = "type_parameter_count",
    HasMethod = "has_method",
    HasMethodFor = "has_method_for",
    IsAmbiguous = "is_ambiguous",
    SubtypeCount = "subtype_count",
    SubtypeAt = "subtype_at",
    MethodCount = "method_count",
    InstanceMethodCount = "instance_method_count",
    MatchingMethods = "matching_methods",
    MatchingMethod = "matching_method",
    MethodName = "method_name",
    MethodModule = "method_module",
    MethodFile = "method_file",
    MethodLine = "method_line",
    MethodSignature = "method_signature",
    MethodArguments = "method_arguments",
    MethodArgument = "method_argument",
    MethodIsVararg = "method_is_vararg",
    MethodKeywords = "method_keywords",
    MethodKeyword = "method_keyword",
    ExportedCount = "exported_count",
    ExportedName = "exported_name",
    IsClosed = "is_compile_constant",
    ModuleName = "module_name",
    ParentModule = "parentmodule",
    TypeofOrType = "Typeof",
    TypeHash = "type_hash",
    IsExtended = "is_extended",
    ExceptionsAreObjects = "exceptions_are_objects",
}

impl World {
    /// Evaluates a pure function.
    pub(super) fn pure(&mut self, p: Pure, args: &[Lat], site: Site) -> CallResult {
        if p == Pure::IsClosed {
            let constant = args.first().is_some_and(|a| a.as_const().is_some());
            return CallResult::folded(Value::bool(constant));
        }
        if p == Pure::ExceptionsAreObjects {
            return CallResult::folded(Value::bool(self.exceptions_are_objects));
        }
        if p == Pure::TypeofOrType && args.len() == 1 {
            let ty = self.widen(&args[0]);
            if self.is_concrete_argument(ty) {
                return CallResult::folded(Value::Type(ty));
            }
            let exact = self.type_of_values(ty);
            if exact != ty && self.module.tables.is_tuple(ty) && self.is_concrete(exact) {
                return CallResult::folded(Value::Type(exact));
            }
        }
        // A module that is only known at run time is an object that holds its name, as symbols do.
        let named = match p {
            Pure::SymbolString => Some(Type::SYMBOL),
            Pure::ModuleName => Some(Type::MODULE),
            _ => None,
        };
        if let (Some(named), Some(Lat::Type(ty))) = (named, args.first())
            && *ty == named
        {
            return CallResult {
                ret: Lat::Type(Type::STRING),
                kind: CallKind::Runtime("jlift_symbol_string"),
                total: false,
                condition: None,
            };
        }
        let of_module = match p {
            Pure::NameOf => Some("last_name"),
            Pure::ParentModule => Some("outer_module"),
            _ => None,
        };
        if let (Some(function), &[Lat::Type(ty)]) = (of_module, args)
            && (ty == Type::MODULE || self.module.tables.type_name(ty) == Some("Base.Method"))
        {
            return self.forward_to(function, args, site);
        }
        if p == Pure::ReturnType {
            return self.return_type(args, site);
        }
        if p == Pure::IsExtended
            && let [f, of] = args
            && let Some(of) = of.as_type_value()
        {
            let callee = self.widen(f);
            let yes = self.is_extended(callee, of);
            return CallResult::folded(Value::bool(yes));
        }
        if p == Pure::HasMethod {
            let mut types = Vec::with_capacity(args.len());
            for a in args {
                types.push(self.widen(a));
            }
            let yes = matches!(self.find_method(&types), super::methods::Lookup::Found(_));
            if !yes
                && let Some((f, rest)) = args.split_first()
                && self.depends_on_values(f, rest)
            {
                let name = self.name(p.name());
                let ty = self.function_type(self.core, name);
                let callee = Lat::Const(Value::Instance(ty));
                return self.unresolved(&callee, args, site, "the types are not known");
            }
            return CallResult::folded(Value::bool(yes));
        }
        // Unions have no supertype: there is no such method.
        if p == Pure::Supertype
            && let [Lat::Const(Value::Type(of))] = args
            && matches!(self.module.tables.type_data(*of), TypeData::Union(_))
        {
            let name = self.name(p.name());
            let ty = self.function_type(self.base, name);
            let text = self.no_method_text(&Lat::Const(Value::Instance(ty)), args);
            return CallResult::throws(Type::METHOD_ERROR, text);
        }
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            match arg.as_const() {
                Some(v) => values.push(v),
                None => {
                    let name = self.name(p.name());
                    let ty = self.function_type(self.core, name);
                    let callee = Lat::Const(Value::Instance(ty));
                    let mut result = self.unresolved(
                        &callee,
                        args,
                        site,
                        &format!(
                            "{} needs arguments that are known at compile time",
                            p.name()
                        ),
                    );
                    result.ret = Lat::ANY;
                    return result;
                }
            }
        }
        match self.evaluate(p, &values) {
            Ok(v) => CallResult::folded(v),
            Err(message) => CallResult::throws(Type::ARGUMENT_ERROR, message),
        }
    }

    fn evaluate(&mut self, p: Pure, values: &[Value]) -> Result<Value, String> {
        let wrong = || format!("{}: wrong arguments", p.name());
        let ty = |n: usize| match values.get(n) {
            Some(Value::Type(t)) => Ok(*t),
            _ => Err(wrong()),
        };
        let int = |w: &World, n: usize| {
            values
                .get(n)
                .and_then(|&v| w.const_int(v))
                .ok_or_else(wrong)
        };
        Ok(match p {
            Pure::TypeJoin => {
                let mut joined = Type::BOTTOM;
                for n in 0..values.len() {
                    let t = ty(n)?;
                    joined = self.typejoin(joined, t);
                }
                Value::Type(joined)
            }
            Pure::TypeIntersect => {
                let met = self.intersect(ty(0)?, ty(1)?);
                Value::Type(met)
            }
            Pure::IsConcreteType => Value::bool(self.is_concrete(ty(0)?)),
            Pure::IsAbstractType => Value::bool(self.is_abstract(ty(0)?)),
            Pure::IsBitsType => {
                let t = ty(0)?;
                self.declare(t);
                Value::bool(self.is_concrete(t) && self.module.tables.is_bits(t))
            }
            Pure::IsMutableType => {
                let t = ty(0)?;
                self.declare(t);
                if let Some(mutable) = self.open_struct(t) {
                    return Ok(Value::bool(mutable));
                }
                let yes = match self.module.tables.class(t) {
                    TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                        true
                    }
                    _ => matches!(self.module.tables.decl(t), Some(Decl::Struct(s)) if s.mutable),
                };
                Value::bool(yes)
            }
            Pure::IsPrimitiveType => {
                let t = ty(0)?;
                self.declare(t);
                Value::bool(matches!(
                    self.module.tables.class(t),
                    TypeClass::Primitive(_) | TypeClass::Pointer
                ))
            }
            Pure::IsStructType => {
                let t = ty(0)?;
                self.declare(t);
                if self.open_struct(t).is_some() {
                    return Ok(Value::bool(true));
                }
                Value::bool(!matches!(
                    self.module.tables.class(t),
                    TypeClass::Primitive(_)
                        | TypeClass::Pointer
                        | TypeClass::Abstract
                        | TypeClass::Bottom
                        | TypeClass::Union
                ))
            }
            Pure::FieldCount => {
                let t = ty(0)?;
                match self.field_count(t) {
                    Some(n) => Value::int64(n as i64),
                    // A parametric struct has the same number with any parameters.
                    None if matches!(
                        self.module.tables.type_data(t),
                        TypeData::UnionAll { .. }
                    ) && !self.field_names(t).is_empty() =>
                    {
                        Value::int64(self.field_names(t).len() as i64)
                    }
                    None if matches!(
                        self.module.tables.class(t),
                        TypeClass::Primitive(_)
                            | TypeClass::Pointer
                            | TypeClass::Singleton
                            | TypeClass::String
                            | TypeClass::Symbol
                            | TypeClass::Array
                    ) =>
                    {
                        Value::int64(0)
                    }
                    None => {
                        return Err(
                            "ArgumentError: type does not have a definite number of fields".into(),
                        );
                    }
                }
            }
            Pure::FieldName => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                let names = self.field_names(t);
                let count = names.len();
                match usize::try_from(n - 1).ok().and_then(|i| names.get(i)) {
                    Some(&name) => self.symbol_value(name),
                    None => {
                        return Err(format!(
                            "ArgumentError: Cannot access field {n} since type {} only has {count} field{}.",
                            self.type_text(t),
                            if count == 1 { "" } else { "s" }
                        ));
                    }
                }
            }
            Pure::FieldOffset => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                let index = usize::try_from(n - 1).map_err(|_| wrong())?;
                match self.field_offset(t, index) {
                    Some(offset) => Value::Imm {
                        ty: Type::UINT64,
                        bits: offset.into(),
                    },
                    None => return Err(wrong()),
                }
            }
            Pure::IsUnionAll => Value::bool(matches!(
                self.module.tables.type_data(ty(0)?),
                TypeData::UnionAll { .. }
            )),
            Pure::UnionAllBody | Pure::UnionAllName | Pure::UnionAllBound => {
                let TypeData::UnionAll {
                    var,
                    lower,
                    upper,
                    body,
                } = self.module.tables.type_data(ty(0)?)
                else {
                    return Err(wrong());
                };
                match p {
                    Pure::UnionAllBody => Value::Type(self.body_of(var, body)),
                    Pure::UnionAllName => {
                        let text = self.text(var).to_string();
                        let name = self.name(crate::types::shape::var_base(&text));
                        self.symbol_value(name)
                    }
                    _ if int(self, 1)? == 1 => Value::Type(lower),
                    _ => Value::Type(upper),
                }
            }
            Pure::IsSharedValue => {
                let t = ty(0)?;
                Value::bool(self.is_shared_value(t))
            }
            Pure::ComparesByFields => {
                let t = ty(0)?;
                Value::bool(self.compares_by_fields(t))
            }
            Pure::IsConstField => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                self.declare(t);
                let index = usize::try_from(n - 1).map_err(|_| wrong())?;
                let yes = match self.module.tables.decl(t) {
                    Some(Decl::Struct(s)) => s.fields.get(index).is_some_and(|f| f.is_const),
                    _ => false,
                };
                Value::bool(yes)
            }
            Pure::NameOf => {
                let text = match values.first() {
                    Some(Value::Type(t)) => {
                        let name = self.nominal_name(*t).ok_or_else(wrong)?;
                        type_short_name(self.text(name))
                    }
                    Some(&v) => match self.as_module(v) {
                        Some(m) => {
                            let full = self.text(self.modules[m].name).to_string();
                            short_name(&full).to_string()
                        }
                        None => self.callee_text(&Lat::Const(v)),
                    },
                    None => return Err(wrong()),
                };
                let name = self.name(&text);
                self.symbol_value(name)
            }
            Pure::FunctionName => {
                let v = *values.first().ok_or_else(wrong)?;
                let text = self.callee_text(&Lat::Const(v));
                let name = self.name(&text);
                self.symbol_value(name)
            }
            Pure::Supertype => {
                let t = ty(0)?;
                Value::Type(self.supertype(t).unwrap_or(Type::ANY))
            }
            Pure::TypeString => {
                let text = match values.first() {
                    Some(Value::Type(t)) => self.type_text(*t),
                    _ => return Err(wrong()),
                };
                self.module.tables.string(text.as_bytes())
            }
            Pure::AliasMeaning => {
                let text = self.alias_meaning(ty(0)?).unwrap_or_default();
                self.module.tables.string(text.as_bytes())
            }
            // The type with its parameters open.
            Pure::TypeWrapper => {
                let t = ty(0)?;
                let name = self.nominal_name(t).ok_or_else(wrong)?;
                Value::Type(self.families.whole_type(&mut self.module.tables, name))
            }
            Pure::TupleTypeElem => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                let elems = self.tuple_params(t);
                match usize::try_from(n - 1).ok().and_then(|i| elems.get(i)) {
                    Some(&e) => Value::Type(e),
                    None => return Err(wrong()),
                }
            }
            Pure::TupleTypeLength => {
                let t = ty(0)?;
                match self.module.tables.tuple_elems(t) {
                    Some(e) => Value::int64(e.len() as i64),
                    None => Value::int64(-1),
                }
            }
            Pure::DistinctElements => Value::Type(self.distinct_elements(ty(0)?)),
            Pure::Alignment => {
                let t = ty(0)?;
                Value::int64(self.align_of(t).unwrap_or(1).into())
            }
            Pure::SymbolString => match values.first().and_then(|&v| self.const_symbol(v)) {
                Some(name) => {
                    let text = self.text(name).to_string();
                    self.module.tables.string(text.as_bytes())
                }
                None => return Err(wrong()),
            },
            Pure::TypeHash => {
                let text = jlift_ir::text::type_text(&self.module.tables, ty(0)?);
                Value::Imm {
                    ty: Type::UINT64,
                    bits: jlift_ir::error_record::type_hash(&text),
                }
            }
            Pure::HasFreeTypeVars => Value::bool(self.has_free_vars(ty(0)?)),
            Pure::IsSingleton => {
                let t = ty(0)?;
                Value::bool(matches!(self.lat_of(t), Lat::Const(Value::Instance(_))))
            }
            Pure::SingletonInstance => {
                let t = ty(0)?;
                match self.lat_of(t) {
                    Lat::Const(v) => v,
                    _ => return Err(wrong()),
                }
            }
            Pure::UnionMember => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                let members = self.module.tables.members(t);
                match usize::try_from(n - 1).ok().and_then(|i| members.get(i)) {
                    Some(&m) => Value::Type(m),
                    None => return Err(wrong()),
                }
            }
            Pure::UnionLength => Value::int64(self.module.tables.members(ty(0)?).len() as i64),
            Pure::TypeParameter => {
                let (t, n) = (ty(0)?, int(self, 1)?);
                let mut t = t;
                while let TypeData::UnionAll { body, .. } = self.module.tables.type_data(t) {
                    t = body;
                }
                let params = self.module.tables.params(t);
                match usize::try_from(n - 1).ok().and_then(|i| params.get(i)) {
                    Some(&p) => crate::world::type_expression::param_value(p),
                    None => return Err(wrong()),
                }
            }
            Pure::TypeParameterCount => {
                Value::int64(self.module.tables.params(ty(0)?).len() as i64)
            }
            Pure::ModuleName => {
                let v = *values.first().ok_or_else(wrong)?;
                let m = self.as_module(v).ok_or_else(wrong)?;
                let text = self.text(self.modules[m].name).to_string();
                self.module.tables.string(text.as_bytes())
            }
            Pure::ParentModule => {
                let v = *values.first().ok_or_else(wrong)?;
                let parent = self.parent_module_of(v).ok_or_else(wrong)?;
                self.module_value(parent)
            }
            Pure::HasMethodFor => {
                let f = *values.first().ok_or_else(wrong)?;
                let yes = self.has_method_for(f, ty(1)?);
                Value::bool(yes.ok_or("which method applies depends on the values")?)
            }
            Pure::IsConstGlobal => {
                let m = values.first().and_then(|&v| self.as_module(v));
                let name = values.get(1).and_then(|&v| self.const_symbol(v));
                match (m, name) {
                    (Some(m), Some(name)) => Value::bool(self.is_const_global(m, name)),
                    _ => return Err(wrong()),
                }
            }
            Pure::MethodCount => {
                let f = *values.first().ok_or_else(wrong)?;
                Value::int64(self.method_count(f) as i64)
            }
            Pure::InstanceMethodCount => {
                let count = self.instance_method_count(ty(0)?);
                Value::int64(count as i64)
            }
            Pure::IsAmbiguous => {
                let f = *values.first().ok_or_else(wrong)?;
                Value::bool(self.is_ambiguous(f, ty(1)?))
            }
            Pure::SubtypeCount => Value::int64(self.direct_subtypes(ty(0)?).len() as i64),
            Pure::SubtypeAt => {
                let found = self.direct_subtypes(ty(0)?);
                let at = usize::try_from(int(self, 1)? - 1).map_err(|_| wrong())?;
                Value::Type(*found.get(at).ok_or_else(wrong)?)
            }
            Pure::MatchingMethods | Pure::MatchingMethod => {
                let f = *values.first().ok_or_else(wrong)?;
                let found = self.matching_methods(f, ty(1)?);
                if p == Pure::MatchingMethods {
                    return Ok(Value::int64(found.len() as i64));
                }
                let at = usize::try_from(int(self, 2)? - 1).map_err(|_| wrong())?;
                let method = *found.get(at).ok_or_else(wrong)?;
                Value::int64(method.index() as i64)
            }
            Pure::MethodName
            | Pure::MethodModule
            | Pure::MethodFile
            | Pure::MethodLine
            | Pure::MethodSignature
            | Pure::MethodArguments
            | Pure::MethodArgument
            | Pure::MethodIsVararg
            | Pure::MethodKeywords
            | Pure::MethodKeyword => {
                let number = int(self, 0)?;
                let index = match p {
                    Pure::MethodArgument | Pure::MethodKeyword => int(self, 1)?,
                    _ => 0,
                };
                self.method_fact(p, number, index).ok_or_else(wrong)?
            }
            Pure::ExportedCount => {
                let m = values.first().and_then(|&v| self.as_module(v));
                let all = int(self, 1)? != 0;
                Value::int64(self.module_names(m.ok_or_else(wrong)?, all).len() as i64)
            }
            Pure::ExportedName => {
                let m = values.first().and_then(|&v| self.as_module(v));
                let all = int(self, 1)? != 0;
                let names = self.module_names(m.ok_or_else(wrong)?, all);
                let index = usize::try_from(int(self, 2)? - 1).map_err(|_| wrong())?;
                let name = *names.get(index).ok_or_else(wrong)?;
                self.symbol_value(name)
            }
            Pure::ReturnType
            | Pure::HasMethod
            | Pure::IsClosed
            | Pure::TypeofOrType
            | Pure::ExceptionsAreObjects
            | Pure::IsExtended => {
                return Err(wrong());
            }
        })
    }

    /// `return_type(f, Tuple{A, B})`: what inference finds out about the call.
    fn return_type(&mut self, args: &[Lat], site: Site) -> CallResult {
        let callee = match args {
            [f, _] => f.clone(),
            _ => return CallResult::folded(Value::Type(Type::ANY)),
        };
        let Some(tuple) = args[1].as_type_value() else {
            return self.unresolved(&callee, args, site, "the argument types are not constant");
        };
        let mut lats = Vec::new();
        for t in self.tuple_params(tuple) {
            lats.push(self.lat_of(t));
        }
        let before = self
            .stack
            .last()
            .map(|&i| self.instances[i].obstacles.len());
        let mut result = self.resolve_call_at(&callee, &lats, site);
        let is_any = matches!(result.ret, Lat::Type(Type::ANY));
        if is_any && self.is_only_run && !self.estimating.on {
            result = self.with_estimates(|w| w.resolve_call_at(&callee, &lats, site));
        }
        // What could not be resolved is of no interest here: nothing is called.
        if let (Some(n), Some(&top)) = (before, self.stack.last()) {
            self.instances[top].obstacles.truncate(n);
        }
        let ty = match &result.ret {
            Lat::Const(Value::Type(_)) => Type::DATA_TYPE,
            other => self.widen(other),
        };
        CallResult::folded(Value::Type(ty))
    }

    /// A symbol as a constant.
    pub fn symbol_value(&mut self, name: jlift_ir::Name) -> Value {
        Value::Const(self.module.tables.constant(ConstData::Symbol(name)))
    }
}
