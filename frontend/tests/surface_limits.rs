//! Any bytes are answered with a tree or diagnostics: broken programs, hostile nesting, damaged
//! files. And every kernel is accepted.

mod support;

use jlift_frontend::surface::{Node, NodeData, Tree};
use jlift_ir::Tables;
use support::{diagnostic, kernels, listing, parse};

#[test]
fn broken_programs_are_diagnosed_where_they_are_broken() {
    let sources = [
        "f(",
        ")",
        "end",
        "if",
        "if x",
        "function f(",
        "struct end",
        "x = ",
        "1 2",
        "a b",
        "x ** y",
        "a--",
        "\"abc",
        "\"\\q\"",
        "'ab'",
        "''",
        "'\\q'",
        "`ls`",
        "0x",
        "1e400",
        "1f40",
        "0x1.8",
        "#= x",
        "begin #= x",
        "a ? b",
        "a ?b : c",
        "for i",
        "for",
        "while",
        "[1, 2",
        "(a b)",
        "{",
        "module",
        "import",
        "import A as",
        "a.",
        "::",
        "@",
        "do",
        "a do x end",
        "const x",
        "quote",
        "let",
        "try",
        "try x end",
        "catch",
        "begin do end",
        "abstract type",
        "primitive type A end",
        "[1 2;; 3]",
        "x = \"$(\"",
        "\"\"\"",
        "?",
        "...",
        "a:",
        "&&",
        "end end",
        "a = 1; )",
        "f x",
        "x.'",
        "using",
        "export",
        "a[",
        "{a",
        "f(x",
        "function",
        "macro",
        "\u{1}",
        "x = 1 end",
        "else",
        "if x else else end",
        "x -> ",
        "\\",
        "=",
        "= 1",
        "a,",
        "local",
        "function f x end",
    ];
    for source in sources {
        let found = parse(source).parsed.diagnostics;
        let accepted = matches!(source, "\\" | "a," | "local");
        assert!(accepted || !found.is_empty(), "accepted: {source}");
    }
    insta::assert_snapshot!(listing(&sources, |s| {
        let lines: Vec<String> = parse(s).parsed.diagnostics.iter().map(diagnostic).collect();
        lines.join("\n")
    }));
}

#[test]
fn bytes_that_are_no_utf8_are_located() {
    let found = parse(b"x = 1\ny = \"\xff\"\n").parsed.diagnostics;
    assert_eq!(found.len(), 1);
    assert_eq!(diagnostic(&found[0]), "11..12: invalid UTF-8");
}

#[test]
fn empty_files_are_empty_programs() {
    for source in ["", " ", "\n\n", "# comment", "#= c =#\n", ";"] {
        let parsed = parse(source).parsed;
        assert!(parsed.items.is_empty(), "{source:?}");
        assert!(parsed.diagnostics.is_empty(), "{source:?}");
    }
}

/// Nesting that would overflow the stack or take exponential time is refused; what people write
/// is not.
#[test]
fn deep_nesting_is_refused_and_sane_nesting_accepted() {
    let nested = |open: &str, n: usize, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
        ("{", "1", "}"),
        ("f(x, ", "1", ")"),
        ("begin\n", "1", "\nend"),
        ("if a\n", "1", "\nend"),
        ("function f()\n", "1", "\nend"),
        ("[x for x in ", "1", "]"),
        ("\"$(", "1", ")\""),
        (":(", "1", ")"),
        ("- ", "x", ""),
        ("!", "x", ""),
        ("a = ", "1", ""),
        ("a =\n", "1", ""),
        ("a^", "1", ""),
        ("a - ", "1", ""),
        ("a && ", "1", ""),
        ("a ? b : ", "1", ""),
        ("x -> ", "1", ""),
        ("@m ", "1", ""),
        ("return ", "1", ""),
        ("a.", "b", ""),
        ("f", "", "(1)"),
        ("x", "", "'"),
        ("x where ", "T", ""),
        ("(a;", "1", ")"),
        ("(a, ", "1", ")"),
        ("let x = ", "1", "; x end"),
        ("try\n", "1", "\ncatch\nend"),
        ("$", "x", ""),
        ("::", "x", ""),
        ("f() do\n", "1", "\nend"),
        ("@m(", "1", ")"),
        ("A{", "1", "}"),
    ] {
        let deep = nested(open, 10_000, inner, close);
        let found = parse(&deep).parsed.diagnostics;
        assert!(!found.is_empty(), "10,000 of {open:?} are accepted");
        let depth = if matches!(open, "x" | "f") { 1 } else { 8 };
        let sane = nested(open, depth, inner, close);
        let found = parse(&sane).parsed.diagnostics;
        let own = matches!(open, "x where " | "::" | "return ");
        assert!(own || found.is_empty(), "{depth} of {open:?}: {found:?}");
    }
}

