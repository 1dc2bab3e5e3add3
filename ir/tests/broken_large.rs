//! Hostile input of great size: deep nesting, long lines, many errors, contrived control flow, large
//! types. What is tested is that the tests end: each would run for minutes or overflow the stack
//! if something took quadratic time or recursed without bound.

mod common;

use common::digest;

/// A module around statements, whose first argument is an `Int64`.
fn function(body: &str) -> String {
    format!(
        "jir 1\nfunction @1 Main.f(_2::Int64)::Int64 self=typeof(Main.f)\n#1:\n{body}\n  return 1\n"
    )
}

#[test]
fn deep_nesting_is_refused() {
    let n = 100_000;
    for (open, close) in [
        ("Tuple{", "}"),
        ("Union{", "}"),
        ("Ptr{", "}"),
        ("Vararg{", "}"),
        ("(", ")"),
        ("(", " where T)"),
        ("Base.Val{(", ")}"),
        ("Base.Val{:x, ", "}"),
    ] {
        for inner in ["Int64", "", "1"] {
            let ty = format!("{}{inner}{}", open.repeat(n), close.repeat(n));
            assert!(!digest(&function(&format!("  %1 = 1::{ty}"))));
            assert!(!digest(&function(&format!("  %1 = 1::{}", open.repeat(n)))));
        }
    }
    for (open, close) in [
        ("(", ",)"),
        ("new Main.T(", ")"),
        ("Core.tuple(", ")"),
        ("expr f(", ")"),
    ] {
        let value = format!("{}1{}", open.repeat(n), close.repeat(n));
        assert!(!digest(&function(&format!("  %1 = {value}::Int64"))));
        assert!(!digest(&format!("jir 1\nconst Main.C::Int64 = {value}\n")));
    }
}

#[test]
fn long_lines_take_linear_time() {
    for unit in ["a", "(", "1, ", "const C, "] {
        let long = unit.repeat((10 << 20) / unit.len());
        digest(&function(&format!("  %1 = Core.tuple({long})::Int64")));
    }
    let bytes = 1 << 20;
    for unit in [
        "a",
        "\"",
        "\\",
        "9",
        "(",
        "{",
        ")",
        "\0",
        " ",
        ":",
        "::",
        "const C, ",
        "global C, ",
        "%1, ",
        "1, ",
        "#1 => ",
        "type ",
        "typeof(",
        "var\"",
        "é",
        "; ",
        " < ",
        "(_2",
        "sym \"x\", ",
        "Union{",
        "Base.Val{(1, ",
        "expr boundscheck(), ",
    ] {
        let long = unit.repeat(bytes / unit.len());
        for line in [
            format!("  %1 = Core.tuple({long})::Int64"),
            format!("  %1 = {long}::Int64"),
            format!("  %1 = 1::Tuple{{{long}}}"),
            format!("  %1 = phi({long})::Int64"),
            format!("  %1 = 1::Int64  ; a.jl:1 {long}"),
            format!("  goto #{long}"),
            format!("  %{long} = 1::Int64"),
        ] {
            digest(&function(&line));
        }
        digest(&format!("jir 1\n{long}\n"));
        digest(&format!(
            "jir 1\nfunction @1 {long}()::Int64 self=Any\n#1:\n  return 1\n"
        ));
        digest(&format!("jir 1\nstruct {long}\n"));
        digest(&format!("jir 1\nconst {long}::Int64 = {long}\n"));
        digest(&long);
    }
}

/// Joins `line(i)` for all `i` below `n`.
fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

#[test]
fn many_errors_take_linear_time() {
    let n = 200_000;
    assert!(!digest(&function(&lines(n, |i| format!(
        "  %{} = %{}::Int64\n",
        i + 1,
        i + n + 9
    )))));
    assert!(!digest(&lines(n, |i| format!(
        "function @{i} Main.f()::Int64 self=Any\n"
    ))));
    let calls = lines(n, |i| {
        format!("  %{} = invoke @{} f()::Int64\n", i + 1, i + 2)
    });
    assert!(!digest(&function(&calls)));
    assert!(!digest(&function(
        &"  %1 = Base.add_int(_2, true)::Int64\n".repeat(n)
    )));
    let wrong = lines(n, |i| {
        format!("  %{} = Base.add_int(_2, true)::Int64\n", i + 1)
    });
    assert!(!digest(&function(&wrong)));
    assert!(!digest(&function(&lines(n, |i| format!(
        "  goto #{}\n#{}:\n",
        i + n,
        i + 2
    )))));
}

