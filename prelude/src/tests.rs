//! Tests of the index: of the scan on samples, of the table on what the prelude holds.

use crate::disk::scan;
use crate::{Kind, definitions, exported, files, is_exported, modules, names};
use scan::scan;

/// `module name kind first line of text` of each item.
fn items(text: &str) -> Vec<String> {
    let scan = scan(text);
    assert!(scan.problems.is_empty(), "{:?}", scan.problems);
    let line = |f: &scan::Found| {
        let first = text[f.start..f.end]
            .lines()
            .next()
            .unwrap_or("")
            .to_string();
        format!("{} {} {} {}: {first}", f.module, f.name, f.kind, f.line)
    };
    scan.found.iter().map(line).collect()
}

fn single(text: &str) -> String {
    let scan = scan(text);
    assert!(scan.problems.is_empty(), "{:?}", scan.problems);
    let [found] = &scan.found[..] else {
        panic!("{:?}", scan.found);
    };
    assert_eq!((found.start, found.end), (0, text.len()), "{text}");
    format!("{} {} {}", found.module, found.name, found.kind)
}

#[test]
fn methods_are_found_under_the_name_that_they_extend() {
    for (text, expected) in [
        ("f(x) = 1", "Base f Method"),
        ("f!(x::T)::Int where {T} = 1", "Base f! Method"),
        ("function f(x; k = 1)\n    x\nend", "Base f Method"),
        ("@inline function f(x::T) where T\nend", "Base f Method"),
        ("Base.@propagate_inbounds f(x) = 1", "Base f Method"),
        ("@inline @noinline f(x) = 1", "Base f Method"),
        ("Base.show(io, x) = 1", "Base show Method"),
        ("Iterators.peel(x) = 1", "Base.Iterators peel Method"),
        ("function Base.:(==)(a, b) end", "Base == Method"),
        ("Base.:+(a, b) = 1", "Base + Method"),
        ("function Core.kwcall(kw, f) end", "Core kwcall Method"),
        ("+(a, b) = 1", "Base + Method"),
        ("(+)(a, b) = 1", "Base + Method"),
        ("-(x::Int) = 1", "Base - Method"),
        ("!(x::Bool) = 1", "Base ! Method"),
        ("a::Int + b::Int = 1", "Base + Method"),
        ("<(a, b) = 1", "Base < Method"),
        ("<:(a, b) = 1", "Base <: Method"),
        ("÷(a, b) = 1", "Base ÷ Method"),
        ("√(x) = 1", "Base √ Method"),
        ("(:)(a, b) = 1", "Base : Method"),
        ("function (:)(a, b) end", "Base : Method"),
        ("function g end", "Base g Function"),
        ("function Base.g end", "Base g Function"),
        ("var\"#f\"(x) = 1", "Base #f Method"),
    ] {
        assert_eq!(single(text), expected, "{text}");
    }
}

#[test]
fn constructors_and_callables_are_found_under_their_type() {
    for (text, expected) in [
        ("Complex(x) = 1", "Base Complex Method"),
        ("Complex{T}(x) where {T<:Real} = 1", "Base Complex Method"),
        ("function Complex{T}(x) where T\nend", "Base Complex Method"),
        (
            "(::Type{Complex{T}})(x) where {T} = 1",
            "Base Complex Method",
        ),
        ("(::Type{T})(x) where {T<:Real} = 1", "Base (::Type) Method"),
        (
            "function (::Type{T})(x) where T\nend",
            "Base (::Type) Method",
        ),
        ("(f::Fix1)(y) = 1", "Base Fix1 Callable"),
        ("(f::Fix1{F})(y; z = 1) where {F} = 1", "Base Fix1 Callable"),
        ("function (::Colon)(a) 1 end", "Base Colon Callable"),
        ("(::typeof(f))(x) = 1", "Base f Method"),
    ] {
        assert_eq!(single(text), expected, "{text}");
    }
    let both = items("(f::Union{A, B{T}})(x) where T = 1");
    assert_eq!(both.len(), 2);
    assert!(both[0].starts_with("Base A Callable") && both[1].starts_with("Base B Callable"));
}

