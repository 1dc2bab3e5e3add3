//! The types of the test: scalars, and random structs and tuples of them with the layout that both
//! languages give them. Layout is computed here by C's rules, and the C compiler is made to agree;
//! nothing of the compiler under test is used.

use crate::random::Random;

/// Index into [`Types`].
pub type Id = usize;

/// How the 64-bit words that a scalar is made of and taken apart to are its bits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Bits {
    /// True if bit 0 of the word is 0.
    Bool,
    /// An integer of this many bits, as Julia's unsigned or signed type or a declared primitive.
    Int(u32),
    /// Julia's `Char`, 32 bits.
    Char,
    /// 16, 32 or 64 bits.
    Float(u32),
    Pointer,
}

/// A type without parts.
pub struct Scalar {
    pub julia: &'static str,
    pub c: &'static str,
    pub bits: Bits,
}

const fn scalar(julia: &'static str, c: &'static str, bits: Bits) -> Scalar {
    Scalar { julia, c, bits }
}

/// All scalars. 128-bit integers have C's alignment by themselves and Julia's 8 bytes as fields.
pub const SCALARS: &[Scalar] = &[
    scalar("Float64", "double", Bits::Float(64)),
    scalar("Float32", "float", Bits::Float(32)),
    scalar("Int64", "int64_t", Bits::Int(64)),
    scalar("Int32", "int32_t", Bits::Int(32)),
    scalar("Int16", "int16_t", Bits::Int(16)),
    scalar("Int8", "int8_t", Bits::Int(8)),
    scalar("UInt64", "uint64_t", Bits::Int(64)),
    scalar("UInt32", "uint32_t", Bits::Int(32)),
    scalar("UInt16", "uint16_t", Bits::Int(16)),
    scalar("UInt8", "uint8_t", Bits::Int(8)),
    scalar("Bool", "bool", Bits::Bool),
    scalar("Char", "uint32_t", Bits::Char),
    scalar("Ptr{Float64}", "double *", Bits::Pointer),
    scalar("Ptr{Nothing}", "void *", Bits::Pointer),
    scalar("Main.Level", "uint8_t", Bits::Int(8)),
    scalar("Main.Color", "int32_t", Bits::Int(32)),
    scalar("Int128", "int128", Bits::Int(128)),
    scalar("UInt128", "uint128", Bits::Int(128)),
    scalar("Float16", "_Float16", Bits::Float(16)),
];

/// Declarations of the primitive types among [`SCALARS`].
pub const PRIMITIVES: &str =
    "primitive Main.Level bits=8 super=Any\nprimitive Main.Color bits=32 super=Any\n";

impl Bits {
    /// Size in bytes.
    pub fn size(self) -> u32 {
        match self {
            Bits::Bool => 1,
            Bits::Int(bits) | Bits::Float(bits) => bits / 8,
            Bits::Char => 4,
            Bits::Pointer => 8,
        }
    }

    /// The number of 64-bit words.
    pub fn words(self) -> u32 {
        self.size().div_ceil(8)
    }
}

/// How an aggregate looks in C.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CForm {
    /// A struct with one field for each part that has data.
    Fields,
    /// A struct with one array of equal parts.
    Array,
    /// `double _Complex` or `float _Complex`.
    Complex,
}

