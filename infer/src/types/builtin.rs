//! The builtin type hierarchy of Core and the aliases that belong to it: what the prelude cannot
//! write in Julia, or what it would need before its first line.

use super::family::{FamilyKind, TypeFamilies, TypeFamily};
use jlift_ir::{Name, Tables, Type, TypeParam, Value};

struct Declarer<'a> {
    families: &'a mut TypeFamilies,
    tables: &'a mut Tables,
}

impl Declarer<'_> {
    fn var(&mut self, name: &str) -> (Name, Type) {
        let name = self.tables.names.intern(name);
        (name, self.tables.type_var(name))
    }

    fn family(
        &mut self,
        name: &str,
        params: &[(Name, Type)],
        supertype: Type,
        kind: FamilyKind,
    ) -> Name {
        let full = self.tables.names.intern(name);
        self.families.insert(TypeFamily {
            name: full,
            params: params
                .iter()
                .map(|&(var, upper)| (var, Type::BOTTOM, upper))
                .collect(),
            supertype,
            kind,
        });
        let whole = self.families.whole_type(self.tables, full);
        self.families.add_core(full, whole);
        full
    }

    /// A type without parameters.
    fn plain(&mut self, name: &str, supertype: Type, kind: FamilyKind) -> Type {
        let name = self.family(name, &[], supertype, kind);
        self.tables.data_type(name, &[])
    }

    fn abstract_(&mut self, name: &str, supertype: Type) -> Type {
        self.plain(name, supertype, FamilyKind::Abstract)
    }

    fn alias(&mut self, name: &str, ty: Type) {
        let name = self.tables.names.intern(name);
        self.families.add_core(name, ty);
    }

    /// `name{T, N}` with `N` fixed, as an alias.
    fn dims_alias(&mut self, alias: &str, of: &str, dims: u64) -> Type {
        let (t_name, t) = self.var("T");
        let n = TypeParam::Value(Value::Imm {
            ty: Type::INT64,
            bits: dims,
        });
        let body = self.tables.nominal(of, &[TypeParam::Type(t), n]);
        let ty = self.tables.union_all(t_name, Type::BOTTOM, Type::ANY, body);
        self.alias(alias, ty);
        body
    }

    /// The union of the alias bodies for one and two dimensions.
    fn union_alias(&mut self, alias: &str, members: [Type; 2]) {
        let (t_name, _) = self.var("T");
        let body = self.tables.union(&members);
        let ty = self.tables.union_all(t_name, Type::BOTTOM, Type::ANY, body);
        self.alias(alias, ty);
    }
}

pub(super) fn declare(families: &mut TypeFamilies, tables: &mut Tables) {
    let mut d = Declarer { families, tables };
    d.abstract_("Any", Type::ANY);
    numbers(&mut d);
    plain_types(&mut d);
    parametric(&mut d);
}

fn numbers(d: &mut Declarer) {
    let number = d.abstract_("Number", Type::ANY);
    let real = d.abstract_("Real", number);
    let integer = d.abstract_("Integer", real);
    let signed = d.abstract_("Signed", integer);
    let unsigned = d.abstract_("Unsigned", integer);
    let float = d.abstract_("AbstractFloat", real);
    let char = d.abstract_("AbstractChar", Type::ANY);
    for (name, bits, supertype) in [
        ("Bool", 8, integer),
        ("Char", 32, char),
        ("Int8", 8, signed),
        ("Int16", 16, signed),
        ("Int32", 32, signed),
        ("Int64", 64, signed),
        ("Int128", 128, signed),
        ("UInt8", 8, unsigned),
        ("UInt16", 16, unsigned),
        ("UInt32", 32, unsigned),
        ("UInt64", 64, unsigned),
        ("UInt128", 128, unsigned),
        ("Float16", 16, float),
        ("Float32", 32, float),
        ("Float64", 64, float),
    ] {
        d.plain(name, supertype, FamilyKind::Primitive { bits });
    }
    d.alias("Int", Type::INT64);
    d.alias("UInt", Type::UINT64);
}

