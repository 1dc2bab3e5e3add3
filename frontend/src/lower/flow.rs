//! Which variables are certainly assigned, as scope analysis walks a body in order of evaluation.
//! Knows control flow by what it is told; does not know what variables are.

use super::hir::{Exit, Var};
use cranelift_entity::SecondaryMap;

/// Assigned variables at the current point of a body.
#[derive(Default)]
pub struct Flow {
    assigned: SecondaryMap<Var, bool>,
    /// Variables in the order in which they were assigned; branches cut off what they added.
    trail: Vec<Var>,
    /// The point cannot be reached: everything holds.
    pub dead: bool,
    breaks: Vec<BreakFrame>,
}

/// A construct that can be left from inside.
struct BreakFrame {
    exit: Exit,
    mark: usize,
    /// What all exits so far have assigned; `None` before the first.
    kept: Option<Vec<Var>>,
}

/// What a branch assigned and whether its end is reached.
pub struct Branch {
    assigned: Vec<Var>,
    dead: bool,
}

impl Flow {
    /// Whether the variable certainly has a value here.
    pub fn is_assigned(&self, var: Var) -> bool {
        self.dead || self.assigned[var]
    }

    /// The variable has a value from here on.
    pub fn assign(&mut self, var: Var) {
        if !self.assigned[var] {
            self.assigned[var] = true;
            self.trail.push(var);
        }
    }

    /// Variables that do not keep their value: `lost` decides. For labels.
    pub fn forget(&mut self, lost: impl Fn(Var) -> bool) {
        self.dead = false;
        for &var in &self.trail {
            if lost(var) {
                self.assigned[var] = false;
            }
        }
    }

    /// Begins a part that may not run.
    pub fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Ends a part that may not run: undoes what it assigned.
    pub fn cut(&mut self, mark: usize) -> Branch {
        let mut assigned = self.trail.split_off(mark.min(self.trail.len()));
        assigned.retain(|&var| std::mem::replace(&mut self.assigned[var], false));
        Branch {
            assigned,
            dead: std::mem::replace(&mut self.dead, false),
        }
    }

    /// Continues where a branch ended.
    pub fn resume(&mut self, branch: &Branch) {
        for &var in &branch.assigned {
            self.assign(var);
        }
        self.dead = branch.dead;
    }

    /// Continues where one of two branches ended.
    pub fn join(&mut self, a: &Branch, b: &Branch) {
        match (a.dead, b.dead) {
            (true, _) => self.resume(b),
            (false, true) => self.resume(a),
            (false, false) => {
                for &var in &a.assigned {
                    self.assigned[var] = true;
                }
                let both: Vec<Var> = b
                    .assigned
                    .iter()
                    .copied()
                    .filter(|&var| self.assigned[var])
                    .collect();
                for &var in &a.assigned {
                    self.assigned[var] = false;
                }
                for var in both {
                    self.assign(var);
                }
            }
        }
    }

    /// Begins a construct that `leave` leaves.
    pub fn enter(&mut self, exit: Exit) {
        self.breaks.push(BreakFrame {
            exit,
            mark: self.trail.len(),
            kept: None,
        });
    }

    /// Jumps to the end of the innermost construct of this kind.
    pub fn leave(&mut self, exit: Exit) {
        if !self.dead
            && let Some(frame) = self.breaks.iter_mut().rev().find(|f| f.exit == exit)
        {
            match &mut frame.kept {
                Some(kept) => kept.retain(|&var| self.assigned[var]),
                kept => {
                    let since = self.trail.get(frame.mark..).unwrap_or_default();
                    *kept = Some(
                        since
                            .iter()
                            .copied()
                            .filter(|&var| self.assigned[var])
                            .collect(),
                    );
                }
            }
        }
        self.dead = true;
    }

    /// Ends the construct of the last `enter`.
    pub fn end(&mut self) {
        let Some(frame) = self.breaks.pop() else {
            return;
        };
        if let Some(kept) = frame.kept {
            let fallen = self.cut(frame.mark);
            let left = Branch {
                assigned: kept,
                dead: false,
            };
            self.join(&fallen, &left);
        }
    }
}

impl Branch {
    /// What the branch assigned.
    pub fn assigned(&self) -> impl Iterator<Item = Var> + '_ {
        self.assigned.iter().copied()
    }
}