#[test]
fn declarations_are_found_under_their_name() {
    for (text, expected) in [
        ("struct Foo end", "Base Foo Struct"),
        (
            "mutable struct Foo{T<:Real} <: Bar{T}\n    x::T\nend",
            "Base Foo Struct",
        ),
        ("abstract type Foo{T} <: Bar end", "Base Foo Abstract"),
        ("primitive type Foo <: Bar 8 end", "Base Foo Primitive"),
        ("const Foo = Bar", "Base Foo Const"),
        ("const Foo{T} = Bar{T}", "Base Foo Const"),
        ("macro foo(x)\n    x\nend", "Base @foo Macro"),
        ("module Foo\nend", "Base Foo Module"),
        ("export foo", "Base foo Export"),
    ] {
        assert_eq!(single(text), expected, "{text}");
    }
    let names = |text| -> Vec<String> { scan(text).found.into_iter().map(|f| f.name).collect() };
    assert_eq!(names("const a, b = 1, 2"), ["a", "b"]);
    assert_eq!(names("export a, +, @c"), ["a", "+", "@c"]);
    assert_eq!(
        names("import ..Base: length, a as b, @m"),
        ["length", "b", "@m"]
    );
    assert_eq!(names("using .Checked"), ["Checked"]);
}

#[test]
fn docstrings_and_comments_are_not_part_of_an_item() {
    let text = "# module: Base.Foo\n\"doc\"\nf(x) = 1 # one\n\"\"\"\nmore\n\"\"\"\nfunction g(x)\n  x\nend\nh(x) = 2; k(x) = 3\n";
    assert_eq!(
        items(text),
        [
            "Base.Foo f Method 3: f(x) = 1",
            "Base.Foo g Method 7: function g(x)",
            "Base.Foo h Method 10: h(x) = 2",
            "Base.Foo k Method 10: k(x) = 3",
        ]
    );
}

#[test]
fn what_is_no_definition_is_reported_with_its_line() {
    assert_eq!(scan("f(x) = 1\nfor i in 1:2 end\n").problems.len(), 1);
    assert!(scan("f(x) = 1\nprintln(1)\n").problems[0].starts_with("line 2:"));
    assert!(!scan("f(x = 1\n").problems.is_empty());
}

#[test]
fn every_file_of_the_prelude_is_clean() {
    let problems: Vec<String> = files()
        .iter()
        .flat_map(|(name, text)| {
            let problems = scan(text).problems;
            problems.into_iter().map(move |p| format!("{name}: {p}"))
        })
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn the_table_holds_what_the_scan_finds() {
    let mut count = 0;
    for (name, text) in files() {
        for found in scan(text).found {
            count += 1;
            let hit = definitions(&found.module, &found.name)
                .find(|d| d.file() == *name && d.start() as usize == found.start)
                .unwrap_or_else(|| panic!("{name}: {found:?}"));
            assert_eq!(hit.text(), &text[found.start..found.end]);
            assert_eq!(hit.module(), scan::module_of(text));
            assert_eq!(format!("{:?}", hit.kind()), found.kind);
            assert_eq!(hit.line() as usize, found.line);
        }
    }
    let all: usize = modules()
        .flat_map(|m| names(m).map(|n| definitions(m, n).len()))
        .sum();
    assert_eq!(all, count);
}

#[test]
fn unknown_names_have_no_definitions() {
    assert_eq!(definitions("Base", "no such name").count(), 0);
    assert_eq!(definitions("Base.Nowhere", "+").count(), 0);
    assert_eq!(definitions("", "").count(), 0);
}

#[test]
fn exports_are_a_set_that_can_be_searched() {
    assert!(is_exported("+") && is_exported("sqrt") && is_exported("@assert"));
    assert!(!is_exported("no such name") && !is_exported(""));
    for name in exported() {
        assert!(is_exported(name), "{name}");
    }
}

#[test]
fn types_are_declared_once() {
    for module in modules() {
        for name in names(module) {
            let kinds = [Kind::Struct, Kind::Abstract, Kind::Primitive, Kind::Const];
            let all: Vec<_> = definitions(module, name)
                .filter(|d| kinds.contains(&d.kind()))
                .map(|d| format!("{}:{}", d.file(), d.line()))
                .collect();
            assert!(all.len() <= 1, "{module}.{name} is declared in {all:?}");
        }
    }
}
