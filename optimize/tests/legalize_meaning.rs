//! Legalization keeps what functions compute: the kernels that Julia compiled are interpreted on
//! random arguments before and after. What threw before, throws after.

mod support;

use jlift_ir::Func;
use jlift_optimize::legalize::{Capabilities, ShimSource, legalize};
use support::input::Random;
use support::interpreter::{Interpreter, Stop, Val};
use support::{kernels, texts};

const INPUTS: u64 = 10;
const FUEL: u64 = 20_000;

fn shims() -> ShimSource {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-shims/jir");
    let texts = texts(&dir);
    ShimSource::new(
        texts
            .into_iter()
            .map(|(_, text)| ("shims".to_string(), text)),
    )
}

#[test]
fn legalized_kernels_compute_what_they_did() {
    let shims = shims();
    let (mut returned, mut threw) = (0, 0);
    for (name, module) in kernels() {
        // Every function with a signature that can be called is a root, not only the exports.
        let roots: Vec<Func> = module
            .functions
            .iter()
            .filter(|(_, f)| {
                let mut random = Random::new(1);
                f.params
                    .iter()
                    .all(|p| random.value(&module.tables, p.ty).is_some())
            })
            .map(|(id, _)| id)
            .collect();
        let mut legal = module.clone();
        if let Err(d) = legalize(&mut legal, &roots, &shims, &Capabilities::complete()) {
            panic!("{name}: {}: {}", legal.describe(d[0].func), d[0].message);
        }
        for &id in &roots {
            let func = &module.functions[id];
            for n in 0..INPUTS {
                let mut random = Random::new(n << 32 ^ (func.insts.len() as u64) << 8);
                let types = std::iter::once(func.self_type).chain(func.params.iter().map(|p| p.ty));
                let args: Option<Vec<Val>> =
                    types.map(|ty| random.value(&module.tables, ty)).collect();
                let Some(args) = args else { break };
                let memory = random.memory();
                let mut before = Interpreter::new(&module, memory.clone(), FUEL);
                let want = before.call(id, &args);
                if !matches!(want, Ok(_) | Err(Stop::Throw(_))) {
                    continue;
                }
                let mut after = Interpreter::new(&legal, memory, 4 * FUEL);
                let got = after.call(id, &args);
                let same = match (&want, &got) {
                    (Ok(a), Ok(b)) => a.same(b),
                    // The interpreter stops where the error record is opened.
                    (Err(_), Err(Stop::Skip("foreign call"))) => true,
                    _ => false,
                };
                let what = module.describe(id);
                assert!(same, "{name}: {what} of {args:?}: {want:?}, then {got:?}");
                assert!(before.memory == after.memory, "{name}: {what} of {args:?}");
                match want {
                    Ok(_) => returned += 1,
                    Err(_) => threw += 1,
                }
            }
        }
    }
    assert!(returned > 1500 && threw > 50, "{returned} {threw}");
}
