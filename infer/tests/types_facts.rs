//! Single facts about Julia's types that the golden table does not hold: matching of signatures,
//! specificity, applying parameters, printing, layouts, and types that are too large.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::family::{FamilyField, FamilyKind};
use jlift_infer::types::{
    MAX_HEIGHT, apply, canonical, declare, instantiate, intersect, join, matching, print, shape,
    specificity, subtype,
};
use jlift_ir::decl::Decl;
use jlift_ir::{StructKind, Tables, Type, TypeClass, TypeParam, Value};

fn is_subtype(f: &mut Fixture, a: &str, b: &str) -> bool {
    let (a, b) = (f.ty(a), f.ty(b));
    subtype::is_subtype(&mut f.tables, &mut f.families, a, b)
}

#[test]
fn subtyping_of_variables_unions_and_tuples() {
    let mut f = Fixture::new();
    for (a, b, want) in [
        // Invariance and bounds.
        ("Vector{Int64}", "Vector{T} where T<:Integer", true),
        ("Vector{Vector{Int64}}", "Vector{Vector{T}} where T", true),
        ("Vector{Vector{Int64}}", "Vector{Vector{T} where T}", false),
        (
            "Vector{Vector{T} where T}",
            "Vector{Vector{T}} where T",
            false,
        ),
        (
            "Vector{Vector{T}} where T",
            "Vector{Vector{T} where T}",
            false,
        ),
        ("Vector{Vector{T}} where T", "Vector{<:Vector}", true),
        ("Pair{T,T} where T", "Pair{A,B} where {A,B}", true),
        ("Pair{A,B} where {A,B}", "Pair{T,T} where T", false),
        (
            "Pair{Int64,Float64}",
            "Pair{T,S} where {T<:Integer,S>:T}",
            false,
        ),
        (
            "Pair{Int64,Real}",
            "Pair{T,S} where {T<:Integer,S>:T}",
            true,
        ),
        ("Ref{Vector{T} where T}", "Ref{S} where S", true),
        ("Ref{Ref{T} where T}", "Ref{Ref{S}} where S", false),
        ("Complex{T} where T<:Integer", "Complex", true),
        (
            "Vector{T} where T>:Int64",
            "Vector{T} where T>:Signed",
            false,
        ),
        (
            "Vector{T} where T>:Integer",
            "Vector{T} where T>:Int64",
            true,
        ),
        // Unions on either side.
        (
            "Union{Vector{Int64},Vector{String}}",
            "Vector{T} where T",
            true,
        ),
        (
            "Tuple{Union{Int64,String}}",
            "Union{Tuple{Int64},Tuple{String}}",
            true,
        ),
        (
            "Tuple{Union{Int64,String},Union{Int64,String}}",
            "Union{Tuple{Int64,Int64},Tuple{Int64,String},Tuple{String,Int64},Tuple{String,String}}",
            true,
        ),
        (
            "Tuple{Union{Int64,String},Union{Int64,String}}",
            "Union{Tuple{Int64,Int64},Tuple{Int64,String},Tuple{String,String}}",
            false,
        ),
        (
            "Tuple{Any,Union{Int64,String}}",
            "Union{Tuple{Any,Int64},Tuple{Any,String}}",
            true,
        ),
        (
            "Vector{Union{Int64,String}}",
            "Vector{Union{String,Int64}}",
            true,
        ),
        (
            "Vector{Union{Int64,String}}",
            "Vector{Union{T,String}} where T",
            true,
        ),
        (
            "Ref{Union{Int64,T}} where T",
            "Ref{Union{Int64,S}} where S",
            true,
        ),
        (
            "Union{Int64,Nothing}",
            "Union{T,Nothing} where T<:Real",
            true,
        ),
        (
            "Tuple{Union{Vector{Int64},Vector{String}}}",
            "Tuple{Vector{T}} where T",
            true,
        ),
        (
            "Tuple{Union{Vector{Int64},Vector{String}},Int64}",
            "Tuple{Vector{T},T} where T",
            false,
        ),
        // The diagonal rule.
        ("Tuple{Int64,Int64}", "Tuple{T,T} where T", true),
        ("Tuple{Int64,String}", "Tuple{T,T} where T", false),
        ("Tuple{Real,Real}", "Tuple{T,T} where T", false),
        (
            "Tuple{Int64,String,Vector{Any}}",
            "Tuple{T,T,Vector{T}} where T",
            true,
        ),
        ("Tuple{T,T} where T", "Tuple{S,S} where S", true),
        (
            "Tuple{T,T} where T<:Integer",
            "Tuple{S,S} where S<:Real",
            true,
        ),
        ("Tuple{Integer,Integer}", "Tuple{T,T} where T>:Int64", true),
        (
            "Tuple{Tuple{T,T}} where T",
            "Tuple{Tuple{S,S} where S}",
            true,
        ),
        (
            "Tuple{Union{Int64,String},Int64}",
            "Tuple{T,T} where T",
            false,
        ),
        ("Ref{Tuple{T,T} where T}", "Ref{Tuple{Any,Any}}", false),
        ("Tuple{Type{Int64},Type{Int64}}", "Tuple{T,T} where T", true),
        // Vararg and counts.
        ("Tuple{}", "Tuple{Vararg{Int64}}", true),
        ("Tuple{Int64,Int64}", "NTuple{2,Int64}", true),
        ("Tuple{Int64,Int64}", "NTuple{N,Int64} where N", true),
        ("Tuple{Int64,Float64}", "NTuple{N,T} where {N,T}", false),
        ("Tuple{Int64,Float64}", "NTuple{N,Real} where N", true),
        (
            "Tuple{Vector{Int64},Int64}",
            "Tuple{Array{T,N},Vararg{Int64,N}} where {T,N}",
            true,
        ),
        (
            "Tuple{Matrix{Int64},Int64}",
            "Tuple{Array{T,N},Vararg{Int64,N}} where {T,N}",
            false,
        ),
        (
            "Tuple{Matrix{Int64},Int64,Int64}",
            "Tuple{Array{T,N},Vararg{Int64,N}} where {T,N}",
            true,
        ),
        (
            "Tuple{NTuple{2,Int64},NTuple{2,Int64}}",
            "Tuple{NTuple{N,Int64},NTuple{N,Int64}} where N",
            true,
        ),
        (
            "Tuple{NTuple{2,Int64},NTuple{3,Int64}}",
            "Tuple{NTuple{N,Int64},NTuple{N,Int64}} where N",
            false,
        ),
        (
            "Tuple{Tuple{Vararg{Int64}},Tuple{Vararg{Int64}}}",
            "Tuple{NTuple{N,Int64},NTuple{N,Int64}} where N",
            false,
        ),
        ("Tuple{Vararg{Int64}}", "Tuple{Vararg{T}} where T", true),
        ("Tuple{Vararg{Real}}", "Tuple{Vararg{T}} where T", false),
        ("Tuple{Real}", "Tuple{Vararg{T}} where T", true),
        (
            "Ref{Tuple{Vararg{Int64}}}",
            "Ref{NTuple{N,Int64}} where N",
            false,
        ),
        (
            "Ref{Tuple{Int64,Int64}}",
            "Ref{NTuple{N,Int64}} where N",
            true,
        ),
        ("Tuple{Int64,Vararg{Int64}}", "Tuple{Vararg{Int64}}", true),
        ("Tuple{Vararg{Int64}}", "Tuple{Int64,Vararg{Int64}}", false),
        // Types as values.
        ("Type{Int64}", "Type{T} where T<:Real", true),
        ("Type{Vector}", "UnionAll", true),
        ("Type{Vector{Int64}}", "DataType", true),
        ("Type{Union{Int64,String}}", "Union{}", false),
        ("Type{Union{}}", "Core.TypeofBottom", true),
        ("Core.TypeofBottom", "Type{Union{}}", true),
        ("DataType", "Type", true),
        ("DataType", "Type{T} where T<:Real", false),
        ("Ref{DataType}", "Ref{Type{T}} where T", false),
        ("Ref{DataType}", "Ref{Type}", false),
        ("Tuple{Type{Int64},Int64}", "Tuple{Type{T},T} where T", true),
        (
            "Tuple{Type{Number},Int64}",
            "Tuple{Type{T},T} where T",
            true,
        ),
        (
            "Tuple{Type{String},Int64}",
            "Tuple{Type{T},T} where T",
            false,
        ),
        // Named tuples and values.
        ("@NamedTuple{a::Int64}", "NamedTuple{(:a,)}", true),
        ("@NamedTuple{a::Int64}", "NamedTuple{(:b,)}", false),
        (
            "@NamedTuple{a::Int64}",
            "NamedTuple{names,T} where {names,T<:Tuple{Vararg{Real}}}",
            true,
        ),
        ("Val{1}", "Val{N} where N", true),
        ("Val{1}", "Val{N} where N<:Integer", false),
        ("Val{Int64}", "Val{N} where N<:Integer", true),
        // Binders that say nothing.
        ("Int64", "T where T", true),
        ("Any", "T where T", true),
        ("Number", "T where T<:Real", false),
    ] {
        assert_eq!(is_subtype(&mut f, a, b), want, "{a} <: {b}");
        assert!(!f.families.take_overflow(), "{a} <: {b} was given up");
    }
}

