//! Data layout against what Julia declared, against gcc, and against hostile declarations.

mod support;

use jlift_abi::layout::{
    INT128_ALIGN, LayoutProblem, Scalar, check_all_declared, check_declared, first_selector,
    layout, leaves, object_layout, union_payload,
};
use jlift_ir::decl::{Decl, Field, StructDecl, StructKind};
use jlift_ir::{Tables, Type};
use std::process::Command;
use support::random::Generator;

/// Declares `Main.NAME` as a struct with fields and offsets.
fn declare(
    tables: &mut Tables,
    name: &str,
    kind: StructKind,
    (size, align): (u32, u32),
    fields: &[(Type, u32)],
) -> Type {
    let ty = tables.nominal(&format!("Main.{name}"), &[]);
    let fields: Vec<Field> = fields
        .iter()
        .enumerate()
        .map(|(i, &(ty, offset))| Field {
            name: tables.names.intern(&format!("f{i}")),
            ty,
            offset,
            is_const: false,
        })
        .collect();
    let decl = StructDecl {
        mutable: kind == StructKind::Heap,
        kind,
        size,
        align,
        supertype: Type::ANY,
        initialized: fields.len() as u32,
        fields,
    };
    assert!(tables.declare(ty, Decl::Struct(decl)));
    ty
}

fn kernels() -> Vec<(String, jlift_ir::Module)> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/kernels");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "jir") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            match jlift_ir::text::parse(&text) {
                Ok(module) => out.push((name, module)),
                Err(e) => panic!("{name}: {e:?}"),
            }
        }
    }
    out
}

#[test]
fn every_struct_of_the_kernels_has_the_layout_that_julia_declared() {
    let mut checked = 0;
    for (name, module) in kernels() {
        assert_eq!(check_all_declared(&module.tables), [], "{name}");
        checked += module.tables.declared().len();
    }
    assert!(checked > 200, "{checked}");
}

#[test]
fn random_aggregates_have_the_sizes_and_offsets_of_gcc() {
    let Some(gcc) = support::find_program(&["gcc"], "layouts against gcc") else {
        return;
    };
    let mut g = Generator::new(5);
    let mut asserts = String::new();
    for _ in 0..300 {
        let t = g.any(3);
        let l = layout(&g.tables, t.ty).unwrap();
        let name = &t.field;
        asserts += &format!("_Static_assert(sizeof({name}) == {}, \"size\");\n", l.size);
        asserts += &format!(
            "_Static_assert(_Alignof({name}) == {}, \"align\");\n",
            l.align
        );
        let homogeneous =
            l.fields.windows(2).all(|w| w[0].ty == w[1].ty) && g.tables.is_tuple(t.ty);
        let fields = l.fields.iter().filter(|f| f.size > 0);
        for (i, field) in fields.enumerate().filter(|_| !homogeneous) {
            asserts += &format!(
                "_Static_assert(__builtin_offsetof({name}, f{i}) == {}, \"offset\");\n",
                field.offset
            );
        }
    }
    assert!(asserts.matches("offset\"").count() > 200);
    let file = support::scratch("layout").join("layout.c");
    std::fs::write(&file, g.definitions + &asserts).unwrap();
    support::must_succeed(
        Command::new(gcc)
            .args(["-std=gnu11", "-w", "-fsyntax-only"])
            .arg(file),
    );
}

#[test]
fn scalars_have_the_sizes_of_julia() {
    let mut tables = Tables::default();
    let pointer = tables.ptr(Type::INT8);
    let array = tables.array(Type::INT8, 2);
    for (ty, size, align) in [
        (Type::BOOL, 1, 1),
        (Type::CHAR, 4, 4),
        (Type::INT16, 2, 2),
        (Type::UINT128, 16, INT128_ALIGN),
        (Type::FLOAT16, 2, 2),
        (Type::FLOAT64, 8, 8),
        (Type::NOTHING, 0, 1),
        (Type::STRING, 8, 8),
        (Type::ANY, 8, 8),
        (pointer, 8, 8),
        (array, 8, 8),
    ] {
        let l = layout(&tables, ty).unwrap();
        assert_eq!((l.size, l.align), (size, align));
    }
}

