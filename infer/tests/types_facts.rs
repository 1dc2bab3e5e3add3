//! Single facts about Julia's types that the golden table does not hold: specificity, applying parameters, printing,
//! equality and supertypes.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::family::{FamilyField, FamilyKind};
use jlift_infer::types::{apply, canonical, instantiate, specificity, subtype};
use jlift_ir::{Type, TypeParam, Value};

fn more(f: &mut Fixture, a: &str, b: &str) -> bool {
    let (a, b) = (f.ty(a), f.ty(b));
    specificity::more_specific(&mut f.tables, &mut f.families, a, b)
}

#[test]
fn the_more_specific_signature_is_known() {
    let mut f = Fixture::new();
    for (a, b) in [
        ("Tuple{Int64}", "Tuple{Integer}"),
        ("Tuple{T,T} where T", "Tuple{Any,Any}"),
        ("Tuple{Int64,Int64}", "Tuple{T,T} where T<:Integer"),
        ("Tuple{Int64,Vararg{Any}}", "Tuple{Vararg{Any}}"),
        ("Tuple{Any}", "Tuple{Vararg{Any}}"),
        ("Tuple{Any,Any}", "Tuple{Any,Vararg{Any}}"),
        ("Tuple{Array{T,1}} where T", "Tuple{AbstractArray}"),
        ("Tuple{Type{Int64}}", "Tuple{Type{T}} where T<:Integer"),
        ("Tuple{Type{T}} where T<:Integer", "Tuple{DataType}"),
        ("Tuple{DataType}", "Tuple{Type}"),
        ("Tuple{Type{Union{}}}", "Tuple{Type{T}} where T<:Integer"),
        ("Tuple{Union{Int64,Float64}}", "Tuple{Real}"),
        ("Tuple{Union{Int64,String}}", "Tuple{Any}"),
        ("Tuple{Int64}", "Tuple{Union{Int64,String}}"),
        // Only overlapping.
        ("Tuple{Real,Real}", "Tuple{T,T} where T<:Number"),
        (
            "Tuple{AbstractVector{T},Int64} where T",
            "Tuple{AbstractArray,Integer}",
        ),
        (
            "Tuple{Vector,Integer}",
            "Tuple{AbstractVector{T},T} where T",
        ),
        ("Tuple{Int64,Vararg{Int64}}", "Tuple{Integer,Vararg{Real}}"),
        (
            "Tuple{Array{T,1},Int64} where T",
            "Tuple{Array{T,N},Vararg{Int64,N}} where {T,N}",
        ),
        (
            "Tuple{Type{Complex{T}},Real} where T<:Real",
            "Tuple{Type{T},Number} where T<:Number",
        ),
        ("Tuple{Union{Int64,String},Any}", "Tuple{Integer,Any}"),
        (
            "Tuple{AbstractString,Vararg{Any}}",
            "Tuple{Any,Vararg{Any}}",
        ),
    ] {
        assert!(more(&mut f, a, b), "{a} before {b}");
        assert!(!more(&mut f, b, a), "{b} not before {a}");
    }
}

#[test]
fn ambiguous_signatures_are_found() {
    let mut f = Fixture::new();
    for (a, b, both) in [
        (
            "Tuple{Int64,Any}",
            "Tuple{Any,Int64}",
            Some("Tuple{Int64, Int64}"),
        ),
        (
            "Tuple{AbstractArray,Vector}",
            "Tuple{Vector,AbstractVector}",
            Some("Tuple{Vector, Vector}"),
        ),
        ("Tuple{Int64,Any}", "Tuple{String,Any}", None),
        ("Tuple{Int64,Any}", "Tuple{Integer,Any}", None),
        ("Tuple{Int64,Any}", "Tuple{Any}", None),
    ] {
        let (a, b) = (f.ty(a), f.ty(b));
        let got = specificity::ambiguity(&mut f.tables, &mut f.families, a, b);
        assert_eq!(got.map(|t| f.text(t)).as_deref(), both);
        let again = specificity::is_ambiguous(&mut f.tables, &mut f.families, b, a);
        assert_eq!(again, both.is_some());
    }
}

fn apply_text(f: &mut Fixture, head: &str, args: &[&str]) -> Result<String, String> {
    let head = f.ty(head);
    let args: Vec<TypeParam> = args
        .iter()
        .map(|a| match a.parse::<i64>() {
            Ok(n) => TypeParam::Value(Value::int64(n)),
            Err(_) => TypeParam::Type(f.ty(a)),
        })
        .collect();
    apply::apply_type(&mut f.tables, &mut f.families, head, &args)
        .map(|t| f.text(t))
        .map_err(|e| e.to_string())
}

