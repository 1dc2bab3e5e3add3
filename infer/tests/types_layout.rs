//! Single facts about Julia's types that the golden table does not hold: layouts, joins, and types that are too large.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::family::{FamilyField, FamilyKind};
use jlift_infer::types::{
    MAX_HEIGHT, apply, canonical, declare, instantiate, intersect, join, shape, specificity,
    subtype,
};
use jlift_ir::decl::Decl;
use jlift_ir::{StructKind, Tables, Type, TypeClass, TypeParam};

fn struct_family(f: &mut Fixture, head: &str, mutable: bool, fields: &[(&str, &str)]) {
    f.declare_kind(head, "Any", |f, scope| FamilyKind::Struct {
        mutable,
        initialized: fields.len() as u32,
        fields: fields
            .iter()
            .map(|(name, ty)| FamilyField {
                name: f.tables.names.intern(name),
                ty: f.parse(ty, scope),
                is_const: false,
            })
            .collect(),
    });
}

fn declared(f: &mut Fixture, text: &str) -> (Type, TypeClass) {
    let ty = f.ty(text);
    declare::ensure_declared(&mut f.tables, &mut f.families, ty).expect("a layout");
    (ty, f.tables.class(ty))
}

#[test]
fn layouts_are_declared_with_everything_inside() {
    let mut f = Fixture::new();
    struct_family(&mut f, "Main.Point{T}", false, &[("x", "T"), ("y", "T")]);
    struct_family(
        &mut f,
        "Main.Segment",
        false,
        &[
            ("tag", "UInt8"),
            ("from", "Point{Float64}"),
            ("wide", "Int128"),
        ],
    );
    struct_family(
        &mut f,
        "Main.Named",
        false,
        &[("name", "String"), ("at", "Point{Int32}")],
    );
    struct_family(&mut f, "Main.Empty", false, &[]);
    struct_family(
        &mut f,
        "Main.Counter",
        true,
        &[("n", "Int64"), ("flag", "Bool")],
    );
    struct_family(
        &mut f,
        "Main.Node",
        true,
        &[("value", "Int64"), ("next", "Union{Nothing,Node}")],
    );
    struct_family(
        &mut f,
        "Main.Tree",
        false,
        &[("value", "Int64"), ("left", "Union{Nothing,Tree}")],
    );
    struct_family(
        &mut f,
        "Main.Maybe",
        false,
        &[("x", "Union{Nothing,Int64}"), ("t", "Type{Int64}")],
    );
    let (ty, class) = declared(&mut f, "Main.Segment");
    assert_eq!(class, TypeClass::Inline);
    let Some(Decl::Struct(decl)) = f.tables.decl(ty).cloned() else {
        panic!("a struct");
    };
    let offsets: Vec<u32> = decl.fields.iter().map(|f| f.offset).collect();
    assert_eq!((offsets, decl.size, decl.align), (vec![0, 8, 24], 40, 8));
    let point = f.ty("Point{Float64}");
    assert_eq!(f.tables.class(point), TypeClass::Inline);
    assert_eq!(
        declared(&mut f, "Main.Named").1,
        TypeClass::InlineWithReferences
    );
    assert_eq!(declared(&mut f, "Main.Empty").1, TypeClass::Singleton);
    assert_eq!(declared(&mut f, "Main.Counter").1, TypeClass::Heap);
    assert_eq!(declared(&mut f, "Main.Node").1, TypeClass::Heap);
    // A value that holds one of its own type has to be an object.
    assert_eq!(declared(&mut f, "Main.Tree").1, TypeClass::Heap);
    assert_eq!(
        declared(&mut f, "Main.Maybe").1,
        TypeClass::InlineWithReferences
    );
    assert_eq!(
        declared(&mut f, "@NamedTuple{a::Int64,b::Float32}").1,
        TypeClass::Inline
    );
    assert_eq!(declared(&mut f, "Val{1}").1, TypeClass::Singleton);
    assert_eq!(declared(&mut f, "Vector{Point{Int8}}").1, TypeClass::Array);
    let inside = f.ty("Point{Int8}");
    assert_eq!(f.tables.class(inside), TypeClass::Inline);
    assert_eq!(declared(&mut f, "Real").1, TypeClass::Abstract);
    let problems = jlift_abi::layout::check_all_declared(&f.tables);
    assert!(problems.is_empty(), "{problems:?}");
    let tree = f.ty("Main.Tree");
    let Some(Decl::Struct(tree)) = f.tables.decl(tree).cloned() else {
        panic!("a struct");
    };
    assert_eq!((tree.kind, tree.mutable), (StructKind::Heap, false));
}

