//! Work that can be done side by side, for whoever has threads.
//!
//! This library starts none. It offers what is independent as numbered pieces; an [`Executor`] decides where and when
//! each is done. What comes out never depends on that: results are put together in the order of the pieces.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Does pieces of work, one after the other or side by side.
pub trait Executor: Sync {
    /// Calls `piece` once with each number below `pieces`, and returns when all calls have ended. May be called from
    /// within a piece.
    fn for_each(&self, pieces: usize, piece: &(dyn Fn(usize) + Sync));

    /// The same, and calls `ended` on the calling thread with the number of each piece that has ended, in any order,
    /// while others go on. Must not be called from within a piece.
    fn for_each_telling(
        &self,
        pieces: usize,
        piece: &(dyn Fn(usize) + Sync),
        ended: &mut dyn FnMut(usize),
    );
}

/// One piece after the other, on the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct InTurn;

impl Executor for InTurn {
    fn for_each(&self, pieces: usize, piece: &(dyn Fn(usize) + Sync)) {
        (0..pieces).for_each(piece);
    }

    fn for_each_telling(
        &self,
        pieces: usize,
        piece: &(dyn Fn(usize) + Sync),
        ended: &mut dyn FnMut(usize),
    ) {
        for number in 0..pieces {
            piece(number);
            ended(number);
        }
    }
}

/// What `work` makes of each item, in the order of the items.
pub fn map<I: Sync, T: Send>(
    executor: &dyn Executor,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let outcomes = Outcomes::default();
    executor.for_each(items.len(), &|number| outcomes.note(items, number, &work));
    let outcomes = outcomes.0.into_inner();
    let outcomes = outcomes.unwrap_or_else(PoisonError::into_inner);
    outcomes.into_values().collect()
}

/// Hands on what `work` makes of each item, in the order of the items, each as soon as all before it are there.
pub fn in_order<I: Sync, T: Send>(
    executor: &dyn Executor,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(T),
) {
    let outcomes = Outcomes::default();
    let mut next = 0;
    executor.for_each_telling(
        items.len(),
        &|number| outcomes.note(items, number, &work),
        &mut |_| {
            while let Some(outcome) = outcomes.take(next) {
                take(outcome);
                next += 1;
            }
        },
    );
}

/// What has come out so far, by the number of its item.
struct Outcomes<T>(Mutex<BTreeMap<usize, T>>);

impl<T> Default for Outcomes<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Outcomes<T> {
    fn note<I>(&self, items: &[I], number: usize, work: &impl Fn(&I) -> T) {
        if let Some(item) = items.get(number) {
            let outcome = work(item);
            let mut outcomes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes.insert(number, outcome);
        }
    }

    fn take(&self, number: usize) -> Option<T> {
        let mut outcomes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.remove(&number)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The last piece first, and all of them told of at the end.
    pub(crate) struct Backwards;

    impl Executor for Backwards {
        fn for_each(&self, pieces: usize, piece: &(dyn Fn(usize) + Sync)) {
            (0..pieces).rev().for_each(piece);
        }

        fn for_each_telling(
            &self,
            pieces: usize,
            piece: &(dyn Fn(usize) + Sync),
            ended: &mut dyn FnMut(usize),
        ) {
            self.for_each(pieces, piece);
            (0..pieces).rev().for_each(ended);
        }
    }

    #[test]
    fn what_comes_out_has_the_order_of_the_items() {
        let items = [3, 1, 4, 1, 5];
        let tenfold = |item: &u32| item * 10;
        for executor in [&InTurn as &dyn Executor, &Backwards] {
            assert_eq!(map(executor, &items, tenfold), [30, 10, 40, 10, 50]);
            let mut taken = Vec::new();
            in_order(executor, &items, tenfold, |outcome| taken.push(outcome));
            assert_eq!(taken, [30, 10, 40, 10, 50]);
        }
    }
}