/// What a type is.
pub enum Kind {
    /// Index into [`SCALARS`].
    Scalar(usize),
    /// No data: C does not see it. The text is a value of the type in typed IR.
    Ghost(&'static str),
    Aggregate {
        /// Offsets count from the start of the aggregate.
        parts: Vec<(Id, u32)>,
        tuple: bool,
        form: CForm,
    },
}

/// A type.
pub struct TypeInfo {
    /// Its name in typed IR.
    pub julia: String,
    /// Its name in C, also part of the names of C functions if it is an identifier.
    pub c: String,
    pub size: u32,
    pub align: u32,
    pub kind: Kind,
}

impl TypeInfo {
    pub fn is_ghost(&self) -> bool {
        self.size == 0
    }
}

/// The types of one run: the scalars, then types without data, then aggregates after their parts.
pub struct Types {
    pub list: Vec<TypeInfo>,
    pub ghosts: Vec<Id>,
    pub aggregates: Vec<Id>,
}

impl Types {
    /// The scalars, the fixed aggregates and `count` random ones.
    pub fn random(random: &mut Random, count: usize) -> Types {
        let mut types = Types {
            list: Vec::new(),
            ghosts: Vec::new(),
            aggregates: Vec::new(),
        };
        for (i, s) in SCALARS.iter().enumerate() {
            let size = s.bits.size();
            types.list.push(TypeInfo {
                julia: s.julia.into(),
                c: s.c.into(),
                size,
                align: size.min(8),
                kind: Kind::Scalar(i),
            });
        }
        for (julia, value) in [
            ("Nothing", "nothing"),
            ("Tuple{}", "()"),
            ("Main.Marker", "instance Main.Marker"),
        ] {
            types.ghosts.push(types.list.len());
            types.list.push(TypeInfo {
                julia: julia.into(),
                c: "void".into(),
                size: 0,
                align: 1,
                kind: Kind::Ghost(value),
            });
        }
        types.fixed();
        for _ in 0..count {
            types.random_aggregate(random);
        }
        types
    }

    /// The scalar of this Julia name.
    pub fn scalar(&self, julia: &str) -> Id {
        SCALARS
            .iter()
            .position(|s| s.julia == julia)
            .expect("a scalar of the table")
    }

    /// Shapes that calling conventions treat specially.
    fn fixed(&mut self) {
        let [f64, f32, f16, i64, i32, i8, u8, i128, pointer] = [
            "Float64",
            "Float32",
            "Float16",
            "Int64",
            "Int32",
            "Int8",
            "UInt8",
            "Int128",
            "Ptr{Float64}",
        ]
        .map(|name| self.scalar(name));
        let marker = self.ghosts[2];
        for (name, c_type, part) in [
            ("Base.Complex{Float64}", "double _Complex", f64),
            ("Base.Complex{Float32}", "float _Complex", f32),
        ] {
            let size = 2 * self.list[part].size;
            let id = self.add(name.into(), &[part, part], false, CForm::Complex);
            self.list[id].c = c_type.into();
            assert_eq!(self.list[id].size, size);
        }
        for parts in [
            vec![f32, f32],
            vec![f32; 3],
            vec![f32; 4],
            vec![f32; 5],
            vec![f64; 2],
            vec![f64; 3],
            vec![f64; 4],
            vec![f64; 5],
            vec![f16; 2],
            vec![f64, i64],
            vec![i64, f64],
            vec![i32, f32],
            vec![f32, i32, f64],
            vec![f32, f32, i32, f32],
            vec![f32, f64],
            vec![u8; 3],
            vec![i8],
            vec![u8; 16],
            vec![u8; 17],
            vec![i8, i64],
            vec![i32; 3],
            vec![i32; 4],
            vec![i128],
            vec![i128, i8],
            vec![i64, i128],
            vec![pointer, i64],
            vec![marker, f64, marker],
            vec![i64; 5],
        ] {
            self.structure(&parts);
        }
        let (pair, triple) = (self.aggregates[2], self.aggregates[17]);
        self.structure(&[pair, pair]);
        self.structure(&[pair, f32]);
        self.structure(&[triple, i64]);
        self.structure(&[triple, f32, triple]);
        for elements in [
            vec![f64; 2],
            vec![f32; 3],
            vec![u8; 3],
            vec![i64, f64],
            vec![pair, u8],
        ] {
            self.tuple(&elements, CForm::Fields);
        }
        self.tuple(&[i32; 4], CForm::Array);
        self.tuple(&[f64; 4], CForm::Array);
        self.tuple(&[triple; 2], CForm::Array);
    }

    fn structure(&mut self, parts: &[Id]) -> Id {
        let name = format!("Main.S{}", self.list.len());
        self.add(name, parts, false, CForm::Fields)
    }

