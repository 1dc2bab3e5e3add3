//! The choices that subtyping makes at unions. A union on the left must hold for all of its members
//! and one on the right for some, so the search is repeated with other choices: all combinations on
//! the left, and for each of them combinations on the right until one holds.

/// Choices at unions on the left, each known by where in the left type it was made: which of them
/// a run meets depends on the choices on the right.
#[derive(Clone, Default, Debug)]
pub(super) struct LeftChoices {
    made: Vec<Left>,
    /// Entries that this assignment fixes; the ones behind were met in the current run.
    fixed: usize,
}

#[derive(Clone, Debug)]
struct Left {
    place: u64,
    pick: u32,
    count: u32,
    /// Some run met it with the current pick; if none did, the pick makes no difference.
    met: bool,
}

impl LeftChoices {
    /// Starts a run with the current assignment.
    pub(super) fn begin_run(&mut self) {
        self.made.truncate(self.fixed);
    }

    /// Which of `count` members is looked at in this run.
    pub(super) fn pick(&mut self, place: u64, count: u32) -> u32 {
        match self.made.iter_mut().find(|m| m.place == place) {
            Some(m) if m.count == count => {
                m.met = true;
                m.pick
            }
            _ => {
                self.made.push(Left {
                    place,
                    pick: 0,
                    count,
                    met: true,
                });
                0
            }
        }
    }

    /// Goes on to the next assignment after a run that held; `false` if that was the last one.
    pub(super) fn advance(&mut self) -> bool {
        while let Some(last) = self.made.last_mut() {
            if last.met && last.pick + 1 < last.count {
                last.pick += 1;
                last.met = false;
                self.fixed = self.made.len();
                return true;
            }
            self.made.pop();
        }
        self.fixed = 0;
        false
    }
}

/// Choices at unions on the right, in the order in which a run meets them.
#[derive(Clone, Default, Debug)]
pub(super) struct RightChoices {
    made: Vec<(u32, u32)>,
    at: usize,
}

impl RightChoices {
    /// Starts a run.
    pub(super) fn begin_run(&mut self) {
        self.at = 0;
    }

    /// Whether the current run made a choice already.
    pub(super) fn any_made(&self) -> bool {
        self.at > 0
    }

    /// Which of `count` alternatives is tried in this run.
    pub(super) fn pick(&mut self, count: u32) -> u32 {
        let at = self.at;
        self.at += 1;
        match self.made.get(at) {
            Some(&(pick, _)) => pick,
            None => {
                self.made.push((0, count));
                0
            }
        }
    }

    /// Goes on to the next combination after a run that failed; `false` if there is none.
    pub(super) fn advance(&mut self) -> bool {
        // What the failed run did not reach says nothing.
        self.made.truncate(self.at);
        while let Some((pick, count)) = self.made.last_mut() {
            *pick += 1;
            if *pick < *count {
                return true;
            }
            self.made.pop();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{LeftChoices, RightChoices};

    #[test]
    fn left_choices_enumerate_all_combinations() {
        let mut left = LeftChoices::default();
        let mut seen = Vec::new();
        loop {
            left.begin_run();
            seen.push((left.pick(1, 2), left.pick(2, 3)));
            if !left.advance() {
                break;
            }
        }
        assert_eq!(seen, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }

    #[test]
    fn a_left_choice_that_a_run_does_not_meet_is_kept_for_others() {
        let mut left = LeftChoices::default();
        let mut seen = Vec::new();
        let mut round = 0;
        loop {
            left.begin_run();
            let first = (round != 1).then(|| left.pick(1, 2));
            seen.push((first, left.pick(2, 2)));
            round += 1;
            if !left.advance() {
                break;
            }
        }
        assert_eq!(seen, [(Some(0), 0), (None, 1), (Some(1), 0), (Some(1), 1)]);
    }

    #[test]
    fn right_choices_stop_when_exhausted() {
        let mut right = RightChoices::default();
        let mut runs = 0;
        loop {
            right.begin_run();
            let a = right.pick(2);
            if a == 1 {
                right.pick(2);
            }
            runs += 1;
            if !right.advance() {
                break;
            }
        }
        assert_eq!(runs, 3);
    }
}