#[test]
fn small_unions_are_their_largest_member_and_a_selector() {
    let mut tables = Tables::default();
    let triple = tables.tuple(&[Type::INT16; 3]);
    let small = tables.union(&[Type::NOTHING, Type::INT64]);
    let odd = tables.union(&[Type::FLOAT32, triple]);
    let boxed = tables.union(&[Type::NOTHING, Type::STRING]);
    assert_eq!(union_payload(&tables, small).unwrap(), Some(8));
    assert_eq!(union_payload(&tables, odd).unwrap(), Some(6));
    let abstract_member = tables.union(&[Type::NOTHING, Type::ANY]);
    assert_eq!(union_payload(&tables, boxed).unwrap(), Some(8));
    assert_eq!(layout(&tables, boxed).unwrap().size, 9);
    assert_eq!(union_payload(&tables, abstract_member).unwrap(), None);
    assert_eq!(layout(&tables, abstract_member).unwrap().size, 8);
    assert_eq!(first_selector(&tables, small), 0);
    assert_eq!(first_selector(&tables, boxed), 1);
    let l = layout(&tables, small).unwrap();
    assert_eq!((l.size, l.align, l.stride()), (9, 8, 16));
    // The byte after the selector is free for the next field, as in Julia.
    let fields = [(Type::INT8, 0), (small, 8), (Type::BOOL, 17), (odd, 20)];
    let s = declare(&mut tables, "S", StructKind::Inline, (32, 8), &fields);
    check_declared(&tables, s).unwrap();
    let got: Vec<_> = leaves(&tables, s, 10)
        .unwrap()
        .iter()
        .map(|l| (l.offset, l.scalar))
        .collect();
    let want = [
        (0, Scalar::I8),
        (8, Scalar::I64),
        (16, Scalar::I8),
        (17, Scalar::I8),
        (20, Scalar::I32),
        (24, Scalar::I16),
        (26, Scalar::I8),
    ];
    assert_eq!(got, want);
}

#[test]
fn declarations_decide_the_alignment_of_their_128_bit_fields_only() {
    let mut tables = Tables::default();
    let fields = [(Type::INT8, 0), (Type::INT128, 8)];
    let packed = declare(&mut tables, "A", StructKind::Inline, (24, 8), &fields);
    let fields = [(Type::INT8, 0), (Type::INT128, 16)];
    let natural = declare(&mut tables, "B", StructKind::Inline, (32, 16), &fields);
    let neither = declare(&mut tables, "C", StructKind::Inline, (40, 8), &fields);
    let outer = [(Type::INT8, 0), (natural, 16)];
    let outer = declare(&mut tables, "D", StructKind::Inline, (48, 16), &outer);
    for ty in [packed, natural, outer] {
        check_declared(&tables, ty).unwrap();
    }
    assert_eq!(layout(&tables, natural).unwrap().align, 16);
    assert!(check_declared(&tables, neither).is_err());
    let offsets: Vec<u32> = leaves(&tables, outer, 9)
        .unwrap()
        .iter()
        .map(|l| l.offset)
        .collect();
    assert_eq!(offsets, [0, 16, 32]);
}

#[test]
fn wrong_claims_are_reported_with_their_type() {
    let mut tables = Tables::default();
    let t = &mut tables;
    let f = Type::FLOAT64;
    let inline = StructKind::Inline;
    let cases = [
        (
            declare(t, "Size", inline, (24, 8), &[(f, 0), (f, 8)]),
            "`Main.Size` is declared with size 24, its fields give 16",
        ),
        (
            declare(t, "Align", inline, (16, 4), &[(f, 0), (f, 8)]),
            "`Main.Align` is declared with alignment 4, its fields give 8",
        ),
        (
            declare(t, "Offset", inline, (16, 8), &[(f, 0), (f, 4)]),
            "`Main.Offset` has field `f1` declared at offset 4, it belongs at 8",
        ),
        (
            declare(t, "Kind", inline, (8, 8), &[(Type::STRING, 0)]),
            "`Main.Kind` is declared inline, but its field `f0` is not plain bits",
        ),
    ];
    for (ty, message) in cases {
        assert_eq!(
            check_declared(&tables, ty).unwrap_err().to_string(),
            message
        );
    }
    assert_eq!(check_all_declared(&tables).len(), 4);
}

