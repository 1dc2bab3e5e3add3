//! The C side of a set of exports as data: types, struct definitions in the order in which C needs
//! them, and functions with C names for everything. The header and the Python module are two
//! printings of this model.

use crate::classify::{AbiError, Position};
use crate::export::{Export, Part, export_params, has_data, not_c};
use crate::layout::{layout, short_text};
use crate::symbols::{is_c_word, mangle, try_symbol, type_identifier};
use jlift_ir::{Tables, Type, TypeClass};
use std::collections::{HashMap, HashSet, VecDeque};

/// A C type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CType {
    Void,
    Bool,
    /// 8 to 64 bits.
    Int {
        bits: u32,
        signed: bool,
    },
    /// `packed` ones are aligned to 8 bytes.
    Int128 {
        signed: bool,
        packed: bool,
    },
    /// `Char`: 32 bits in Julia's encoding.
    Char,
    Float16,
    Float32,
    Float64,
    /// `Cstring`.
    CString,
    Pointer(Box<CType>),
    /// Only as a field.
    Array(Box<CType>, u32),
    /// An index into [`Model::structs`].
    Struct(usize),
}

/// A field of a struct that has data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CField {
    pub name: String,
    pub ty: CType,
}

/// What a struct stands for, which decides how it looks in a language with such types of its own.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum StructRole {
    Plain,
    /// A tuple whose elements are the fields.
    Tuple,
    /// A tuple whose elements are those of the only field, an array.
    HomogeneousTuple,
    /// `Complex{Float32}` or `Complex{Float64}`.
    Complex,
}

/// A struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CStruct {
    pub name: String,
    /// The Julia type.
    pub julia: String,
    pub role: StructRole,
    /// `None` for a type that C can only point to.
    pub fields: Option<Vec<CField>>,
    /// Whether a field is a `Float16` or a 128-bit integer, also inside of others.
    pub has_float16: bool,
    pub has_int128: bool,
}

/// How a Julia parameter is passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParamKind {
    Value(CType),
    /// Address of the elements, then the size of each dimension.
    Array {
        elem: CType,
        dims: u32,
    },
    /// Address and number of bytes.
    String,
}

/// A parameter that C sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CFunctionParam {
    /// A C identifier, different from those of the other parameters.
    pub name: String,
    pub kind: ParamKind,
    /// The Julia type.
    pub julia: String,
}

/// An exported function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CFunction {
    pub symbol: String,
    pub julia_signature: String,
    pub params: Vec<CFunctionParam>,
    /// [`CType::Void`] for a result without data.
    pub ret: CType,
    pub may_throw: bool,
    /// Whether a `Float16` or 128-bit integer is passed by value.
    pub has_float16: bool,
    pub has_int128: bool,
}

/// The C side of a set of exports.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Model {
    pub structs: Vec<CStruct>,
    /// Complete structs, each after those that it contains.
    pub order: Vec<usize>,
    pub functions: Vec<CFunction>,
}

impl Model {
    /// Whether any function has a `_try` entry.
    pub fn may_throw(&self) -> bool {
        self.functions.iter().any(|f| f.may_throw)
    }

    /// Whether values of a type hold a `Float16` or a 128-bit integer, in this order.
    pub fn unusual(&self, ty: &CType) -> (bool, bool) {
        match ty {
            CType::Float16 => (true, false),
            CType::Int128 { .. } => (false, true),
            CType::Array(elem, _) => self.unusual(elem),
            CType::Struct(s) => (self.structs[*s].has_float16, self.structs[*s].has_int128),
            _ => (false, false),
        }
    }

    /// The model of a set of exports, or the first type that C cannot express.
    pub fn build(tables: &Tables, exports: &[Export]) -> Result<Model, ExportError> {
        let mut builder = Builder::new(tables, exports);
        for export in exports {
            builder.function(export).map_err(|error| ExportError {
                name: export.name.clone(),
                error,
            })?;
        }
        builder.define_pending();
        Ok(builder.model)
    }
}

/// An export that C cannot express.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportError {
    /// The Julia name of the export.
    pub name: String,
    pub error: AbiError,
}

impl std::fmt::Display for ExportError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "export `{}`: {}", self.name, self.error)
    }
}

impl std::error::Error for ExportError {}

/// Why a type has no complete C struct.
struct Incomplete;

struct Builder<'t> {
    tables: &'t Tables,
    model: Model,
    ids: HashMap<Type, usize>,
    types: Vec<Type>,
    defined: HashSet<usize>,
    /// Structs that were only pointed to so far. Defined at the end, in a loop: pointers may form
    /// chains of any length.
    pending: VecDeque<usize>,
    /// Names that a struct cannot take.
    taken: HashSet<String>,
    struct_names: HashSet<String>,
}

impl<'t> Builder<'t> {
    fn new(tables: &'t Tables, exports: &[Export]) -> Self {
        let mut taken = HashSet::new();
        for export in exports {
            taken.insert(export.symbol.clone());
            taken.insert(try_symbol(&export.symbol));
        }
        Self {
            tables,
            model: Model::default(),
            ids: HashMap::new(),
            types: Vec::new(),
            defined: HashSet::new(),
            pending: VecDeque::new(),
            taken,
            struct_names: HashSet::new(),
        }
    }

