//! Laws of the type relations on generated types.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::{canonical, intersect, join, matching, specificity, subtype};
use jlift_ir::Type;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::cell::RefCell;

thread_local! {
    /// Declaring the builtin types for every case would take most of the time.
    static WORLD: RefCell<Fixture> = RefCell::new(Fixture::new());
}

fn leaf(vars: bool) -> BoxedStrategy<String> {
    let plain = prop::sample::select(vec![
        "Int64",
        "Float64",
        "String",
        "Nothing",
        "Real",
        "Integer",
        "Number",
        "Any",
        "Vector",
        "DataType",
        "Type{Int64}",
        "Tuple{}",
        "Val{1}",
        "Union{}",
    ])
    .prop_map(str::to_string);
    match vars {
        true => prop_oneof![
            3 => plain,
            2 => prop::sample::select(vec!["T", "S"]).prop_map(str::to_string),
        ]
        .boxed(),
        false => plain.boxed(),
    }
}

fn term(vars: bool) -> BoxedStrategy<String> {
    leaf(vars)
        .prop_recursive(3, 12, 3, |inner| {
            let tail = inner.clone();
            prop_oneof![
                inner.clone().prop_map(|t| format!("Vector{{{t}}}")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("Pair{{{a},{b}}}")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("Union{{{a},{b}}}")),
                prop::collection::vec(inner.clone(), 1..3)
                    .prop_map(|e| format!("Tuple{{{}}}", e.join(","))),
                (inner.clone(), tail).prop_map(|(a, b)| format!("Tuple{{{a},Vararg{{{b}}}}}")),
                inner.prop_map(|t| format!("AbstractVector{{<:{t}}}")),
            ]
        })
        .boxed()
}

/// A type, with variables around it or not.
fn any_type() -> BoxedStrategy<String> {
    let bound = prop::sample::select(vec![
        "Any",
        "Real",
        "Integer",
        "Vector",
        "Union{Int64,Nothing}",
    ]);
    prop_oneof![
        2 => term(false),
        3 => (term(true), bound.clone(), bound)
            .prop_map(|(t, b, c)| format!("{t} where {{T<:{b},S<:{c}}}")),
    ]
    .boxed()
}

/// The types of values, more or less: arguments of calls.
fn concrete() -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec![
        "Int64",
        "Float64",
        "String",
        "Nothing",
        "Type{Int64}",
        "Val{1}",
    ])
    .prop_map(str::to_string);
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|t| format!("Vector{{{t}}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("Pair{{{a},{b}}}")),
            prop::collection::vec(inner, 0..3).prop_map(|e| format!("Tuple{{{}}}", e.join(","))),
        ]
    })
    .boxed()
}

fn with_types<R>(texts: &[&str], check: impl FnOnce(&mut Fixture, &[Type]) -> R) -> R {
    WORLD.with_borrow_mut(|f| {
        let types: Vec<Type> = texts.iter().map(|t| f.ty(t)).collect();
        check(f, &types)
    })
}

fn below(f: &mut Fixture, a: Type, b: Type) -> bool {
    subtype::is_subtype(&mut f.tables, &mut f.families, a, b)
}

