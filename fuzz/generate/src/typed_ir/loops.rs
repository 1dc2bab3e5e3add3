//! Loops, all of which end: each counts its rounds. Besides those that programs have, tangles: blocks
//! that go to each other in any way, as no source can say.

use super::body::{Around, Body, End};
use jlift_ir::function::Terminator;
use jlift_ir::{Block, Inst, Intrinsic, Type, Value};

/// The phis at the head of a loop: one of each variable.
struct Head {
    block: Block,
    phis: Vec<Inst>,
}

impl Body<'_, '_, '_, '_, '_> {
    /// Rounds of a loop: a small number, constant or not.
    fn rounds(&mut self) -> Option<Value> {
        if self.c.percent(50) {
            return Some(Value::int64(self.c.between(1, 6) as i64));
        }
        let any = self.value_of(Type::INT64)?;
        Some(self.intrinsic(Intrinsic::AndInt, &[any, Value::int64(7)], Type::INT64))
    }

    fn head(&mut self, block: Block) -> Head {
        self.begin(block);
        let mut phis = Vec::with_capacity(self.vars.len());
        for n in 0..self.vars.len() {
            let (phi, value) = self.open_phi(self.vars[n].ty);
            phis.push(phi);
            self.vars[n].value = value;
        }
        Head { block, phis }
    }

    /// Gives the phis of a head their entries.
    fn close(&mut self, head: &Head, ends: &[End]) {
        for (n, &phi) in head.phis.iter().enumerate() {
            let entries: Vec<(Block, Value)> =
                ends.iter().map(|e| (e.block, e.vars[n].value)).collect();
            self.f.set_phi(phi, &entries);
        }
        for end in ends {
            self.f.blocks[end.block].term = Terminator::Goto(head.block);
        }
    }

    /// A loop with its condition at the top or at the end.
    pub fn repeat(&mut self) -> Option<()> {
        if !self.may_nest() || self.around.len() >= 2 {
            return None;
        }
        let rounds = self.rounds()?;
        let at_top = self.c.percent(60);
        let before = self.end();
        let outer = self.scope();
        let block = self.new_block();
        let head = self.head(block);
        let (counter, count) = self.open_phi(Type::INT64);
        let mut exits: Vec<End> = Vec::new();
        let mut exit_branch = None;
        if at_top {
            let cond = self.intrinsic(Intrinsic::SltInt, &[count, rounds], Type::BOOL);
            let (inside, out) = (self.new_block(), self.new_block());
            exits.push(End {
                block: out,
                vars: self.vars.clone(),
            });
            self.terminate(Terminator::Branch {
                cond,
                then_dest: inside,
                else_dest: out,
            });
            exit_branch = Some(out);
            self.begin(inside);
        }
        self.define(count, Type::INT64);
        self.around.push(Around {
            breaks: Vec::new(),
            continues: Vec::new(),
            regions: self.regions.len(),
            handling: self.handling,
        });
        let statements = self.c.between(1, 4);
        self.nested(statements);
        let around = self.around.pop()?;
        exits.extend(around.breaks);
        let mut latches = around.continues;
        if self.alive {
            latches.push(self.end());
        }
        // One block in which all rounds end.
        self.join(&outer, &latches);
        let mut back = Vec::new();
        if self.alive {
            let one = Value::int64(1);
            let next = self.intrinsic(Intrinsic::AddInt, &[count, one], Type::INT64);
            if at_top {
                let end = self.end();
                self.f.set_phi(
                    counter,
                    &[(before.block, Value::int64(0)), (end.block, next)],
                );
                back.push(end);
            } else {
                let cond = self.intrinsic(Intrinsic::SltInt, &[next, rounds], Type::BOOL);
                let (again, out) = (self.new_block(), self.new_block());
                let vars = self.vars.clone();
                self.terminate(Terminator::Branch {
                    cond,
                    then_dest: again,
                    else_dest: out,
                });
                exits.push(End {
                    block: out,
                    vars: vars.clone(),
                });
                exit_branch = Some(out);
                self.begin(again);
                self.f
                    .set_phi(counter, &[(before.block, Value::int64(0)), (again, next)]);
                back.push(End { block: again, vars });
                self.alive = false;
            }
        } else {
            self.f.set_phi(counter, &[(before.block, Value::int64(0))]);
        }
        let mut entries = vec![before];
        entries.extend(back);
        self.close(&head, &entries);
        if let Some(out) = exit_branch {
            self.begin(out);
        }
        self.join(&outer, &exits);
        Some(())
    }

    /// `break` or `continue` under a condition.
    pub fn jump_out(&mut self) -> Option<()> {
        let around = self.around.last()?;
        if around.regions != self.regions.len() || around.handling != self.handling {
            return None;
        }
        let cond = self.condition()?;
        let (out, stay) = (self.new_block(), self.new_block());
        let end = End {
            block: out,
            vars: self.vars.clone(),
        };
        self.terminate(Terminator::Branch {
            cond,
            then_dest: out,
            else_dest: stay,
        });
        let breaks = self.c.percent(60);
        let around = self.around.last_mut()?;
        match breaks {
            true => around.breaks.push(end),
            false => around.continues.push(end),
        }
        self.begin(out);
        self.begin(stay);
        Some(())
    }

    /// Some blocks that go to each other; after so many steps control leaves them.
    pub fn tangle(&mut self) -> Option<()> {
        if !self.may_nest() || !self.around.is_empty() {
            return None;
        }
        let steps = self.rounds()?;
        let count = self.c.between(2, 4);
        let heads: Vec<Block> = (0..count).map(|_| self.new_block()).collect();
        let scope = self.scope();
        let cond = self.condition()?;
        let last = heads.len() - 1;
        // Each edge comes from a block of its own, so that no block goes to one twice.
        let mut edges: Vec<(usize, End, Value)> = Vec::new();
        let entering = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: entering.0,
            else_dest: entering.1,
        });
        for (block, to) in [(entering.0, 0), (entering.1, last)] {
            self.restore(&scope);
            self.begin(block);
            let end = self.end();
            edges.push((to, end, steps));
        }
        let mut exits = Vec::new();
        let mut made: Vec<(Head, Inst)> = Vec::new();
        for &block in &heads {
            self.restore(&scope);
            let head = self.head(block);
            let (counter, left) = self.open_phi(Type::INT64);
            made.push((head, counter));
            let statements = self.c.below(3);
            self.nested(statements);
            if !self.alive {
                continue;
            }
            let left = self.intrinsic(Intrinsic::SubInt, &[left, Value::int64(1)], Type::INT64);
            let over = self.intrinsic(Intrinsic::SleInt, &[left, Value::int64(0)], Type::BOOL);
            let (out, on) = (self.new_block(), self.new_block());
            exits.push(End {
                block: out,
                vars: self.vars.clone(),
            });
            self.terminate(Terminator::Branch {
                cond: over,
                then_dest: out,
                else_dest: on,
            });
            self.begin(out);
            self.begin(on);
            let cond = self.condition()?;
            let ways = (self.new_block(), self.new_block());
            self.terminate(Terminator::Branch {
                cond,
                then_dest: ways.0,
                else_dest: ways.1,
            });
            for block in [ways.0, ways.1] {
                self.begin(block);
                let to = self.c.below(count);
                let end = self.end();
                edges.push((to, end, left));
            }
        }
        for (n, (head, counter)) in made.iter().enumerate() {
            let to_this = edges.iter().filter(|e| e.0 == n);
            let ends: Vec<End> = to_this.clone().map(|e| e.1.clone()).collect();
            let counts: Vec<(Block, Value)> = to_this.map(|e| (e.1.block, e.2)).collect();
            self.close(head, &ends);
            self.f.set_phi(*counter, &counts);
        }
        self.join(&scope, &exits);
        Some(())
    }
}