fn matched(f: &mut Fixture, sig: &str, args: &str) -> Option<Vec<String>> {
    let (sig, args) = (f.parse(sig, &[]), f.ty(args));
    let params = matching::match_signature(&mut f.tables, &mut f.families, sig, args)?;
    Some(
        params
            .into_iter()
            .map(|p| print::param_text(&f.tables, &f.families, p))
            .collect(),
    )
}

#[test]
fn calls_determine_static_parameters() {
    let mut f = Fixture::new();
    for (sig, args, want) in [
        ("Tuple{T} where T", "Tuple{Int64}", Some(vec!["Int64"])),
        (
            "Tuple{T,S} where {T,S}",
            "Tuple{Int64,String}",
            Some(vec!["Int64", "String"]),
        ),
        ("Tuple{T,T} where T", "Tuple{Int64,String}", None),
        (
            "Tuple{Array{T,N}} where {T,N}",
            "Tuple{Matrix{Float64}}",
            Some(vec!["Float64", "2"]),
        ),
        (
            "Tuple{AbstractArray{T,N}} where {T<:Real,N}",
            "Tuple{UnitRange{Int64}}",
            Some(vec!["Int64", "1"]),
        ),
        (
            "Tuple{AbstractArray{T,N}} where {T<:Real,N}",
            "Tuple{Vector{String}}",
            None,
        ),
        (
            "Tuple{Array{T,N},Vararg{Int64,N}} where {T,N}",
            "Tuple{Matrix{Any},Int64,Int64}",
            Some(vec!["Any", "2"]),
        ),
        (
            "Tuple{NTuple{N,T}} where {N,T}",
            "Tuple{Tuple{Int64,Int64,Int64}}",
            Some(vec!["3", "Int64"]),
        ),
        (
            "Tuple{NTuple{N,T}} where {N,T}",
            "Tuple{Tuple{}}",
            Some(vec!["0", "T"]),
        ),
        (
            "Tuple{Vararg{T}} where T",
            "Tuple{Int64,Int64}",
            Some(vec!["Int64"]),
        ),
        ("Tuple{Vararg{T}} where T", "Tuple{}", Some(vec!["T"])),
        (
            "Tuple{Vararg{Any,N}} where N",
            "Tuple{Int64,String}",
            Some(vec!["2"]),
        ),
        (
            "Tuple{Type{T}} where T",
            "Tuple{Type{Int64}}",
            Some(vec!["Int64"]),
        ),
        (
            "Tuple{Type{T}} where T",
            "Tuple{Type{Vector}}",
            Some(vec!["Vector"]),
        ),
        (
            "Tuple{Type{T}} where T",
            "Tuple{Type{Union{}}}",
            Some(vec!["Union{}"]),
        ),
        (
            "Tuple{Type{T},T} where T",
            "Tuple{Type{Real},Int64}",
            Some(vec!["Real"]),
        ),
        (
            "Tuple{Type{Complex{T}},Any} where T<:Real",
            "Tuple{Type{Complex{Float64}},Int64}",
            Some(vec!["Float64"]),
        ),
        (
            "Tuple{T} where T",
            "Tuple{Type{Int64}}",
            Some(vec!["DataType"]),
        ),
        ("Tuple{T} where T", "Tuple{Real}", Some(vec!["T"])),
        (
            "Tuple{Vector{T},S} where {T,S<:T}",
            "Tuple{Vector{Real},Int64}",
            Some(vec!["Real", "Int64"]),
        ),
        (
            "Tuple{Vector{T},S} where {T,S<:T}",
            "Tuple{Vector{String},Int64}",
            None,
        ),
        (
            "Tuple{Dict{K,V},K} where {K,V}",
            "Tuple{Dict{String,Any},String}",
            Some(vec!["String", "Any"]),
        ),
        (
            "Tuple{Dict{K,V},K} where {K,V}",
            "Tuple{Dict{String,Any},Int64}",
            None,
        ),
        ("Tuple{Val{N}} where N", "Tuple{Val{3}}", Some(vec!["3"])),
        ("Tuple{Val{N}} where N", "Tuple{Val{:x}}", Some(vec![":x"])),
        (
            "Tuple{NamedTuple{names,T}} where {names,T}",
            "Tuple{@NamedTuple{a::Int64,b::String}}",
            Some(vec!["(:a, :b)", "Tuple{Int64, String}"]),
        ),
        (
            "Tuple{T} where {T,S}",
            "Tuple{Int64}",
            Some(vec!["Int64", "S"]),
        ),
        (
            "Tuple{Union{T,Nothing}} where T<:Real",
            "Tuple{Int64}",
            Some(vec!["Int64"]),
        ),
        (
            "Tuple{Vector{Union{T,Nothing}}} where T",
            "Tuple{Vector{Union{Int64,Nothing}}}",
            Some(vec!["Int64"]),
        ),
        (
            "Tuple{Vector{T}} where T",
            "Tuple{Union{Vector{Int64},Vector{String}}}",
            Some(vec!["T"]),
        ),
        (
            "Tuple{T,T} where T<:Union{Int64,Float64}",
            "Tuple{Float64,Float64}",
            Some(vec!["Float64"]),
        ),
        (
            "Tuple{AbstractVector{T} where T<:AbstractVector{S}} where S",
            "Tuple{Vector{Vector{Int64}}}",
            Some(vec!["Int64"]),
        ),
        (
            "Tuple{Vector{T},Vector{T}} where T",
            "Tuple{Vector{Int64},Vector{Float64}}",
            None,
        ),
    ] {
        let got = matched(&mut f, sig, args);
        let want = want.map(|w| w.into_iter().map(str::to_string).collect::<Vec<_>>());
        assert_eq!(got, want, "{sig} for {args}");
    }
}

