//! Random programs: any control flow graph, irreducible ones included, over a few variables in
//! maximal SSA form (every block where edges meet has a phi of every variable), with what the passes
//! look for: constants and repetitions, comparisons of the same operands, pairs, negated branches.

use super::input::Random;
use std::fmt::Write;

const NUMBERS: usize = 3;
const TRUTHS: usize = 2;

#[derive(Clone)]
enum End {
    Goto(usize),
    Branch(String, usize, usize),
    Return(String),
}

struct Block {
    lines: Vec<String>,
    end: End,
    /// The variables at the end.
    out: Vec<String>,
}

/// The text of a module with one function of two integers.
pub fn program(seed: u64) -> String {
    let mut random = Random::new(seed);
    let count = 2 + random.below(9) as usize;
    // Destinations first: phis need the predecessors.
    let mut ends: Vec<End> = (0..count)
        .map(|n| {
            let mut dest = || 1 + random.below(count as u64 - 1) as usize;
            let (a, b) = (dest(), dest());
            match random.below(8) {
                0 => End::Return(String::new()),
                // Mostly forward, so that programs end.
                1 | 2 => End::Goto(if n + 1 < count { n + 1 } else { a }),
                3 => End::Goto(a),
                4 => End::Branch(String::new(), a, b),
                _ => End::Branch(String::new(), (n + 1) % count.max(2), a),
            }
        })
        .collect();
    for end in &mut ends {
        if let End::Branch(_, a, b) = end {
            // The entry has no predecessors.
            *a = (*a).max(1);
            *b = (*b).max(1);
            if a == b {
                *end = End::Goto(*a);
            }
        }
    }
    ends[count - 1] = End::Return(String::new());
    let mut preds: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (n, end) in ends.iter().enumerate() {
        match *end {
            End::Goto(a) => preds[a].push(n),
            End::Branch(_, a, b) => {
                preds[a].push(n);
                preds[b].push(n);
            }
            End::Return(_) => {}
        }
    }
    // Statements are numbered with a place for every terminator.
    let mut number = 0;
    let mut blocks: Vec<Block> = Vec::new();
    let mut phi_numbers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for n in 0..count {
        let mut lines = Vec::new();
        let mut vars: Vec<String> = if n == 0 {
            ["_2", "_3", "0", "true", "false"]
                .map(String::from)
                .to_vec()
        } else {
            (0..NUMBERS + TRUTHS)
                .map(|_| {
                    number += 1;
                    phi_numbers[n].push(number);
                    format!("%{number}")
                })
                .collect()
        };
        for _ in 0..random.below(5) {
            statement(&mut random, &mut number, &mut lines, &mut vars);
        }
        let end = match ends[n] {
            End::Goto(a) => End::Goto(a),
            End::Branch(_, a, b) => {
                let truth = NUMBERS + random.below(TRUTHS as u64) as usize;
                End::Branch(vars[truth].clone(), a, b)
            }
            End::Return(_) => End::Return(vars[random.below(NUMBERS as u64) as usize].clone()),
        };
        number += 1;
        blocks.push(Block {
            lines,
            end,
            out: vars,
        });
    }
    print(&blocks, &preds, &phi_numbers)
}

fn statement(
    random: &mut Random,
    number: &mut usize,
    lines: &mut Vec<String>,
    vars: &mut [String],
) {
    let pick = |random: &mut Random| match random.below(4) {
        0 => (random.below(5) as i64 - 1).to_string(),
        _ => vars[random.below(NUMBERS as u64) as usize].clone(),
    };
    let (a, b) = (pick(random), pick(random));
    let truth = vars[NUMBERS + random.below(TRUTHS as u64) as usize].clone();
    let other = vars[NUMBERS + random.below(TRUTHS as u64) as usize].clone();
    let number_target = random.below(NUMBERS as u64) as usize;
    let truth_target = NUMBERS + random.below(TRUTHS as u64) as usize;
    let mut emit = |text: String, ty: &str| {
        *number += 1;
        lines.push(format!("  %{number} = {text}::{ty}"));
        format!("%{number}")
    };
    let compare = ["slt_int", "sle_int", "eq_int", "ne_int", "ult_int"];
    match random.below(10) {
        0 | 1 => vars[number_target] = emit(format!("Base.add_int({a}, {b})"), "Int64"),
        2 => vars[number_target] = emit(format!("Base.sub_int({a}, {b})"), "Int64"),
        3 => {
            let op = ["and_int", "mul_int", "xor_int", "checked_sdiv_int"];
            let op = op[random.below(4) as usize];
            vars[number_target] = emit(format!("Base.{op}({a}, {b})"), "Int64");
        }
        4..=6 => {
            let op = compare[random.below(5) as usize];
            vars[truth_target] = emit(format!("Base.{op}({a}, {b})"), "Bool");
        }
        7 => vars[truth_target] = emit(format!("Base.not_int({truth})"), "Bool"),
        8 => {
            let op = ["and_int", "or_int"][random.below(2) as usize];
            vars[truth_target] = emit(format!("Base.{op}({truth}, {other})"), "Bool");
        }
        _ => {
            let pair = emit(format!("Core.tuple({a}, {truth})"), "Tuple{Int64, Bool}");
            let (field, target, ty) = match random.below(2) {
                0 => (1, number_target, "Int64"),
                _ => (2, truth_target, "Bool"),
            };
            vars[target] = emit(format!("Core.getfield({pair}, {field})"), ty);
        }
    }
}

fn print(blocks: &[Block], preds: &[Vec<usize>], phis: &[Vec<usize>]) -> String {
    let mut out = String::from(
        "jir 1\n\nsingleton typeof(Main.f) super=Function\n\n\
         function @1 Main.f(_2 a::Int64, _3 b::Int64)::Int64 self=typeof(Main.f) export\n",
    );
    for (n, block) in blocks.iter().enumerate() {
        let _ = writeln!(out, "#{}:", n + 1);
        for (v, number) in phis[n].iter().enumerate() {
            let entries: Vec<String> = preds[n]
                .iter()
                .map(|&p| format!("#{} => {}", p + 1, blocks[p].out[v]))
                .collect();
            let ty = if v < NUMBERS { "Int64" } else { "Bool" };
            let _ = writeln!(out, "  %{number} = phi({})::{ty}", entries.join(", "));
        }
        for line in &block.lines {
            let _ = writeln!(out, "{line}");
        }
        let _ = match &block.end {
            End::Goto(a) => writeln!(out, "  goto #{}", a + 1),
            End::Branch(c, a, b) => writeln!(out, "  goto #{} if not {c} else #{}", b + 1, a + 1),
            End::Return(v) => writeln!(out, "  return {v}"),
        };
    }
    out
}
