//! Programs that were wrong once, each in a file of `fuzz/corpus/typed_ir`, do the same by every way of
//! execution.

use jlift_campaign::check::check;
use jlift_campaign::reproducer;
use jlift_driver::differential::{Settings, Way};
use std::path::Path;

#[test]
fn programs_that_were_wrong_once_do_the_same_by_every_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/typed_ir");
    let llvm = jlift_driver::llvm::is_there();
    let ways = Way::ALL[1..].iter().chain(Way::FILES);
    let ways: Vec<Way> = ways.filter(|w| llvm || !w.needs_llvm()).copied().collect();
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jir"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(path).expect("a file");
        let (module, calls) = reproducer::read(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!calls.is_empty(), "{name}: no call");
        let checked = check(&module, &calls, &ways, &Settings::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        // What is not compared shows nothing.
        assert_eq!(
            checked.compared,
            calls.len(),
            "{name}: {:?}",
            checked.endings
        );
        wrong.extend(checked.wrong.iter().map(|w| format!("{name}: {w:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
