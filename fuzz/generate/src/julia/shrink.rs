//! Makes a program smaller as long as it keeps a property, which whoever executes it knows.

use super::statement::for_each_expr;
use super::tree::{Expr, Program, Stmt};
use super::types::Ty;

/// The smallest program found that `keeps` the property that `program` has, by at most `tries`
/// questions.
pub fn shrink(program: &Program, tries: usize, mut keeps: impl FnMut(&Program) -> bool) -> Program {
    let mut best = program.clone();
    let mut left = tries;
    let mut ask = |candidate: Program, best: &mut Program| {
        if left == 0 {
            return false;
        }
        left -= 1;
        let kept = keeps(&candidate);
        if kept {
            *best = candidate;
        }
        kept
    };
    for n in 0..best.inputs.len() {
        let mut one = best.clone();
        one.inputs = vec![program.inputs[n]];
        if ask(one, &mut best) {
            break;
        }
    }
    loop {
        let size = best.size();
        // Larger parts first.
        for n in (0..best.functions.len().saturating_sub(1)).rev() {
            let mut without = best.clone();
            without.functions.remove(n);
            ask(without, &mut best);
        }
        for edit in [remove as fn(&mut Vec<Stmt>, usize), unwrap] {
            let mut n = 0;
            while n < statements(&best) {
                let mut smaller = best.clone();
                edit_statement(&mut smaller, n, edit);
                if smaller.size() >= best.size() || !ask(smaller, &mut best) {
                    n += 1;
                }
            }
        }
        let mut n = 0;
        while n < expressions(&best) {
            let mut choice = 0;
            let mut found = false;
            while let Some(smaller) = with_smaller_expression(&best, n, choice) {
                choice += 1;
                if smaller.size() < best.size() && ask(smaller, &mut best) {
                    found = true;
                    break;
                }
            }
            n += usize::from(!found);
        }
        if best.size() == size {
            return best;
        }
    }
}

fn statements(program: &Program) -> usize {
    fn count(block: &[Stmt]) -> usize {
        let inner = |s: &Stmt| s.blocks.iter().map(|b| count(b)).sum::<usize>();
        block.iter().map(|s| 1 + inner(s)).sum()
    }
    program.functions.iter().map(|f| count(&f.body)).sum()
}

fn remove(block: &mut Vec<Stmt>, at: usize) {
    block.remove(at);
}

/// A compound statement becomes what is in it.
fn unwrap(block: &mut Vec<Stmt>, at: usize) {
    if !block[at].blocks.is_empty() {
        let inner = std::mem::take(&mut block[at].blocks);
        block.splice(at..=at, inner.into_iter().flatten());
    }
}

fn edit_statement(program: &mut Program, n: usize, edit: fn(&mut Vec<Stmt>, usize)) {
    fn find(block: &mut Vec<Stmt>, left: &mut usize, edit: fn(&mut Vec<Stmt>, usize)) -> bool {
        for at in 0..block.len() {
            if *left == 0 {
                edit(block, at);
                return true;
            }
            *left -= 1;
            for inner in &mut block[at].blocks {
                if find(inner, left, edit) {
                    return true;
                }
            }
        }
        false
    }
    let mut left = n;
    for function in &mut program.functions {
        if find(&mut function.body, &mut left, edit) {
            return;
        }
    }
}

fn expressions(program: &Program) -> usize {
    let mut program = program.clone();
    let mut count = 0;
    roots(&mut program, &mut |e| count += e.size());
    count
}

fn roots(program: &mut Program, f: &mut impl FnMut(&mut Expr)) {
    for function in &mut program.functions {
        for stmt in &mut function.body {
            for_each_expr(stmt, f);
        }
        f(&mut function.result);
    }
}

/// Expression `n` replaced by one of its parts, or by a literal; `None` behind the last choice.
fn with_smaller_expression(program: &Program, n: usize, choice: usize) -> Option<Program> {
    let mut smaller = program.clone();
    let (mut left, mut done) = (n, false);
    roots(&mut smaller, &mut |root| {
        if left < root.size() && !done {
            done = at(root, left).is_some_and(|e| replace(e, choice));
            left = usize::MAX / 2;
        } else {
            left = left.saturating_sub(root.size());
        }
    });
    done.then_some(smaller)
}

/// Node `n` of an expression, in preorder.
fn at(expr: &mut Expr, n: usize) -> Option<&mut Expr> {
    if n == 0 {
        return Some(expr);
    }
    let mut left = n - 1;
    for arg in &mut expr.args {
        let size = arg.size();
        if left < size {
            return at(arg, left);
        }
        left -= size;
    }
    None
}

fn replace(expr: &mut Expr, choice: usize) -> bool {
    let mut choices: Vec<Expr> = literal(&expr.ty).into_iter().collect();
    collect(expr, &expr.ty, &mut choices);
    match choices.into_iter().nth(choice) {
        Some(smaller) => {
            *expr = smaller;
            true
        }
        None => false,
    }
}

fn collect(expr: &Expr, ty: &Ty, out: &mut Vec<Expr>) {
    for arg in &expr.args {
        if arg.ty == *ty {
            out.push(arg.clone());
        }
        collect(arg, ty, out);
    }
}

fn literal(ty: &Ty) -> Option<Expr> {
    let text = match ty {
        Ty::Nothing => "nothing".to_string(),
        Ty::Bool => "true".to_string(),
        _ if *ty == Ty::INT64 => "1".to_string(),
        _ if *ty == Ty::FLOAT64 => "1.0".to_string(),
        Ty::Int { .. } | Ty::Float(_) => format!("{}(1)", ty.text(0)),
        Ty::Char => "'a'".to_string(),
        Ty::Text => "\"\"".to_string(),
        _ => return None,
    };
    Some(Expr::leaf(ty.clone(), text))
}

#[cfg(test)]
mod tests {
    use super::shrink;
    use crate::julia::{Sizes, generate};
    use crate::random::SeedBytes;
    use arbitrary::Unstructured;

    #[test]
    fn what_matters_is_kept_and_most_of_the_rest_goes() {
        let mut shrunk = 0;
        for seed in 0..200 {
            let bytes = SeedBytes::new(seed).bytes(4096);
            let program =
                generate(&mut Unstructured::new(&bytes), 0, &Sizes::default()).expect("a program");
            if !program.text().contains("sort(") || program.size() < 60 {
                continue;
            }
            let small = shrink(&program, 3000, |p| p.text().contains("sort("));
            assert!(small.text().contains("sort("));
            assert!(small.size() * 2 < program.size(), "{}", small.text());
            shrunk += 1;
        }
        assert!(shrunk > 5, "{shrunk}");
    }
}