    /// A tuple type, or the one of these elements that there is.
    fn tuple(&mut self, elements: &[Id], form: CForm) -> Id {
        let names: Vec<&str> = elements
            .iter()
            .map(|&e| self.list[e].julia.as_str())
            .collect();
        let name = format!("Tuple{{{}}}", names.join(", "));
        match self.list.iter().position(|t| t.julia == name) {
            Some(id) => id,
            None => self.add(name, elements, true, form),
        }
    }

    fn add(&mut self, julia: String, parts: &[Id], tuple: bool, form: CForm) -> Id {
        let id = self.list.len();
        let (mut size, mut align) = (0u32, 1u32);
        let mut placed = Vec::new();
        for &part in parts {
            let info = &self.list[part];
            size = size.next_multiple_of(info.align);
            placed.push((part, size));
            size += info.size;
            align = align.max(info.align);
        }
        self.list.push(TypeInfo {
            julia,
            c: format!("T{id}"),
            size: size.next_multiple_of(align),
            align,
            kind: Kind::Aggregate {
                parts: placed,
                tuple,
                form,
            },
        });
        self.aggregates.push(id);
        id
    }

    /// A random struct or tuple of 1 to 40 bytes.
    fn random_aggregate(&mut self, random: &mut Random) {
        let bytes = 1 + random.below(40) as u32;
        let narrow = ["UInt8", "Int8", "Bool", "Int16", "Main.Level"];
        let floats = ["Float32", "Float64", "Float32"];
        let mixed = [
            "Float32",
            "Int32",
            "UInt8",
            "Float64",
            "Int64",
            "Char",
            "Main.Color",
            "UInt16",
        ];
        let wide = ["Int64", "Float64", "Ptr{Nothing}", "UInt64", "Int128"];
        let palette: &[&str] = match random.below(5) {
            0 => &narrow,
            1 => &floats,
            2 => &mixed,
            3 => &wide,
            _ => &[],
        };
        let equal = random.one_in(4);
        let mut parts: Vec<Id> = Vec::new();
        loop {
            let part = match parts.first() {
                Some(&first) if equal => first,
                _ if random.one_in(12) => random.pick(&self.ghosts),
                _ if random.one_in(4) => random.pick(&self.aggregates),
                _ if palette.is_empty() => random.below(SCALARS.len()),
                _ => self.scalar(random.pick(palette)),
            };
            if self.end_of(&parts, part) > bytes {
                // Anything fits in the end: the smallest scalar does.
                if self.end_of(&parts, 0) > 0 && !parts.iter().all(|&p| self.list[p].is_ghost()) {
                    break;
                }
                parts.push(self.scalar("UInt8"));
                break;
            }
            parts.push(part);
            if parts.len() > 12 {
                break;
            }
        }
        if parts.iter().all(|&p| self.list[p].is_ghost()) {
            parts.push(self.scalar("UInt8"));
        }
        if random.one_in(3) {
            let all_equal = parts.iter().all(|&p| p == parts[0]);
            let form = if all_equal && random.one_in(2) {
                CForm::Array
            } else {
                CForm::Fields
            };
            self.tuple(&parts, form);
        } else {
            self.structure(&parts);
        }
    }

    /// The size of an aggregate of `parts` and one more.
    fn end_of(&self, parts: &[Id], more: Id) -> u32 {
        let mut size = 0u32;
        for &part in parts.iter().chain([&more]) {
            let info = &self.list[part];
            size = size.next_multiple_of(info.align) + info.size;
        }
        size
    }

    /// The number of 64-bit words that a value is taken apart to.
    pub fn words(&self, id: Id) -> u32 {
        match &self.list[id].kind {
            Kind::Scalar(s) => SCALARS[*s].bits.words(),
            Kind::Ghost(_) => 0,
            Kind::Aggregate { parts, .. } => parts.iter().map(|&(p, _)| self.words(p)).sum(),
        }
    }
}