#[test]
fn heap_objects_are_references_with_a_payload() {
    let mut tables = Tables::default();
    let fields = [(Type::INT8, 0), (Type::ANY, 8)];
    let heap = declare(&mut tables, "H", StructKind::Heap, (16, 8), &fields);
    assert_eq!(layout(&tables, heap).unwrap().size, 8);
    assert_eq!(layout(&tables, heap).unwrap().fields, []);
    assert_eq!(object_layout(&tables, heap).unwrap().fields[1].offset, 8);
    check_declared(&tables, heap).unwrap();
}

#[test]
fn a_union_with_references_may_be_declared_as_julia_or_as_this_compiler_stores_it() {
    let mut tables = Tables::default();
    let union = tables.union(&[Type::NOTHING, Type::STRING]);
    let julia = [(union, 0), (Type::INT8, 8)];
    let julia = declare(&mut tables, "J", StructKind::Heap, (16, 8), &julia);
    let own = [(union, 0), (Type::INT8, 9)];
    let own = declare(&mut tables, "O", StructKind::Heap, (16, 8), &own);
    let neither = [(union, 0), (Type::INT8, 10)];
    let neither = declare(&mut tables, "N", StructKind::Heap, (16, 8), &neither);
    check_declared(&tables, julia).unwrap();
    check_declared(&tables, own).unwrap();
    assert!(check_declared(&tables, neither).is_err());
    // Whatever was declared, there is one layout.
    assert_eq!(object_layout(&tables, julia).unwrap().fields[1].offset, 9);
}

#[test]
fn hostile_declarations_are_errors_and_take_no_time() {
    let mut tables = Tables::default();
    let inline = StructKind::Inline;
    let problem = |tables: &Tables, ty| layout(tables, ty).unwrap_err().problem;

    let a = tables.nominal("Main.A", &[]);
    let b = declare(&mut tables, "B", inline, (8, 8), &[(a, 0)]);
    declare(&mut tables, "A", inline, (8, 8), &[(b, 0)]);
    assert_eq!(problem(&tables, a), LayoutProblem::Recursive);
    assert!(leaves(&tables, b, 10).is_err());

    // Each level doubles: 2^60 empty fields, then 2^60 bytes.
    let mut empty = declare(&mut tables, "E", inline, (0, 1), &[]);
    let mut full = declare(&mut tables, "F", inline, (1, 1), &[(Type::INT8, 0)]);
    for i in 0..60 {
        let twice = [(empty, 0), (empty, 0)];
        empty = declare(&mut tables, &format!("E{i}"), inline, (0, 1), &twice);
        let twice = [(full, 0), (full, 0)];
        full = declare(&mut tables, &format!("F{i}"), inline, (0, 1), &twice);
    }
    assert_eq!(layout(&tables, empty).unwrap().size, 0);
    assert_eq!(leaves(&tables, empty, 10).unwrap(), []);
    assert_eq!(problem(&tables, full), LayoutProblem::TooLarge);

    let mut deep = declare(&mut tables, "D", inline, (1, 1), &[(Type::INT8, 0)]);
    for i in 0..100_000 {
        deep = declare(&mut tables, &format!("D{i}"), inline, (1, 1), &[(deep, 0)]);
    }
    assert_eq!(problem(&tables, deep), LayoutProblem::TooDeep);
}

#[test]
fn leaves_stop_at_the_limit() {
    let mut tables = Tables::default();
    let row = tables.tuple(&[Type::FLOAT32; 4]);
    let matrix = tables.tuple(&[row; 4]);
    assert_eq!(leaves(&tables, matrix, 16).unwrap().len(), 16);
    let error = leaves(&tables, matrix, 15).unwrap_err();
    assert_eq!(error.problem, LayoutProblem::TooManyLeaves(15));
}
