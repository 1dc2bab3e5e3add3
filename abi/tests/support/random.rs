//! Random Julia types that C can pass by value, each with its C text. The C text is made here and
//! not by the crate, so that it can contradict it.

use jlift_ir::decl::{Decl, Field, StructDecl, StructKind};
use jlift_ir::{Tables, Type};

/// xorshift64*, so that failures can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
}

/// A type and what C calls it: as a parameter, and as a field, where 128-bit integers are aligned
/// as in Julia.
#[derive(Clone)]
pub struct CType {
    pub ty: Type,
    pub value: String,
    pub field: String,
}

/// Makes types, and the C definitions that they need.
pub struct Generator {
    pub random: Random,
    pub tables: Tables,
    pub definitions: String,
    /// `Float16` and 128-bit integers are not in every convention.
    pub wide: bool,
    pub half: bool,
    /// Only floats, so that float registers run out too.
    pub only_floats: bool,
    structs: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random(seed),
            tables: Tables::default(),
            definitions:
                "typedef void *pointer; typedef __int128 i128a8 __attribute__((aligned(8)));\n"
                    .to_owned(),
            wide: true,
            half: true,
            only_floats: false,
            structs: 0,
        }
    }

    fn plain(ty: Type, text: &str) -> CType {
        CType {
            ty,
            value: text.to_owned(),
            field: text.to_owned(),
        }
    }

    pub fn scalar(&mut self) -> CType {
        let choices = [
            (Type::INT8, "signed char"),
            (Type::UINT8, "unsigned char"),
            (Type::BOOL, "_Bool"),
            (Type::INT16, "short"),
            (Type::UINT16, "unsigned short"),
            (Type::INT32, "int"),
            (Type::CHAR, "unsigned"),
            (Type::INT64, "long long"),
            (Type::UINT64, "unsigned long long"),
            (Type::FLOAT32, "float"),
            (Type::FLOAT32, "float"),
            (Type::FLOAT64, "double"),
            (Type::FLOAT64, "double"),
        ];
        if self.only_floats {
            let (ty, text) = choices[9 + self.random.below(4)];
            return Self::plain(ty, text);
        }
        match self.random.below(choices.len() + 3) {
            0 => Self::plain(self.tables.ptr(Type::NOTHING), "pointer"),
            1 if self.wide => CType {
                ty: Type::INT128,
                value: "__int128".to_owned(),
                field: "i128a8".to_owned(),
            },
            2 if self.half => Self::plain(Type::FLOAT16, "_Float16"),
            n => {
                let (ty, text) = choices[n % choices.len()];
                Self::plain(ty, text)
            }
        }
    }

    /// A scalar, tuple or struct nested up to `depth` levels.
    pub fn any(&mut self, depth: usize) -> CType {
        match self.random.below(10) {
            0..4 => self.scalar(),
            _ if depth == 0 => self.scalar(),
            4..6 => self.homogeneous_tuple(depth),
            6..8 => self.tuple(depth),
            _ => self.structure(depth),
        }
    }

    fn homogeneous_tuple(&mut self, depth: usize) -> CType {
        let elem = self.any(depth - 1);
        let count = 1 + self.random.below(5);
        let ty = self.tables.tuple(&vec![elem.ty; count]);
        let fields = format!("{} f[{count}];", elem.field);
        self.define(ty, &fields)
    }

    fn tuple(&mut self, depth: usize) -> CType {
        let elems = self.elements(depth);
        let types: Vec<Type> = elems.iter().map(|e| e.ty).collect();
        let ty = self.tables.tuple(&types);
        self.define(ty, &field_list(&elems))
    }

    /// A declared struct; sometimes with a field that has no data and is not there in C.
    fn structure(&mut self, depth: usize) -> CType {
        let elems = self.elements(depth);
        let ty = self.tables.nominal(&format!("Main.S{}", self.structs), &[]);
        let mut types: Vec<Type> = elems.iter().map(|e| e.ty).collect();
        if self.random.below(4) == 0 {
            let at = self.random.below(types.len() + 1);
            types.insert(at, Type::NOTHING);
        }
        self.declare(ty, &types);
        self.define(ty, &field_list(&elems))
    }

    /// Declares an inline struct with a wrong layout claim: nothing here may depend on it.
    pub fn declare(&mut self, ty: Type, fields: &[Type]) {
        let fields: Vec<Field> = fields
            .iter()
            .enumerate()
            .map(|(i, &ty)| Field {
                name: self.tables.names.intern(&format!("f{i}")),
                ty,
                offset: 0,
                is_const: false,
            })
            .collect();
        let decl = StructDecl {
            mutable: false,
            kind: StructKind::Inline,
            size: 0,
            align: 0,
            supertype: Type::ANY,
            initialized: fields.len() as u32,
            fields,
        };
        assert!(self.tables.declare(ty, Decl::Struct(decl)));
    }

    fn elements(&mut self, depth: usize) -> Vec<CType> {
        let count = 1 + self.random.below(4);
        (0..count).map(|_| self.any(depth - 1)).collect()
    }

    fn define(&mut self, ty: Type, fields: &str) -> CType {
        let name = format!("S{}", self.structs);
        self.structs += 1;
        self.definitions += &format!("typedef struct {{ {fields} }} {name};\n");
        Self::plain(ty, &name)
    }
}

fn field_list(elems: &[CType]) -> String {
    elems
        .iter()
        .enumerate()
        .map(|(i, e)| format!("{} f{i}; ", e.field))
        .collect()
}
