//! The interners of a module: names, types, constants and type declarations. Answers structural
//! questions about types (element types, fields, kind); subtyping beyond declared supertypes is
//! the business of inference.

use crate::constant::{Const, ConstData};
use crate::decl::{Decl, StructKind};
use crate::function::Value;
use crate::names::{Name, NameTable};
use crate::types::{ParamList, Type, TypeClass, TypeData, TypeParam, WELL_KNOWN};
use cranelift_entity::{EntityRef, PrimaryMap};
use hashbrown::HashMap;

/// Names, types, constants and declarations.
#[derive(Clone)]
pub struct Tables {
    pub names: NameTable,
    types: PrimaryMap<Type, TypeData>,
    type_index: HashMap<OwnedTypeData, Type>,
    params: Vec<TypeParam>,
    consts: PrimaryMap<Const, ConstData>,
    const_index: HashMap<ConstData, Const>,
    decls: HashMap<Type, Decl>,
    /// Types in the order of their declarations, for printing.
    declared: Vec<Type>,
    /// Long tuple types all of whose elements are declared: their class does not change any more.
    settled: HashMap<Type, TypeClass>,
    tuple_name: Name,
    ptr_name: Name,
    array_name: Name,
    type_name: Name,
    named_tuple_name: Name,
    boxed_name: Name,
}

/// What is asked of tuple types with more elements than this is remembered.
const LONG_TUPLE: usize = 16;

/// Interning key: [`TypeData`] with its parameter list by value.
#[derive(Clone, PartialEq, Eq, Hash)]
enum OwnedTypeData {
    Plain(TypeData),
    Data(Name, Box<[TypeParam]>),
    Union(Box<[TypeParam]>),
}

impl Default for Tables {
    fn default() -> Self {
        let mut names = NameTable::default();
        let tuple_name = names.intern("Tuple");
        let ptr_name = names.intern("Ptr");
        let array_name = names.intern("Array");
        let type_name = names.intern("Type");
        let named_tuple_name = names.intern("NamedTuple");
        let boxed_name = names.intern("Core.Boxed");
        let mut tables = Self {
            names,
            types: PrimaryMap::new(),
            type_index: HashMap::new(),
            params: Vec::new(),
            consts: PrimaryMap::new(),
            const_index: HashMap::new(),
            decls: HashMap::new(),
            declared: Vec::new(),
            settled: HashMap::new(),
            tuple_name,
            ptr_name,
            array_name,
            type_name,
            named_tuple_name,
            boxed_name,
        };
        let bottom = tables.intern_plain(TypeData::Bottom);
        debug_assert_eq!(bottom, Type::BOTTOM);
        for (i, text) in WELL_KNOWN.iter().enumerate() {
            let ty = tables.nominal(text, &[]);
            debug_assert_eq!(ty.index(), i + 1);
        }
        tables
    }
}

impl Tables {
    fn intern_plain(&mut self, data: TypeData) -> Type {
        let types = &mut self.types;
        *self
            .type_index
            .entry(OwnedTypeData::Plain(data))
            .or_insert_with(|| types.push(data))
    }

    fn store_params(&mut self, params: &[TypeParam]) -> ParamList {
        let start = self.params.len() as u32;
        self.params.extend_from_slice(params);
        ParamList {
            start,
            len: params.len() as u32,
        }
    }

    /// The nominal type `name{params...}`.
    pub fn data_type(&mut self, name: Name, params: &[TypeParam]) -> Type {
        let key = OwnedTypeData::Data(name, params.into());
        if let Some(&ty) = self.type_index.get(&key) {
            return ty;
        }
        let params = self.store_params(params);
        let ty = self.types.push(TypeData::Data { name, params });
        self.type_index.insert(key, ty);
        ty
    }

    /// The nominal type whose fully qualified name is `name`.
    pub fn nominal(&mut self, name: &str, params: &[TypeParam]) -> Type {
        let name = self.names.intern(name);
        self.data_type(name, params)
    }

    /// `Tuple{elems...}`.
    pub fn tuple(&mut self, elems: &[Type]) -> Type {
        let params: Vec<_> = elems.iter().map(|&t| TypeParam::Type(t)).collect();
        self.data_type(self.tuple_name, &params)
    }

    /// `Ptr{elem}`.
    pub fn ptr(&mut self, elem: Type) -> Type {
        self.data_type(self.ptr_name, &[TypeParam::Type(elem)])
    }