#[test]
fn joins_that_keep_small_unions() {
    let mut f = Fixture::new();
    let promote = |f: &mut Fixture, a: &str, b: &str| {
        let (a, b) = (f.ty(a), f.ty(b));
        let t = join::promote_typejoin(&mut f.tables, &mut f.families, a, b);
        f.text(t)
    };
    assert_eq!(promote(&mut f, "Int64", "Nothing"), "Union{Nothing, Int64}");
    assert_eq!(promote(&mut f, "Int64", "Float64"), "Real");
    assert_eq!(
        promote(&mut f, "Union{Int64,Missing}", "Float64"),
        "Union{Missing, Real}"
    );
    assert_eq!(promote(&mut f, "Nothing", "Nothing"), "Nothing");
    assert_eq!(promote(&mut f, "Any", "Nothing"), "Any");
    let (a, b) = (f.ty("Union{Int64,Nothing}"), f.ty("Float64"));
    let kept = join::union_or_join(&mut f.tables, &mut f.families, a, b, 3);
    assert_eq!(f.text(kept), "Union{Nothing, Float64, Int64}");
    let joined = join::union_or_join(&mut f.tables, &mut f.families, a, b, 2);
    assert_eq!(joined, Type::ANY);
}

#[test]
fn concrete_and_plain_types_are_told_apart() {
    let mut f = Fixture::new();
    for (text, concrete, bits) in [
        ("Int64", true, true),
        ("Real", false, false),
        ("Tuple{Int64,Float64}", true, true),
        ("Tuple{Int64,Any}", false, false),
        ("Tuple{Vararg{Int64}}", false, false),
        ("Vector{Any}", true, false),
        ("Vector", false, false),
        ("Ptr{Int64}", true, true),
        ("Type{Int64}", false, false),
        ("DataType", true, false),
        ("@NamedTuple{a::Int64}", true, true),
        ("NamedTuple{(:a,)}", false, false),
        ("Union{Int64,Float64}", false, false),
        ("Val{1}", true, true),
        ("String", true, false),
    ] {
        let ty = f.ty(text);
        assert_eq!(
            shape::is_concrete(&mut f.tables, &mut f.families, ty),
            concrete,
            "{text}"
        );
        assert_eq!(
            shape::is_bits(&mut f.tables, &mut f.families, ty),
            bits,
            "{text}"
        );
    }
}

/// `Array{Array{…{elem}}}`, nested `depth` times.
fn nested(tables: &mut Tables, elem: Type, depth: u32) -> Type {
    (0..depth).fold(elem, |t, _| tables.array(t, 1))
}

