//! Single facts about Julia's types that the golden table does not hold: subtyping, and what a call determines.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::{matching, print, subtype};

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