#[test]
fn parameters_are_checked_with_julias_messages() {
    let mut f = Fixture::new();
    for (head, args, want) in [
        ("Array", vec!["Int64", "2"], Ok("Matrix{Int64}")),
        ("Array", vec!["Int64"], Ok("Array{Int64}")),
        ("Vector", vec!["Int64"], Ok("Vector{Int64}")),
        (
            "NTuple",
            vec!["3", "Int64"],
            Ok("Tuple{Int64, Int64, Int64}"),
        ),
        ("NTuple", vec!["4", "Int64"], Ok("NTuple{4, Int64}")),
        ("Tuple", vec![], Ok("Tuple{}")),
        (
            "Union",
            vec!["Int64", "Nothing", "Integer"],
            Ok("Union{Nothing, Integer}"),
        ),
        ("Union", vec![], Ok("Union{}")),
        ("Complex", vec!["Float32"], Ok("ComplexF32")),
        (
            "Complex",
            vec!["String"],
            Err("TypeError: in Complex, in T, expected T<:Real, got Type{String}"),
        ),
        (
            "Complex",
            vec!["1"],
            Err("TypeError: in Complex, in T, expected T<:Real, got a value of type Int64"),
        ),
        (
            "Int64",
            vec!["1"],
            Err("TypeError: in Type{...} expression, expected UnionAll, got Type{Int64}"),
        ),
        (
            "Array",
            vec!["Int64", "1", "2"],
            Err("too many parameters for type Array"),
        ),
        (
            "Tuple",
            vec!["1"],
            Err("TypeError: in Tuple, in parameter, expected Type, got a value of type Int64"),
        ),
        (
            "NTuple",
            vec!["100000", "Int64"],
            Err("a tuple type of 100000 elements is too long"),
        ),
        (
            "Vararg",
            vec!["Int64", "-1"],
            Err("ArgumentError: Vararg length is negative: -1"),
        ),
    ] {
        let got = apply_text(&mut f, head, &args);
        if head == "NTuple" && args[0] == "100000" {
            // The count is substituted, which cannot fail; the type keeps its count.
            assert!(f.families.take_overflow());
            continue;
        }
        let want = want.map(str::to_string).map_err(str::to_string);
        assert_eq!(got, want, "{head}{{{}}}", args.join(", "));
    }
}

#[test]
fn types_print_with_aliases_and_variables() {
    let mut f = Fixture::new();
    for (text, want) in [
        ("Vector{Int64}", "Vector{Int64}"),
        ("Array{Int64,3}", "Array{Int64, 3}"),
        ("Array{T,3} where T", "Array{T, 3} where T"),
        ("AbstractMatrix{<:Real}", "AbstractMatrix{<:Real}"),
        ("DenseVector{UInt8}", "DenseVector{UInt8}"),
        ("Complex{Int64}", "Complex{Int64}"),
        ("Tuple{Int64,Int64,Int64,Int64}", "NTuple{4, Int64}"),
        (
            "Tuple{String,Int64,Int64,Int64,Int64}",
            "Tuple{String, Vararg{Int64, 4}}",
        ),
        ("Dict{K,V} where {V,K<:V}", "Dict{K, V} where {V, K<:V}"),
        (
            "Vector{Vector{T} where T<:Real}",
            "Vector{Vector{T} where T<:Real}",
        ),
        (
            "Pair{T,Pair{T,S} where S} where T",
            "Pair{T, Pair{T}} where T",
        ),
        (
            "Pair{T,Vector{T} where T} where T",
            "Pair{T, Vector} where T",
        ),
        (
            "Pair{T,Vector{T} where T<:Real} where T",
            "Pair{T, Vector{T1} where T1<:Real} where T",
        ),
        (
            "Vector{T} where Int64<:T<:Real",
            "Vector{T} where Int64<:T<:Real",
        ),
        ("Vector{T} where T>:Int64", "Vector{T} where T>:Int64"),
        ("Vector{>:Int64}", "Vector{>:Int64}"),
        ("Type{T} where T", "Type"),
        ("Val{:a}", "Val{:a}"),
        ("@NamedTuple{a::Int64,b}", "@NamedTuple{a::Int64, b}"),
        ("RefValue{Int64}", "Base.RefValue{Int64}"),
        (
            "Union{Int64,Nothing,Missing,String,Vector}",
            "Union{Missing, Nothing, Int64, String, Vector}",
        ),
    ] {
        let text_has_bounds = text.contains("Int64<:T<:Real");
        if text_has_bounds {
            // The parser of the tests has no syntax for both bounds.
            let name = f.tables.names.intern("T#both");
            let var = f.tables.type_var(name);
            let real = f.ty("Real");
            let body = f.tables.array(var, 1);
            let ty = f.tables.union_all(name, Type::INT64, real, body);
            assert_eq!(f.text(ty), want);
            continue;
        }
        let ty = f.ty(text);
        assert_eq!(f.text(ty), want, "{text}");
    }
    for (name, want) in [
        ("typeof(Base.sin)", "typeof(sin)"),
        ("typeof(Main.f)", "typeof(f)"),
        ("typeof(Main.Geometry.f)", "typeof(Main.Geometry.f)"),
        ("Main.Poly", "Poly"),
        ("Main.#f#12", "var\"#f#12\""),
        ("Core.SimpleVector", "Core.SimpleVector"),
    ] {
        let ty = f.tables.nominal(name, &[]);
        assert_eq!(f.text(ty), want);
    }
}