    fn function(&mut self, export: &Export) -> Result<(), AbiError> {
        let types: Vec<Type> = export.params.iter().map(|p| p.1).collect();
        let mut params = Vec::new();
        let (mut has_float16, mut has_int128) = (false, false);
        let mut note = |(float16, int128)| {
            has_float16 |= float16;
            has_int128 |= int128;
        };
        for param in export_params(self.tables, &types)? {
            let (name, ty) = &export.params[param.source];
            let kind = match param.part {
                Part::Value(ty) => {
                    let ty = self.value(ty, Position::Param(param.source))?;
                    note(self.model.unusual(&ty));
                    ParamKind::Value(ty)
                }
                Part::Elements(elem) => ParamKind::Array {
                    elem: self.pointee(elem),
                    dims: self.tables.array_of(*ty).map_or(0, |(_, dims)| dims),
                },
                Part::Bytes => ParamKind::String,
                Part::Size(_) | Part::ByteLength => continue,
            };
            params.push(CFunctionParam {
                name: parameter_base(name, param.source),
                kind,
                julia: short_text(self.tables, *ty),
            });
        }
        // After all types are known: a parameter must not hide the type of a later one.
        let mut names = Identifiers::new(&self.struct_names, true);
        for param in &mut params {
            param.name = names.pick(std::mem::take(&mut param.name));
        }
        let ret = match has_data(self.tables, export.ret, Position::Return)? {
            true => self.value(export.ret, Position::Return)?,
            false => CType::Void,
        };
        note(self.model.unusual(&ret));
        self.model.functions.push(CFunction {
            symbol: export.symbol.clone(),
            julia_signature: export.julia_signature.clone(),
            params,
            ret,
            may_throw: export.may_throw,
            has_float16,
            has_int128,
        });
        Ok(())
    }

    /// The type of a value that is passed or returned: a scalar or a complete struct.
    fn value(&mut self, ty: Type, position: Position) -> Result<CType, AbiError> {
        let not_c = || not_c(self.tables, ty, position);
        if let Some(scalar) = self.scalar(ty, false) {
            return Ok(scalar);
        }
        if self.tables.class(ty) != TypeClass::Inline {
            return Err(not_c());
        }
        let id = self.struct_id(ty);
        self.define(id);
        match self.model.structs[id].fields {
            Some(_) => Ok(CType::Struct(id)),
            None => Err(not_c()),
        }
    }