#[test]
fn types_nested_too_deeply_are_refused() {
    let mut f = Fixture::new();
    let deep = nested(&mut f.tables, Type::INT64, 100_000);
    let other = nested(&mut f.tables, Type::INT32, 100_000);
    let vector = f.ty("Vector");
    let head = f.ty("Array");
    assert_eq!(
        apply::apply_type(
            &mut f.tables,
            &mut f.families,
            head,
            &[TypeParam::Type(deep)]
        ),
        Err(apply::TypeError::TooDeep)
    );
    assert!(!subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        deep,
        other
    ));
    assert!(f.families.take_overflow());
    assert!(!subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        deep,
        vector
    ));
    assert!(f.families.take_overflow());
    intersect::intersect(&mut f.tables, &mut f.families, deep, other);
    assert!(f.families.take_overflow());
    join::typejoin(&mut f.tables, &mut f.families, deep, other);
    assert!(!specificity::more_specific(
        &mut f.tables,
        &mut f.families,
        deep,
        other
    ));
    assert!(f.text(deep).len() < 30_000);
    assert!(!shape::is_concrete(&mut f.tables, &mut f.families, deep));
    declare::ensure_declared(&mut f.tables, &mut f.families, deep).expect_err("too deep");
    let name = f.tables.names.intern("T#deep");
    let var = f.tables.type_var(name);
    let open = nested(&mut f.tables, var, 100_000);
    let all = f.tables.union_all(name, Type::BOTTOM, Type::ANY, open);
    assert!(!subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        all,
        vector
    ));
    canonical::canonical(&mut f.tables, &mut f.families, all);
}

#[test]
fn types_just_below_the_limit_are_decided() {
    let mut f = Fixture::new();
    let deep = nested(&mut f.tables, Type::INT64, MAX_HEIGHT - 4);
    let other = nested(&mut f.tables, Type::INT32, MAX_HEIGHT - 4);
    assert!(!subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        deep,
        other
    ));
    let name = f.tables.names.intern("T#deep");
    let var = f.tables.type_var(name);
    let open = nested(&mut f.tables, var, MAX_HEIGHT - 4);
    let all = f.tables.union_all(name, Type::BOTTOM, Type::ANY, open);
    assert!(subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        deep,
        all
    ));
    assert!(!f.families.take_overflow());
}

#[test]
fn shared_parts_do_not_multiply() {
    let mut f = Fixture::new();
    let name = f.tables.names.intern("T#shared");
    let var = f.tables.type_var(name);
    let (mut open, mut closed) = (var, Type::INT64);
    for _ in 0..80 {
        open = f.tables.tuple(&[open, open]);
        closed = f.tables.tuple(&[closed, closed]);
    }
    let all = f.tables.union_all(name, Type::BOTTOM, Type::ANY, open);
    // Deciding may be given up; it must not take forever.
    subtype::is_subtype(&mut f.tables, &mut f.families, closed, all);
    intersect::intersect(&mut f.tables, &mut f.families, closed, all);
    canonical::canonical(&mut f.tables, &mut f.families, all);
    shape::is_concrete(&mut f.tables, &mut f.families, closed);
    assert!(f.text(closed).len() < 60_000);
    let map = [(name, TypeParam::Type(Type::INT64))];
    let out = instantiate::substitute(&mut f.tables, &mut f.families, open, &map);
    assert_eq!(out, closed);
}

#[test]
fn multiplied_unions_are_bounded() {
    let mut f = Fixture::new();
    let u = f.ty("Union{Int64,Float64,String,Nothing}");
    let wide = f.tables.tuple(&[u; 12]);
    let same = f.ty("Tuple{T,T,T,T,T,T,T,T,T,T,T,T} where T");
    assert!(!subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        wide,
        same
    ));
    let any = f.tables.tuple(&[Type::ANY; 12]);
    assert!(subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        wide,
        any
    ));
    assert!(!f.families.take_overflow());
    let halves: Vec<Type> = ["Int64", "Float64", "String", "Nothing"]
        .iter()
        .map(|t| {
            let first = f.ty(t);
            let mut elems = [u; 12];
            elems[0] = first;
            f.tables.tuple(&elems)
        })
        .collect();
    let split = f.tables.union(&halves);
    assert!(subtype::is_subtype(
        &mut f.tables,
        &mut f.families,
        wide,
        split
    ));
    intersect::intersect(&mut f.tables, &mut f.families, wide, same);
}
