//! Generated Julia programs: some by every way of execution, and those that once showed a problem.

use jlift_campaign::julia::{Plan, replay, run};
use jlift_generate::julia::Sizes;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/julia")
}

#[test]
fn generated_programs_do_the_same_by_every_way() {
    let keep = tempfile::tempdir().expect("a folder for temporary files");
    let llvm = jlift_driver::llvm::is_there();
    if !llvm {
        eprintln!("without LLVM, whose tools are not there");
    }
    let plan = Plan {
        seeds: 0..60,
        sizes: Sizes::default(),
        batch: 60,
        keep: keep.path().into(),
        llvm_every: u64::from(llvm),
        tries: 0,
        most: 0,
    };
    let report = run(&plan, &mut |_, _| {});
    println!("{report}");
    assert_eq!(report.wrong, 0, "{report}");
    assert!(report.programs >= 55, "{report}");
    assert!(report.same > 200, "{report}");
}

#[test]
fn programs_that_once_showed_a_problem_show_none() {
    let llvm = jlift_driver::llvm::is_there();
    let results = replay(&corpus(), llvm).expect("the corpus is read");
    let left: Vec<String> = results
        .iter()
        .filter(|(_, problems)| !problems.is_empty())
        .map(|(file, problems)| format!("{}: {}", file.display(), problems.join("; ")))
        .collect();
    assert!(left.is_empty(), "{}", left.join("\n"));
}