#[test]
fn equal_types_have_one_canonical_form() {
    let mut f = Fixture::new();
    for (a, b) in [
        ("Vector{T} where T<:Real", "Vector{T} where T<:Real"),
        ("Union{Int64,Nothing}", "Union{Nothing,Int64}"),
        (
            "Vector{Union{Int64,Nothing}}",
            "Vector{Union{Nothing,Int64}}",
        ),
        ("Union{Int64,Integer}", "Integer"),
        (
            "Pair{A,Vector{B} where B} where A",
            "Pair{A,Vector{B} where B} where A",
        ),
        (
            "Pair{Vector{T} where T,Vector{T} where T}",
            "Pair{Vector{T} where T,Vector{T} where T}",
        ),
        ("Dict{K,V} where {K,V}", "Dict{K,V} where {K,V}"),
    ] {
        let (a, b) = (f.ty(a), f.ty(b));
        assert_eq!(a, b, "{} and {}", f.text(a), f.text(b));
        assert_eq!(canonical::canonical(&mut f.tables, &mut f.families, a), a);
    }
}

#[test]
fn substitution_does_not_capture() {
    let mut f = Fixture::new();
    // `Pair{S, T} where T` with `S` replaced by the free variable `T`.
    let (s, t) = (f.tables.names.intern("S"), f.tables.names.intern("T"));
    let (sv, tv) = (f.tables.type_var(s), f.tables.type_var(t));
    let body = f
        .tables
        .nominal("Base.Pair", &[TypeParam::Type(sv), TypeParam::Type(tv)]);
    let all = f.tables.union_all(t, Type::BOTTOM, Type::ANY, body);
    let out = instantiate::substitute(
        &mut f.tables,
        &mut f.families,
        all,
        &[(s, TypeParam::Type(tv))],
    );
    let outer = f.tables.union_all(t, Type::BOTTOM, Type::ANY, out);
    let want = f.ty("Pair{A,B} where {A,B}");
    assert!(subtype::is_equal(
        &mut f.tables,
        &mut f.families,
        outer,
        want
    ));
}

#[test]
fn supertypes_and_fields_follow_the_parameters() {
    let mut f = Fixture::new();
    f.declare_kind("Main.Poly{T,N}", "AbstractArray{T,N}", |f, scope| {
        let coefficients = f.parse("Vector{T}", scope);
        let name = f.tables.names.intern("coefficients");
        let degree = f.tables.names.intern("degree");
        FamilyKind::Struct {
            mutable: false,
            initialized: 2,
            fields: vec![
                FamilyField {
                    name,
                    ty: coefficients,
                    is_const: false,
                },
                FamilyField {
                    name: degree,
                    ty: Type::INT64,
                    is_const: false,
                },
            ],
        }
    });
    let ty = f.ty("Main.Poly{Float64,2}");
    let up = instantiate::supertype(&mut f.tables, &mut f.families, ty);
    assert_eq!(f.text(up), "AbstractMatrix{Float64}");
    let fields = instantiate::field_types(&mut f.tables, &mut f.families, ty).unwrap();
    let texts: Vec<String> = fields.into_iter().map(|t| f.text(t)).collect();
    assert_eq!(texts, ["Vector{Float64}", "Int64"]);
    let whole = f.ty("Main.Poly");
    let fields = instantiate::field_types(&mut f.tables, &mut f.families, whole).unwrap();
    assert_eq!(f.text(fields[0]), "Vector");
    let named = f.ty("@NamedTuple{a::Int64,b::String}");
    let fields = instantiate::fields(&mut f.tables, &mut f.families, named).unwrap();
    assert_eq!(fields.len(), 2);
    assert_eq!(f.tables.names.str(fields[1].0), "b");
    assert_eq!(fields[1].1, Type::STRING);
}