/// The deepest trees can be printed on a thread's usual stack.
#[test]
fn the_deepest_accepted_trees_can_be_printed() {
    for (open, close) in [("f(x, ", ")"), ("if a\n", "\nend"), ("-", ""), ("x = ", "")] {
        let text = format!("{}1{}", format!("{open} ").repeat(480), close.repeat(480));
        let source = parse(&text);
        assert_eq!(source.parsed.diagnostics, [], "{open}");
        assert!(source.text().len() > 480);
        let item = source.parsed.items[0];
        let julia =
            jlift_frontend::surface_text::to_julia(&source.parsed.tree, item, &source.tables);
        assert!(julia.len() > 480);
    }
}

/// Long is not deep.
#[test]
fn long_files_and_flat_expressions_are_accepted() {
    let functions: String = (0..3_000)
        .map(|i| format!("function f{i}(x)\n    if x > 1\n        x[end] + {i}\n    end\nend\n"))
        .collect();
    let parsed = parse(&functions).parsed;
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.items.len(), 3_000);
    for flat in [
        format!("x = {}1", "a + ".repeat(20_000)),
        format!("x = [{}1]", "1, ".repeat(50_000)),
        format!("x = [{}1]", "1 -2\n".repeat(20_000)),
        format!("f(x, {}1)", "x, ".repeat(20_000)),
        format!(
            "x = muladd(x, {}1{}",
            "muladd(x, ".repeat(40),
            ")".repeat(41)
        ),
    ] {
        assert_eq!(parse(&flat).parsed.diagnostics, [], "{}", &flat[..20]);
    }
}

fn check_spans(tree: &Tree, node: Node, tables: &Tables, text: &str) {
    let span = tree.span(node).expect("every node has a place");
    assert!(span.start <= span.end && span.end as usize <= text.len());
    let source = &text[span.start as usize..span.end as usize];
    match tree.data(node) {
        NodeData::Symbol(name) => {
            let name = tables.names.str(*name);
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            assert!(!plain || source.contains(name), "{name} at {source:?}");
        }
        NodeData::Bits { ty, bits } if *ty == jlift_ir::Type::INT64 && *bits < 10 => {
            assert!(
                source.contains(&bits.to_string()) || source.starts_with('['),
                "{bits} at {source:?}"
            );
        }
        NodeData::Quote(inner) => check_spans(tree, *inner, tables, text),
        _ => {}
    }
    for &arg in tree.args(node) {
        check_spans(tree, arg, tables, text);
    }
}

#[test]
fn kernels_are_accepted_and_every_node_has_its_place() {
    for (path, bytes) in kernels() {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let source = parse(&text);
        assert_eq!(source.parsed.diagnostics, [], "{path}");
        assert!(!source.text().contains("(error"), "{path}");
        for &item in &source.parsed.items {
            check_spans(&source.parsed.tree, item, &source.tables, &text);
        }
        let expanded = source.expanded(&text);
        assert!(!expanded.contains("macro `"), "{path}: {expanded}");
        assert!(!expanded.contains("(macrocall"), "{path}");
    }
}

/// Truncated and damaged files neither panic nor hang.
#[test]
fn damaged_files_are_answered() {
    let files = kernels();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let junk = b"()[]{}\"'`#=;,:.$@\\end \n\tbegin for x -> 0x1.e? &&";
    for (path, bytes) in &files {
        let piece = &bytes[..bytes.len().min(3_000)];
        for _ in 0..12 {
            let mut damaged = piece[..random(piece.len())].to_vec();
            for _ in 0..random(6) {
                if damaged.is_empty() {
                    break;
                }
                let at = random(damaged.len());
                match random(3) {
                    0 => {
                        damaged.remove(at);
                    }
                    1 => damaged.insert(at, junk[random(junk.len())]),
                    _ => damaged[at] = junk[random(junk.len())],
                }
            }
            let source = parse(&damaged);
            // A tree with errors in it comes with a diagnostic.
            let text = source.text();
            assert!(
                !text.contains("(error)") || !source.parsed.diagnostics.is_empty(),
                "{path}: {:?}",
                String::from_utf8_lossy(&damaged)
            );
        }
    }
}