    /// `Array{elem, dims}`.
    pub fn array(&mut self, elem: Type, dims: u64) -> Type {
        let n = Value::Imm {
            ty: Type::INT64,
            bits: dims,
        };
        self.data_type(
            self.array_name,
            &[TypeParam::Type(elem), TypeParam::Value(n)],
        )
    }

    /// `Type{ty}`.
    pub fn type_type(&mut self, ty: Type) -> Type {
        self.data_type(self.type_name, &[TypeParam::Type(ty)])
    }

    /// `Core.Boxed{ty}`: the object that holds a value which is no object, where its type is to be
    /// told at run time. It is declared by whoever makes one.
    pub fn boxed(&mut self, ty: Type) -> Type {
        self.data_type(self.boxed_name, &[TypeParam::Type(ty)])
    }

    /// `T` of `Core.Boxed{T}`.
    pub fn boxed_content(&self, ty: Type) -> Option<Type> {
        match (self.is_named(ty, self.boxed_name), self.params(ty)) {
            (true, [TypeParam::Type(t)]) => Some(*t),
            _ => None,
        }
    }

    /// `Type{ty}`, if anything has asked for it.
    pub fn known_type_type(&self, ty: Type) -> Option<Type> {
        let key = OwnedTypeData::Data(self.type_name, [TypeParam::Type(ty)].into());
        self.type_index.get(&key).copied()
    }

    /// The union of `members`, flattened, without duplicates and without `Union{}`.
    pub fn union(&mut self, members: &[Type]) -> Type {
        let mut flat: Vec<TypeParam> = Vec::with_capacity(members.len());
        for &m in members {
            match self.types[m] {
                TypeData::Bottom => {}
                TypeData::Union(list) => {
                    for i in 0..list.len {
                        let p = self.params[(list.start + i) as usize];
                        if !flat.contains(&p) {
                            flat.push(p);
                        }
                    }
                }
                _ => {
                    if !flat.contains(&TypeParam::Type(m)) {
                        flat.push(TypeParam::Type(m));
                    }
                }
            }
        }
        match flat[..] {
            [] => Type::BOTTOM,
            [TypeParam::Type(t)] => t,
            _ => {
                let key = OwnedTypeData::Union(flat.clone().into());
                if let Some(&ty) = self.type_index.get(&key) {
                    return ty;
                }
                let list = self.store_params(&flat);
                let ty = self.types.push(TypeData::Union(list));
                self.type_index.insert(key, ty);
                ty
            }
        }
    }

