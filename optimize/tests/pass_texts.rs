//! What each pass makes of small functions: `passes/PASS/NAME.jir` becomes `passes/PASS/NAME.out`.
//! The first line of a test names the pass, `; pass: NAME`, or several in their order; the lines
//! after it say what is tested. `JLIFT_BLESS=1` rewrites the expectations, to be reviewed as a diff.
//! Every test is also run on the reference interpreter before and after.

mod support;

use jlift_ir::text::{parse, print_function};
use std::path::Path;
use support::calls::{cases, compare};
use support::{actions, check, run, texts};

#[test]
fn passes_give_the_expected_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passes");
    let mut dirs: Vec<_> = std::fs::read_dir(&root)
        .expect("the tests are part of the repository")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_dir())
        .collect();
    dirs.sort();
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, text) in dirs.iter().flat_map(|d| texts(d)) {
        count += 1;
        let what = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .display()
            .to_string();
        let actual = transform(&what, &text);
        let expected_path = path.with_extension("out");
        if bless {
            std::fs::write(&expected_path, &actual).expect("expectations are writable");
            continue;
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if expected != actual {
            wrong.push(format!(
                "{what}\n--- expected\n{expected}--- actual\n{actual}"
            ));
        }
    }
    assert!(count >= 30, "only {count} tests found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn transform(what: &str, text: &str) -> String {
    let passes = text
        .lines()
        .next()
        .and_then(|l| l.strip_prefix("; pass: "))
        .unwrap_or_else(|| panic!("{what} does not begin with `; pass: NAME`"));
    let mut module = parse(text).unwrap_or_else(|e| panic!("{what}: {}", e[0]));
    check(&module, what);
    let cases = cases(&module, 5);
    for name in passes.split_whitespace() {
        let action = actions()
            .into_iter()
            .find(|(n, _)| *n == name)
            .unwrap_or_else(|| panic!("{what}: there is no pass {name}"))
            .1;
        run(&mut module, action);
        check(&module, what);
    }
    for case in &cases {
        compare(&module, case, what);
    }
    let functions: Vec<String> = module
        .functions
        .iter()
        .filter(|(_, f)| !f.external)
        .map(|(id, _)| print_function(&module, id))
        .collect();
    functions.join("\n")
}
