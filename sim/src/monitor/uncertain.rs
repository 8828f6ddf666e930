//! What the lock may hold, as far as anybody outside can tell.

/// The values that something may have: one, unless an answer never came. Of what nobody knows, any value is possible.
#[derive(Clone, Debug)]
pub(super) struct Uncertain<T> {
    values: Vec<T>,
    unknown: bool,
}

impl<T: Clone + PartialEq> Uncertain<T> {
    pub(super) fn new(value: T) -> Self {
        Self {
            values: vec![value],
            unknown: false,
        }
    }

    /// The value, where no other is possible.
    pub(super) fn certain(&self) -> Option<&T> {
        match self.values.as_slice() {
            [value] if !self.unknown => Some(value),
            _ => None,
        }
    }

    /// Every value that is known to be possible.
    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    /// Whether it may be a value of which this holds.
    pub(super) fn possibly(&self, holds: impl Fn(&T) -> bool) -> bool {
        self.unknown || self.values.iter().any(holds)
    }

    /// Whether this holds of it whatever it is.
    pub(super) fn certainly(&self, holds: impl Fn(&T) -> bool) -> bool {
        !self.unknown && self.values.iter().all(holds)
    }

    /// It is this from now on; or, if that isn't `sure`, may be.
    pub(super) fn change(&mut self, value: T, sure: bool) {
        if sure {
            *self = Self::new(value);
        } else if !self.values.contains(&value) {
            self.values.push(value);
        }
    }

    /// It has changed in this way; or, if that isn't `sure`, may have.
    pub(super) fn map(&mut self, change: impl Fn(&T) -> T, sure: bool) {
        let changed: Vec<T> = self.values.iter().map(change).collect();
        if sure {
            self.values.clear();
        }
        for value in changed {
            if !self.values.contains(&value) {
                self.values.push(value);
            }
        }
    }

    /// It is something that nobody outside knows.
    pub(super) fn forget(&mut self) {
        self.unknown = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_never_came_leaves_two_values() {
        let mut code = Uncertain::new(1);
        assert_eq!(code.certain(), Some(&1));
        code.change(2, false);
        assert!(
            code.certain().is_none()
                && code.possibly(|code| *code == 1)
                && code.possibly(|code| *code == 2)
        );
        assert!(!code.possibly(|code| *code == 3) && !code.certainly(|code| *code == 1));
        code.map(|code| code + 10, true);
        assert_eq!(code.values(), [11, 12]);
        code.change(2, true);
        assert!(code.certainly(|code| *code == 2));
        code.forget();
        assert!(code.possibly(|code| *code == 9) && !code.certainly(|code| *code == 2));
    }
}