fn plain_types(d: &mut Declarer) {
    let singleton = || FamilyKind::Struct {
        mutable: false,
        initialized: 0,
        fields: Vec::new(),
    };
    d.plain("Nothing", Type::ANY, singleton());
    d.plain("Base.Missing", Type::ANY, singleton());
    d.plain("Symbol", Type::ANY, FamilyKind::Builtin);
    d.plain("Module", Type::ANY, FamilyKind::Builtin);
    d.plain("Core.SimpleVector", Type::ANY, FamilyKind::Builtin);
    let string = d.abstract_("AbstractString", Type::ANY);
    d.plain("String", string, FamilyKind::Builtin);
    let function = d.abstract_("Function", Type::ANY);
    let builtin = d.abstract_("Core.Builtin", function);
    d.plain("Core.IntrinsicFunction", builtin, FamilyKind::Builtin);
    d.abstract_("Exception", Type::ANY);
    d.abstract_("Base.IO", Type::ANY);
}

fn parametric(d: &mut Declarer) {
    let (t_name, t) = d.var("T");
    let (n_name, n) = d.var("N");
    let any = |name| (name, Type::ANY);
    let (p, q) = (TypeParam::Type(t), TypeParam::Type(n));

    let type_ = d.family("Type", &[any(t_name)], Type::ANY, FamilyKind::Abstract);
    let whole_type = d.families.whole_type(d.tables, type_);
    for kind in ["DataType", "Union", "UnionAll", "Core.TypeofBottom"] {
        d.plain(kind, whole_type, FamilyKind::Builtin);
    }
    // `Vararg` is no type; as the head of `Vararg{T, N}` it needs a name.
    let vararg = d.tables.nominal("Vararg", &[]);
    d.alias("Vararg", vararg);

    d.family("Ref", &[any(t_name)], Type::ANY, FamilyKind::Abstract);
    let of_ref = d.tables.nominal("Ref", &[p]);
    d.family(
        "Ptr",
        &[any(t_name)],
        of_ref,
        FamilyKind::Primitive { bits: 64 },
    );

    let both = [any(t_name), any(n_name)];
    d.family("AbstractArray", &both, Type::ANY, FamilyKind::Abstract);
    let abstract_array = d.tables.nominal("AbstractArray", &[p, q]);
    d.family("DenseArray", &both, abstract_array, FamilyKind::Abstract);
    let dense_array = d.tables.nominal("DenseArray", &[p, q]);
    d.family("Array", &both, dense_array, FamilyKind::Builtin);
    for (of, vector, matrix, either) in [
        ("Array", "Vector", "Matrix", "VecOrMat"),
        (
            "AbstractArray",
            "AbstractVector",
            "AbstractMatrix",
            "AbstractVecOrMat",
        ),
        ("DenseArray", "DenseVector", "DenseMatrix", "DenseVecOrMat"),
    ] {
        let vector = d.dims_alias(vector, of, 1);
        let matrix = d.dims_alias(matrix, of, 2);
        d.union_alias(either, [vector, matrix]);
    }
    let one = TypeParam::Value(Value::int64(1));
    let abstract_vector = d.tables.nominal("AbstractArray", &[p, one]);
    d.family(
        "Base.AbstractRange",
        &[any(t_name)],
        abstract_vector,
        FamilyKind::Abstract,
    );

    d.family("Tuple", &[], Type::ANY, FamilyKind::Builtin);
    let rest = d.tables.vararg(t, Some(q));
    let tuple = d.tables.tuple(&[rest]);
    let inner = d.tables.union_all(t_name, Type::BOTTOM, Type::ANY, tuple);
    let ntuple = d.tables.union_all(n_name, Type::BOTTOM, Type::ANY, inner);
    d.alias("NTuple", ntuple);
    let (names_name, _) = d.var("names");
    let rest = d.tables.vararg(Type::ANY, None);
    let any_tuple = d.tables.tuple(&[rest]);
    d.family(
        "NamedTuple",
        &[any(names_name), (t_name, any_tuple)],
        Type::ANY,
        FamilyKind::Builtin,
    );

    let (x_name, _) = d.var("x");
    d.family(
        "Base.Val",
        &[any(x_name)],
        Type::ANY,
        FamilyKind::Struct {
            mutable: false,
            initialized: 0,
            fields: Vec::new(),
        },
    );
}