    /// `(body where lower<:var<:upper)`; `var` occurs in `body` as [`TypeData::Var`].
    pub fn union_all(&mut self, var: Name, lower: Type, upper: Type, body: Type) -> Type {
        self.intern_plain(TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        })
    }

    /// The type variable `name`.
    pub fn type_var(&mut self, name: Name) -> Type {
        self.intern_plain(TypeData::Var(name))
    }

    /// `Vararg{elem, count}`.
    pub fn vararg(&mut self, elem: Type, count: Option<TypeParam>) -> Type {
        self.intern_plain(TypeData::Vararg { elem, count })
    }

    /// The shape of a type.
    pub fn type_data(&self, ty: Type) -> TypeData {
        self.types[ty]
    }

    /// Number of types, for dense side tables.
    pub fn type_count(&self) -> usize {
        self.types.len()
    }

    /// The parameters of a nominal type or the members of a union; empty for others.
    pub fn params(&self, ty: Type) -> &[TypeParam] {
        match self.types[ty] {
            TypeData::Data { params, .. } | TypeData::Union(params) => {
                &self.params[params.start as usize..(params.start + params.len) as usize]
            }
            _ => &[],
        }
    }

    /// The members of a union, or the type itself.
    pub fn members(&self, ty: Type) -> Vec<Type> {
        match self.types[ty] {
            TypeData::Union(_) => self
                .params(ty)
                .iter()
                .filter_map(|p| match p {
                    TypeParam::Type(t) => Some(*t),
                    TypeParam::Value(_) => None,
                })
                .collect(),
            _ => vec![ty],
        }
    }

    /// The qualified name of a nominal type.
    pub fn type_name(&self, ty: Type) -> Option<&str> {
        match self.types[ty] {
            TypeData::Data { name, .. } => Some(self.names.str(name)),
            _ => None,
        }
    }

    fn is_named(&self, ty: Type, wanted: Name) -> bool {
        matches!(self.types[ty], TypeData::Data { name, .. } if name == wanted)
    }

    /// Whether the type is a tuple type.
    pub fn is_tuple(&self, ty: Type) -> bool {
        self.is_named(ty, self.tuple_name)
    }

    /// Whether the type is a named tuple type.
    pub fn is_named_tuple(&self, ty: Type) -> bool {
        self.is_named(ty, self.named_tuple_name)
    }

    /// `T` of `Ptr{T}`.
    pub fn pointee(&self, ty: Type) -> Option<Type> {
        match (self.is_named(ty, self.ptr_name), self.params(ty)) {
            (true, [TypeParam::Type(t)]) => Some(*t),
            _ => None,
        }
    }

    /// `T` of `Type{T}`.
    pub fn type_of_type(&self, ty: Type) -> Option<Type> {
        match (self.is_named(ty, self.type_name), self.params(ty)) {
            (true, [TypeParam::Type(t)]) => Some(*t),
            _ => None,
        }
    }

    /// Element type and number of dimensions of `Array{T, N}`.
    pub fn array_of(&self, ty: Type) -> Option<(Type, u32)> {
        match (self.is_named(ty, self.array_name), self.params(ty)) {
            (
                true,
                [
                    TypeParam::Type(t),
                    TypeParam::Value(Value::Imm { bits, .. }),
                ],
            ) => Some((*t, u32::try_from(*bits).ok()?)),
            _ => None,
        }
    }

    /// Element types of a tuple type without `Vararg`.
    pub fn tuple_elems(&self, ty: Type) -> Option<Vec<Type>> {
        if !self.is_tuple(ty) {
            return None;
        }
        let params = self.params(ty).iter();
        params.map(|&p| self.tuple_elem(p)).collect()
    }

    /// The type of an element, unless it is `Vararg`.
    fn tuple_elem(&self, param: TypeParam) -> Option<Type> {
        match param {
            TypeParam::Type(t) if !matches!(self.types[t], TypeData::Vararg { .. }) => Some(t),
            _ => None,
        }
    }

    /// Notes that the elements of a tuple type, and what is in them, are declared.
    pub fn settle(&mut self, ty: Type) {
        if self.is_tuple(ty) && self.params(ty).len() > LONG_TUPLE {
            let class = self.class(ty);
            self.settled.insert(ty, class);
        }
    }

    /// Whether [`settle`](Self::settle) has noted a tuple type.
    pub fn is_settled(&self, ty: Type) -> bool {
        self.settled.contains_key(&ty)
    }

    /// Records the declaration of a type; the first one wins, `false` if a different one was there.
    pub fn declare(&mut self, ty: Type, decl: Decl) -> bool {
        match self.decls.get(&ty) {
            Some(old) => *old == decl,
            None => {
                self.decls.insert(ty, decl);
                self.declared.push(ty);
                true
            }
        }
    }

    /// What was declared of a type.
    pub fn decl(&self, ty: Type) -> Option<&Decl> {
        self.decls.get(&ty)
    }

    /// Declared types in order.
    pub fn declared(&self) -> &[Type] {
        &self.declared
    }

    /// The types of the fields of a tuple or declared struct, in order.
    pub fn field_types(&self, ty: Type) -> Option<Vec<Type>> {
        if let Some(elems) = self.tuple_elems(ty) {
            return Some(elems);
        }
        match self.decls.get(&ty)? {
            Decl::Struct(s) => Some(s.fields.iter().map(|f| f.ty).collect()),
            Decl::Singleton { .. } => Some(Vec::new()),
            Decl::Primitive { .. } => None,
        }
    }

    /// The type of one of the fields of a tuple or declared struct, counted from 0.
    pub fn field_type(&self, ty: Type, index: usize) -> Option<Type> {
        if self.is_tuple(ty) {
            return self.tuple_elem(*self.params(ty).get(index)?);
        }
        match self.decls.get(&ty)? {
            Decl::Struct(s) => s.fields.get(index).map(|f| f.ty),
            Decl::Singleton { .. } | Decl::Primitive { .. } => None,
        }
    }

    /// The 0-based index of a field by name.
    pub fn field_index(&self, ty: Type, name: Name) -> Option<usize> {
        match self.decls.get(&ty)? {
            Decl::Struct(s) => s.fields.iter().position(|f| f.name == name),
            _ => None,
        }
    }

    /// What kind of values a type has.
    pub fn class(&self, ty: Type) -> TypeClass {
        if let Some(bits) = ty.builtin_bits() {
            return TypeClass::Primitive(bits);
        }
        match ty {
            Type::BOTTOM => return TypeClass::Bottom,
            Type::NOTHING => return TypeClass::Singleton,
            Type::STRING => return TypeClass::String,
            Type::SYMBOL => return TypeClass::Symbol,
            _ => {}
        }
        match self.types[ty] {
            TypeData::Bottom => TypeClass::Bottom,
            TypeData::Union(list) => self.union_class(list),
            TypeData::UnionAll { .. } | TypeData::Var(_) | TypeData::Vararg { .. } => {
                TypeClass::Abstract
            }
            TypeData::Data { name, params } => {
                if name == self.ptr_name && params.len == 1 {
                    TypeClass::Pointer
                } else if name == self.array_name && self.array_of(ty).is_some() {
                    TypeClass::Array
                } else if name == self.type_name && params.len == 1 {
                    TypeClass::Singleton
                } else if name == self.tuple_name {
                    self.tuple_class(ty)
                } else {
                    match self.decls.get(&ty) {
                        Some(Decl::Singleton { .. }) => TypeClass::Singleton,
                        Some(Decl::Primitive { bits, .. }) => TypeClass::Primitive(*bits),
                        Some(Decl::Struct(s)) => match s.kind {
                            StructKind::Inline => TypeClass::Inline,
                            StructKind::InlineWithReferences => TypeClass::InlineWithReferences,
                            StructKind::Heap => TypeClass::Heap,
                        },
                        // The type of a named function, which need not be declared.
                        None if self.names.str(name).starts_with("typeof(") => TypeClass::Singleton,
                        None => TypeClass::Abstract,
                    }
                }
            }
        }
    }

    /// A union with an abstract member is abstract itself: its values need a header to be told apart.
    fn union_class(&self, list: ParamList) -> TypeClass {
        let members = &self.params[list.start as usize..(list.start + list.len) as usize];
        let is_abstract = |p: &TypeParam| match p {
            TypeParam::Type(t) => self.class(*t) == TypeClass::Abstract,
            TypeParam::Value(_) => false,
        };
        match members.iter().any(is_abstract) {
            true => TypeClass::Abstract,
            false => TypeClass::Union,
        }
    }

    fn tuple_class(&self, ty: Type) -> TypeClass {
        let elems = self.params(ty);
        if elems.is_empty() {
            return TypeClass::Singleton;
        }
        if elems.len() > LONG_TUPLE
            && let Some(&class) = self.settled.get(&ty)
        {
            return class;
        }
        let mut class = TypeClass::Inline;
        for &elem in elems {
            let Some(elem) = self.tuple_elem(elem) else {
                return TypeClass::Abstract;
            };
            match self.class(elem) {
                TypeClass::Singleton
                | TypeClass::Primitive(_)
                | TypeClass::Pointer
                | TypeClass::Inline => {}
                // `Tuple{Any}` is an abstract type of tuples; its values are tuples that hold dynamic
                // values, and have a concrete type only when they become dynamic themselves.
                _ => class = TypeClass::InlineWithReferences,
            }
        }
        class
    }

    /// Whether the values of a type are plain bits without references.
    pub fn is_bits(&self, ty: Type) -> bool {
        match self.class(ty) {
            TypeClass::Singleton
            | TypeClass::Primitive(_)
            | TypeClass::Pointer
            | TypeClass::Inline => true,
            TypeClass::Union => self.members(ty).iter().all(|&m| self.is_bits(m)),
            _ => false,
        }
    }

    /// Whether the values of a type are, or hold, references that are counted: what retain and
    /// release are about. Symbols live forever.
    pub fn is_counted(&self, ty: Type) -> bool {
        self.is_counted_at(ty, 0)
    }

    /// Declarations are claims: a struct may claim to hold itself.
    fn is_counted_at(&self, ty: Type, depth: u32) -> bool {
        match self.class(ty) {
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Abstract => true,
            _ if depth > 100 => true,
            TypeClass::InlineWithReferences => match self.field_types(ty) {
                Some(fields) => fields.iter().any(|&f| self.is_counted_at(f, depth + 1)),
                None => false,
            },
            TypeClass::Union => {
                let members = self.members(ty);
                members.iter().any(|&m| self.is_counted_at(m, depth + 1))
            }
            _ => false,
        }
    }

    /// The direct supertype, where it is declared or builtin.
    pub fn supertype(&self, ty: Type) -> Option<Type> {
        if let Some(decl) = self.decls.get(&ty) {
            return Some(decl.supertype());
        }
        let builtin = |name: &str| {
            self.names.get(name).and_then(|n| {
                self.type_index
                    .get(&OwnedTypeData::Data(n, Box::default()))
                    .copied()
            })
        };
        let up = match ty {
            Type::ANY => return None,
            Type::NOTHING | Type::SYMBOL | Type::MODULE => Type::ANY,
            Type::STRING | Type::LAZY_STRING => Type::ABSTRACT_STRING,
            Type::ABSTRACT_STRING | Type::EXCEPTION | Type::FUNCTION => Type::ANY,
            Type::CHAR => return builtin("AbstractChar").or(Some(Type::ANY)),
            Type::BOOL => {
                return builtin("Integer")
                    .or_else(|| builtin("Real"))
                    .or(builtin("Number"))
                    .or(Some(Type::ANY));
            }
            _ if ty.is_signed() => {
                return builtin("Signed")
                    .or_else(|| builtin("Integer"))
                    .or_else(|| builtin("Real"))
                    .or_else(|| builtin("Number"))
                    .or(Some(Type::ANY));
            }
            _ if ty.is_unsigned() => {
                return builtin("Unsigned")
                    .or_else(|| builtin("Integer"))
                    .or_else(|| builtin("Real"))
                    .or_else(|| builtin("Number"))
                    .or(Some(Type::ANY));
            }
            _ if ty.is_float() => {
                return builtin("AbstractFloat")
                    .or_else(|| builtin("Real"))
                    .or_else(|| builtin("Number"))
                    .or(Some(Type::ANY));
            }
            _ if (Type::INEXACT_ERROR..=Type::METHOD_ERROR).contains(&ty) => Type::EXCEPTION,
            _ => {
                return match self.type_name(ty)? {
                    "Signed" | "Unsigned" => builtin("Integer")
                        .or_else(|| builtin("Real"))
                        .or_else(|| builtin("Number"))
                        .or(Some(Type::ANY)),
                    "Integer" | "AbstractFloat" => builtin("Real")
                        .or_else(|| builtin("Number"))
                        .or(Some(Type::ANY)),
                    "Real" => builtin("Number").or(Some(Type::ANY)),
                    "Number" | "AbstractChar" | "Tuple" => Some(Type::ANY),
                    _ => None,
                };
            }
        };
        Some(up)
    }

    /// The index of a constant, added if it is new.
    pub fn constant(&mut self, data: ConstData) -> Const {
        if let Some(&c) = self.const_index.get(&data) {
            return c;
        }
        let c = self.consts.push(data.clone());
        self.const_index.insert(data, c);
        c
    }

    /// What a constant is.
    pub fn const_data(&self, c: Const) -> &ConstData {
        &self.consts[c]
    }

    /// A primitive value of any width; `bits` beyond the width are dropped.
    pub fn primitive(&mut self, ty: Type, width: u32, bits: u128) -> Value {
        if width > 64 {
            Value::Const(self.constant(ConstData::Wide { ty, bits }))
        } else {
            let mask = if width == 64 {
                u64::MAX
            } else {
                (1 << width) - 1
            };
            Value::Imm {
                ty,
                bits: bits as u64 & mask,
            }
        }
    }

    /// The bits of a primitive constant of any width.
    pub fn primitive_bits(&self, value: Value) -> Option<u128> {
        match value {
            Value::Imm { bits, .. } => Some(bits.into()),
            Value::Const(c) => match self.consts[c] {
                ConstData::Wide { bits, .. } => Some(bits),
                _ => None,
            },
            _ => None,
        }
    }

    /// A symbol constant.
    pub fn symbol(&mut self, text: &str) -> Value {
        let name = self.names.intern(text);
        Value::Const(self.constant(ConstData::Symbol(name)))
    }

    /// A string constant.
    pub fn string(&mut self, bytes: &[u8]) -> Value {
        Value::Const(self.constant(ConstData::String(bytes.into())))
    }
}
