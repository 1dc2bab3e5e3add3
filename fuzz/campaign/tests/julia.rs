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
        file_every: 1,
        tries: 0,
        most: 0,
        log: None,
    };
    let report = run(&plan, &mut |_, _| {}).expect("a campaign");
    println!("{report}");
    assert_eq!(report.wrong, 0, "{report}");
    assert!(report.programs >= 55, "{report}");
    assert!(report.same > 200, "{report}");
}

#[test]
fn programs_that_once_showed_a_problem_show_none() {
    let llvm = jlift_driver::llvm::is_there();
    let results = replay(&corpus(), llvm).expect("the corpus is read");
    assert!(!results.is_empty());
    for (file, replayed) in results {
        let name = file.display();
        let problems = &replayed.problems;
        assert!(problems.is_empty(), "{name}: {}", problems.join("; "));
        // What is not executed shows nothing.
        assert!(replayed.calls > 0, "{name}: no calls");
        assert_eq!(replayed.same, replayed.calls, "{name}");
    }
}