#[test]
fn signatures_and_wider_arguments_meet() {
    let mut f = Fixture::new();
    for (sig, args, ty, params) in [
        (
            "Tuple{T,Int64} where T",
            "Tuple{Float64,Integer}",
            "Tuple{Float64, Int64}",
            vec!["Float64"],
        ),
        (
            "Tuple{Vector{T},T} where T",
            "Tuple{Vector{Int64},Any}",
            "Tuple{Vector{Int64}, Int64}",
            vec!["Int64"],
        ),
        (
            "Tuple{AbstractArray{T,N},Vararg{Int64,N}} where {T,N}",
            "Tuple{Vector{Any},Any}",
            "Tuple{Vector{Any}, Int64}",
            vec!["Any", "1"],
        ),
        (
            "Tuple{Vector{T}} where T",
            "Tuple{Union{Vector{Int64},Nothing}}",
            "Tuple{Vector{Int64}}",
            vec!["Int64"],
        ),
        (
            "Tuple{Vector{T}} where T",
            "Tuple{Union{Vector{Int64},Vector{String},Nothing}}",
            "Union{Tuple{Vector{String}}, Tuple{Vector{Int64}}}",
            vec!["T"],
        ),
        (
            "Tuple{T,T} where T",
            "Tuple{Int64,Any}",
            "Tuple{Int64, Int64}",
            vec!["Int64"],
        ),
    ] {
        let (s, a) = (f.parse(sig, &[]), f.ty(args));
        let (got, found) = matching::intersect_signature(&mut f.tables, &mut f.families, s, a)
            .unwrap_or_else(|| panic!("{sig} and {args} have something in common"));
        let want = f.ty(ty);
        assert!(
            subtype::is_equal(&mut f.tables, &mut f.families, got, want),
            "{sig} and {args} give {}",
            f.text(got)
        );
        let found: Vec<String> = found
            .into_iter()
            .map(|p| print::param_text(&f.tables, &f.families, p))
            .collect();
        assert_eq!(found, params, "{sig} for {args}");
    }
    let (s, a) = (
        f.ty("Tuple{Vector{T},T} where T"),
        f.ty("Tuple{Vector{Int64},String}"),
    );
    assert!(matching::intersect_signature(&mut f.tables, &mut f.families, s, a).is_none());
}

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
