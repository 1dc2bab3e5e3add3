//! The type relations against tables of Julia 1.10.

#[path = "types/fixture.rs"]
mod fixture;

use fixture::Fixture;
use jlift_infer::types::{intersect, join, subtype};
use jlift_ir::Type;

const GOLDEN: &str = include_str!("data/types_golden.tsv");

struct Row<'a> {
    a: &'a str,
    b: &'a str,
    subtype: bool,
    meet: &'a str,
    join: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let rows: Vec<Row> = GOLDEN
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [a, b, subtype, meet, join] = columns[..] else {
                panic!("malformed row `{line}`");
            };
            Row {
                a,
                b,
                subtype: subtype == "true",
                meet,
                join,
            }
        })
        .collect();
    assert_eq!(rows.len(), 112 * 112, "the table is complete");
    rows
}

fn report(what: &str, wrong: Vec<String>, allowed: usize) {
    assert!(
        wrong.len() <= allowed,
        "{} rows of {what} are wrong, e.g.\n{}",
        wrong.len(),
        wrong[..wrong.len().min(400)].join("\n")
    );
}

#[test]
fn subtyping_agrees_with_julia_on_all_pairs() {
    let mut f = Fixture::new();
    let mut wrong = Vec::new();
    for row in rows() {
        let (a, b) = (f.ty(row.a), f.ty(row.b));
        let got = subtype::is_subtype(&mut f.tables, &mut f.families, a, b);
        if got != row.subtype {
            wrong.push(format!("{} <: {} gives {got}", row.a, row.b));
        }
    }
    assert!(!f.families.take_overflow());
    report("<:", wrong, 0);
}

#[test]
fn intersection_agrees_with_julia_on_all_pairs() {
    let mut f = Fixture::new();
    let (mut wrong, mut spelled) = (Vec::new(), Vec::new());
    for row in rows() {
        let (a, b) = (f.ty(row.a), f.ty(row.b));
        let want = f.ty(row.meet);
        let got = intersect::intersect(&mut f.tables, &mut f.families, a, b);
        if f.families.take_overflow() {
            wrong.push(format!("{} & {}: given up", row.a, row.b));
        }
        let text = f.text(got);
        if text == row.meet {
            continue;
        }
        let line = format!("{} & {}: {} instead of {}", row.a, row.b, text, row.meet);
        if subtype::is_equal(&mut f.tables, &mut f.families, got, want) {
            spelled.push(line);
        } else {
            wrong.push(line);
        }
    }
    report("typeintersect", wrong, 0);
    report("typeintersect (text only)", spelled, 0);
}

#[test]
fn typejoin_agrees_with_julia_on_all_pairs() {
    let mut f = Fixture::new();
    let mut wrong = Vec::new();
    for row in rows() {
        let (a, b) = (f.ty(row.a), f.ty(row.b));
        let got = join::typejoin(&mut f.tables, &mut f.families, a, b);
        let text = f.text(got);
        if text != row.join {
            wrong.push(format!(
                "{} | {}: {} instead of {}",
                row.a, row.b, text, row.join
            ));
        }
    }
    assert!(!f.families.take_overflow());
    report("typejoin", wrong, 0);
}

#[test]
fn types_print_as_julia_prints_them() {
    let mut f = Fixture::new();
    let mut wrong = Vec::new();
    // The intersection with `Any` is the type itself.
    for row in rows().iter().filter(|r| r.a == "Any") {
        let ty = f.ty(row.b);
        let got = f.text(ty);
        if got != row.meet {
            wrong.push(format!("{}: {got} instead of {}", row.b, row.meet));
        }
    }
    report("printing", wrong, 0);
    assert_eq!(f.text(Type::BOTTOM), "Union{}");
}