    fn scalar(&mut self, ty: Type, packed: bool) -> Option<CType> {
        match ty {
            Type::BOOL => return Some(CType::Bool),
            Type::CHAR => return Some(CType::Char),
            Type::FLOAT16 => return Some(CType::Float16),
            Type::FLOAT32 => return Some(CType::Float32),
            Type::FLOAT64 => return Some(CType::Float64),
            _ => {}
        }
        match self.tables.class(ty) {
            TypeClass::Pointer => {
                let target = self.tables.pointee(ty)?;
                Some(CType::Pointer(Box::new(self.pointee(target))))
            }
            TypeClass::Primitive(64)
                if matches!(
                    self.tables.type_name(ty),
                    Some("Cstring" | "Base.Cstring" | "Core.Cstring")
                ) =>
            {
                Some(CType::CString)
            }
            TypeClass::Primitive(bits) => {
                let signed = !ty.is_unsigned();
                match bits {
                    8 | 16 | 32 | 64 => Some(CType::Int { bits, signed }),
                    128 => Some(CType::Int128 { signed, packed }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What a pointer to values of `ty` points to; `void` for what C has no type for.
    fn pointee(&mut self, ty: Type) -> CType {
        if let Some(scalar) = self.scalar(ty, true) {
            return scalar;
        }
        let has_data = self.tables.class(ty) == TypeClass::Inline
            && layout(self.tables, ty).is_ok_and(|l| l.size > 0);
        if !has_data {
            return CType::Void;
        }
        CType::Struct(self.struct_id(ty))
    }

    fn struct_id(&mut self, ty: Type) -> usize {
        if let Some(&id) = self.ids.get(&ty) {
            return id;
        }
        let id = self.model.structs.len();
        let name = unique(&mut self.taken, type_identifier(self.tables, ty));
        self.struct_names.insert(name.clone());
        self.model.structs.push(CStruct {
            name,
            julia: short_text(self.tables, ty),
            role: StructRole::Plain,
            fields: None,
            has_float16: false,
            has_int128: false,
        });
        self.types.push(ty);
        self.ids.insert(ty, id);
        self.pending.push_back(id);
        id
    }

    fn define_pending(&mut self) {
        while let Some(id) = self.pending.pop_front() {
            self.define(id);
        }
    }

    /// Finds the fields. Recursive only over what is contained by value, which the layout bounds.
    fn define(&mut self, id: usize) {
        if !self.defined.insert(id) {
            return;
        }
        let ty = self.types[id];
        let Ok((role, fields)) = self.fields(ty) else {
            return;
        };
        for field in &fields {
            let (float16, int128) = self.model.unusual(&field.ty);
            self.model.structs[id].has_float16 |= float16;
            self.model.structs[id].has_int128 |= int128;
        }
        self.model.structs[id].role = role;
        self.model.structs[id].fields = Some(fields);
        self.model.order.push(id);
    }

    fn fields(&mut self, ty: Type) -> Result<(StructRole, Vec<CField>), Incomplete> {
        let layout = layout(self.tables, ty).map_err(|_| Incomplete)?;
        if let Some(elems) = self.tables.tuple_elems(ty) {
            if let Some(array) = self.homogeneous(&elems)? {
                let field = CField {
                    name: "values".to_owned(),
                    ty: array,
                };
                return Ok((StructRole::HomogeneousTuple, vec![field]));
            }
            let mut fields = Vec::new();
            for (i, place) in layout.fields.iter().enumerate().filter(|(_, p)| p.size > 0) {
                fields.push(CField {
                    name: format!("_{}", i + 1),
                    ty: self.field(place.ty, true)?,
                });
            }
            return Ok((StructRole::Tuple, fields));
        }
        let Some(jlift_ir::decl::Decl::Struct(decl)) = self.tables.decl(ty) else {
            return Err(Incomplete);
        };
        let mut fields = Vec::new();
        for (i, (field, place)) in decl.fields.iter().zip(&layout.fields).enumerate() {
            if place.size > 0 {
                fields.push(CField {
                    name: parameter_base(self.tables.names.str(field.name), i),
                    ty: self.field(field.ty, layout.align < 16)?,
                });
            }
        }
        let mut names = Identifiers::new(&self.struct_names, false);
        for field in &mut fields {
            field.name = names.pick(std::mem::take(&mut field.name));
        }
        let complex = self.tables.type_name(ty) == Some("Base.Complex")
            && matches!(
                &fields[..],
                [
                    CField {
                        ty: CType::Float32 | CType::Float64,
                        ..
                    },
                    _
                ]
            );
        let role = match complex {
            true => StructRole::Complex,
            false => StructRole::Plain,
        };
        Ok((role, fields))
    }

    fn field(&mut self, ty: Type, packed: bool) -> Result<CType, Incomplete> {
        if let Some(scalar) = self.scalar(ty, packed) {
            return Ok(scalar);
        }
        if self.tables.class(ty) != TypeClass::Inline {
            return Err(Incomplete);
        }
        if let Some(elems) = self.tables.tuple_elems(ty)
            && let Some(array) = self.homogeneous(&elems)?
        {
            return Ok(array);
        }
        let id = self.struct_id(ty);
        self.define(id);
        match self.model.structs[id].fields {
            Some(_) => Ok(CType::Struct(id)),
            None => Err(Incomplete),
        }
    }

    /// The array for a tuple of equal elements.
    fn homogeneous(&mut self, elems: &[Type]) -> Result<Option<CType>, Incomplete> {
        let Some((&first, rest)) = elems.split_first() else {
            return Ok(None);
        };
        if rest.iter().any(|&e| e != first) {
            return Ok(None);
        }
        let count = u32::try_from(elems.len()).map_err(|_| Incomplete)?;
        Ok(Some(CType::Array(
            Box::new(self.field(first, true)?),
            count,
        )))
    }
}

/// The C identifier for the name of a parameter or field, before it is made unique.
fn parameter_base(name: &str, index: usize) -> String {
    match name {
        "" | "_" | "#unused#" => format!("arg{}", index + 1),
        name => mangle(name),
    }
}

/// Makes the names of parameters or fields differ from each other and from the structs.
struct Identifiers<'a> {
    structs: &'a HashSet<String>,
    taken: HashSet<String>,
    /// Parameters also need names for sizes, lengths and the result.
    are_params: bool,
}

impl<'a> Identifiers<'a> {
    fn new(structs: &'a HashSet<String>, are_params: bool) -> Self {
        Self {
            structs,
            taken: HashSet::new(),
            are_params,
        }
    }

    fn pick(&mut self, mut name: String) -> String {
        while self.clashes(&name) {
            name.push('_');
        }
        self.taken.insert(name.clone());
        name
    }

    fn clashes(&self, name: &str) -> bool {
        // The names that `b` would give its sizes. Appending `_` always leads out of them.
        let derived = |a: &str, b: &str| {
            a.strip_prefix(b).is_some_and(|rest| {
                rest == "_length"
                    || rest.strip_prefix("_size").is_some_and(|digits| {
                        !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit())
                    })
            })
        };
        is_c_word(name)
            || self.taken.contains(name)
            || self.structs.contains(name)
            || self.are_params
                && (name == "out"
                    || self
                        .taken
                        .iter()
                        .any(|t| derived(name, t) || derived(t, name)))
    }
}

/// `name`, or the first of `name_2`, `name_3`, … that is free.
fn unique(taken: &mut HashSet<String>, name: String) -> String {
    let mut picked = name.clone();
    let mut n = 2;
    while !taken.insert(picked.clone()) {
        picked = format!("{name}_{n}");
        n += 1;
    }
    picked
}