/// The same types in every run; `JLIFT_LAWS` asks for so many others.
fn cases() -> ProptestConfig {
    let (cases, rng_seed) = match std::env::var("JLIFT_LAWS") {
        Ok(n) => (n.parse().expect("a number"), RngSeed::Random),
        Err(_) => (1000, RngSeed::Fixed(1)),
    };
    ProptestConfig {
        cases,
        rng_seed,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn subtyping_is_reflexive_and_respects_the_ends(a in any_type()) {
        with_types(&[&a], |f, t| {
            // A second copy with other names for the variables.
            let copy = f.parse(&a, &[]);
            prop_assert!(below(f, t[0], copy));
            prop_assert!(below(f, copy, t[0]));
            prop_assert!(below(f, t[0], Type::ANY));
            prop_assert!(below(f, Type::BOTTOM, t[0]));
            let again = canonical::canonical(&mut f.tables, &mut f.families, copy);
            prop_assert_eq!(again, t[0]);
            Ok(())
        })?;
    }

    #[test]
    fn a_concrete_type_below_a_type_is_below_what_includes_that(
        c in concrete(), a in any_type(), b in any_type()
    ) {
        with_types(&[&c, &a, &b], |f, t| {
            if below(f, t[0], t[1]) && below(f, t[1], t[2]) {
                prop_assert!(below(f, t[0], t[2]), "{c} <: {a} <: {b}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn subtyping_without_variables_is_transitive(a in term(false), b in term(false), c in term(false)) {
        with_types(&[&a, &b, &c], |f, t| {
            if below(f, t[0], t[1]) && below(f, t[1], t[2]) {
                prop_assert!(below(f, t[0], t[2]), "{a} <: {b} <: {c}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_union_includes_its_members(a in any_type(), b in any_type()) {
        with_types(&[&a, &b], |f, t| {
            let union = canonical::union(&mut f.tables, &mut f.families, t);
            prop_assert!(below(f, t[0], union));
            prop_assert!(below(f, t[1], union));
            Ok(())
        })?;
    }

    #[test]
    fn a_join_is_above_both(a in any_type(), b in any_type()) {
        with_types(&[&a, &b], |f, t| {
            let join = join::typejoin(&mut f.tables, &mut f.families, t[0], t[1]);
            prop_assert!(below(f, t[0], join), "{a} in {}", f.text(join));
            prop_assert!(below(f, t[1], join), "{b} in {}", f.text(join));
            Ok(())
        })?;
    }

    #[test]
    fn an_intersection_includes_what_is_below_both(c in concrete(), a in any_type(), b in any_type()) {
        with_types(&[&c, &a, &b], |f, t| {
            if below(f, t[0], t[1]) && below(f, t[0], t[2]) {
                let meet = intersect::intersect(&mut f.tables, &mut f.families, t[1], t[2]);
                prop_assert!(below(f, t[0], meet), "{c} is in {a} and {b}, not in {}", f.text(meet));
            }
            Ok(())
        })?;
    }

    #[test]
    fn an_intersection_without_variables_is_below_both(a in term(false), b in term(false)) {
        with_types(&[&a, &b], |f, t| {
            let meet = intersect::intersect(&mut f.tables, &mut f.families, t[0], t[1]);
            prop_assert!(below(f, meet, t[0]), "{} in {a}", f.text(meet));
            prop_assert!(below(f, meet, t[1]), "{} in {b}", f.text(meet));
            Ok(())
        })?;
    }

    #[test]
    fn a_signature_matches_what_is_below_it(
        args in prop::collection::vec(concrete(), 1..4), params in prop::collection::vec(term(true), 1..4)
    ) {
        let sig = format!("Tuple{{{}}} where {{T,S<:Real}}", params.join(","));
        let args = format!("Tuple{{{}}}", args.join(","));
        with_types(&[&args], |f, t| {
            let sig_ty = f.parse(&sig, &[]);
            let matched = matching::match_signature(&mut f.tables, &mut f.families, sig_ty, t[0]);
            prop_assert_eq!(matched.is_some(), below(f, t[0], sig_ty));
            if let Some(params) = matched {
                prop_assert_eq!(params.len(), 2);
            }
            Ok(())
        })?;
    }

    #[test]
    fn of_two_signatures_at_most_one_is_more_specific(
        a in prop::collection::vec(term(true), 1..4), b in prop::collection::vec(term(true), 1..4)
    ) {
        let a = format!("Tuple{{{}}} where {{T,S<:Real}}", a.join(","));
        let b = format!("Tuple{{{}}} where {{T<:Integer,S}}", b.join(","));
        with_types(&[&a, &b], |f, t| {
            let first = specificity::more_specific(&mut f.tables, &mut f.families, t[0], t[1]);
            let second = specificity::more_specific(&mut f.tables, &mut f.families, t[1], t[0]);
            prop_assert!(!(first && second), "{a} and {b}");
            Ok(())
        })?;
    }

    #[test]
    fn printed_types_read_back(a in any_type()) {
        with_types(&[&a], |f, t| {
            let text = f.text(t[0]);
            let back = f.ty(&text);
            prop_assert!(subtype::is_equal(&mut f.tables, &mut f.families, t[0], back), "{a} as {text}");
            Ok(())
        })?;
    }
}
