//! Which blocks are in a loop that contains no other loop: where most time goes. Knows edges only.

use cranelift_entity::{EntitySet, SecondaryMap, packed_option::PackedOption};
use jlift_ir::Block;
use jlift_ir::cfg::Cfg;

/// The blocks of innermost natural loops.
///
/// Loops are collected from the inside out; a loop that is complete is represented by its header
/// from then on, so that every block is walked over a few times only.
pub fn innermost_loop_bodies(cfg: &Cfg) -> EntitySet<Block> {
    let mut bodies = EntitySet::new();
    // The header of the innermost complete loop that a block or a loop is part of.
    let mut inside: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
    let mut stack = Vec::new();
    for &header in cfg.rpo().iter().rev() {
        stack.extend(
            cfg.preds(header)
                .iter()
                .copied()
                .filter(|&p| cfg.is_back_edge(p, header)),
        );
        if stack.is_empty() {
            continue;
        }
        let mut body = vec![header];
        let mut is_innermost = true;
        while let Some(block) = stack.pop() {
            let top = representative(&mut inside, block);
            if top == header {
                continue;
            }
            is_innermost &= top == block && !is_header(cfg, top);
            inside[top] = header.into();
            body.push(top);
            stack.extend(
                cfg.preds(top)
                    .iter()
                    .copied()
                    .filter(|&p| cfg.dominates(header, p)),
            );
        }
        if is_innermost {
            for block in body {
                bodies.insert(block);
            }
        }
    }
    bodies
}

fn is_header(cfg: &Cfg, block: Block) -> bool {
    cfg.preds(block).iter().any(|&p| cfg.is_back_edge(p, block))
}

/// The header of the outermost complete loop around a block, or the block. Shortens the path.
fn representative(inside: &mut SecondaryMap<Block, PackedOption<Block>>, block: Block) -> Block {
    let mut top = block;
    while let Some(up) = inside[top].expand() {
        top = up;
    }
    let mut at = block;
    while let Some(up) = inside[at].expand() {
        if up == top {
            break;
        }
        inside[at] = top.into();
        at = up;
    }
    top
}