#[test]
fn contrived_control_flow_takes_linear_time() {
    let n = 40_000;
    // A chain of blocks: the last uses what the first defines, and each the one before.
    let chain = lines(n, |i| {
        format!(
            "  %{0} = Base.add_int(%1, %{1})::Int64\n  goto #{2}\n#{2}:\n",
            2 * i + 2,
            2 * i,
            i + 2
        )
    });
    let chain = function(&format!("  %1 = 1::Int64\n{}", chain.replace("%0)", "%1)")));
    assert!(digest(&chain));
    // Comparisons one after the other, all of which go on at one join with two phis.
    let mut cases = String::from("  goto #2\n");
    let mut phi = String::new();
    for i in 0..n {
        cases += &format!(
            "#{0}:\n  goto #{1} if not true else #{2}\n",
            i + 2,
            i + 3,
            2 * n
        );
        phi += &format!("#{} => {i}, ", i + 2);
    }
    cases += &format!("#{}:\n  goto #{}\n#{1}:\n", n + 2, 2 * n);
    phi += &format!("#{} => -1", n + 2);
    for k in 0..2 {
        cases += &format!("  %{} = phi({phi})::Int64\n", 10 * n + k);
    }
    // Many phis of few entries at a join of many blocks.
    cases += &lines(n, |k| format!("  %{} = phi(#2 => 1)::Int64\n", 11 * n + k));
    assert!(digest(&function(&cases)));
    // A chain of blocks, each of which is also left for one of a chain that meets the end of the
    // first chain: the dominator of each lies far above.
    let mut ladder = String::from("  goto #2\n");
    for i in 0..n {
        ladder += &format!(
            "#{}:\n  goto #{} if not true else #{}\n",
            i + 2,
            i + 3,
            3 * n - i
        );
    }
    ladder += &format!("#{}:\n  goto #{}\n", n + 2, 2 * n + 1);
    for i in 0..n {
        ladder += &format!(
            "#{}:\n  goto #{}\n",
            2 * n + 1 + i,
            if i + 1 < n { 2 * n + 2 + i } else { 4 * n }
        );
    }
    ladder += &format!("#{}:\n", 4 * n);
    assert!(digest(&function(&ladder)));
    // Protected regions one after the other, and one in the other.
    let regions = lines(n, |i| {
        format!(
            "  goto #{0}\n#{0}:\n  %{0} = expr enter(#{2})::Any\n#{1}:\n  %{1} = expr leave(1)::Any\n  \
             goto #{3}\n#{2}:\n  %{2} = expr leave(1)::Any\n  %{3} = expr pop_exception(%{0})::Any\n  \
             goto #{3}\n#{3}:\n",
            4 * i + 2,
            4 * i + 3,
            4 * i + 4,
            4 * i + 5
        )
    });
    assert!(digest(&function(&regions)));
    let nested = lines(n, |i| {
        format!("  %{} = expr enter(#1)::Any\n#{}:\n", i + 1, i + 2)
    });
    assert!(!digest(&function(&nested)));
}

#[test]
fn large_types_are_not_walked_again_and_again() {
    let n = 30_000;
    let elems = vec!["Int64"; n].join(", ");
    let tuple = format!("Tuple{{{elems}}}");
    let header = |params: &str, body: &str| {
        format!(
            "jir 1\nfunction @1 Main.f({params})::Int64 self=typeof(Main.f)\n#1:\n{body}  return 1\n"
        )
    };
    let gets = lines(n, |i| {
        format!(
            "  %{} = Core.getfield(_2, _3, true)::Int64\n  %{} = Core.getfield(_2, {})::Int64\n",
            2 * i + 1,
            2 * i + 2,
            i + 1
        )
    });
    assert!(digest(&header(&format!("_2::{tuple}, _3::Int64"), &gets)));
    let copies = lines(n, |i| format!("  %{} = pi(_2, type Any)::Any\n", i + 1));
    assert!(digest(&header(
        &format!("_2::{tuple}"),
        &copies.replace("pi(_2, type Any)", "_2")
    )));
    // The same value passed on as different types of many members.
    let union = |tag: usize| {
        let members: Vec<String> = (0..200).map(|i| format!("Main.T{tag}_{i}")).collect();
        format!("Union{{{}}}", members.join(", "))
    };
    let params: Vec<String> = (0..100)
        .map(|k| format!("_{}::{}", k + 2, union(k)))
        .collect();
    let mut phis = String::from("  goto #2\n#2:\n");
    for k in 0..100 {
        for l in 0..20 {
            phis += &format!(
                "  %{} = phi(#1 => _{})::{}\n",
                100 * l + k + 10,
                k + 2,
                union(l)
            );
        }
    }
    digest(&header(&params.join(", "), &phis));
    // Structs in structs.
    let structs = lines(n, |i| {
        format!(
            "struct Main.T{} inline size=8 align=8 super=Any {{ \"a\"::Main.T{} @0 }}\n",
            n - i,
            n - i - 1
        )
    });
    let innermost = "struct Main.T0 inline size=8 align=8 super=Any { \"a\"::Int64 @0 }\n";
    assert!(!digest(&format!("jir 1\n{structs}{innermost}")));
    assert!(!digest(&format!("jir 1\n{innermost}{structs}")));
    let fields: Vec<String> = (0..n)
        .map(|i| format!("\"f{i}\"::Int64 @{}", 8 * i))
        .collect();
    let wide = format!(
        "jir 1\nstruct Main.T inline size={} align=8 super=Any {{ {} }}\n",
        8 * n,
        fields.join(", ")
    );
    assert!(digest(&wide));
    let by_name = lines(n, |i| {
        format!("  %{} = Core.getfield(_2, sym \"f{i}\")::Int64\n", i + 1)
    });
    let header = header("_2::Main.T", &by_name);
    assert!(digest(
        &wide
            .replace("jir 1\n", "")
            .replacen("", "jir 1\n", 1)
            .replace(
                "}\n",
                &format!("}}\n{}", header.trim_start_matches("jir 1\n"))
            )
    ));
}
