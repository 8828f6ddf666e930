//! Many things worked on at once, and told in their order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::NoThreads;

/// So many threads; as many as there are processors where that isn't said.
///
/// # Errors
///
/// Where the operating system gives no threads.
pub(crate) fn pool(jobs: Option<NonZeroUsize>) -> Result<ThreadPool, NoThreads> {
    let threads = jobs.map_or(0, NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(threads);
    pool.build().map_err(NoThreads)
}

/// Works on so many `items` at once (as many as there are processors where that isn't said) and hands on what comes out
/// in the order of the items. What `work` does in parallel itself shares the same threads.
///
/// # Errors
///
/// Where the operating system gives no threads.
pub(crate) fn in_order<I: Sync, T: Send>(
    jobs: Option<NonZeroUsize>,
    items: &[I],
    work: impl Fn(&I) -> T + Sync + Send,
    mut take: impl FnMut(T),
) -> Result<(), NoThreads> {
    let pool = pool(jobs)?;
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        scope.spawn(move || {
            pool.install(|| {
                items.par_iter().enumerate().for_each(|(number, item)| {
                    // Nobody listens any more once the other side has failed, which is told there.
                    drop(sender.send((number, work(item))));
                });
            });
        });
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, outcome) in &receiver {
            early.insert(number, outcome);
            while let Some(outcome) = early.remove(&next) {
                take(outcome);
                next += 1;
            }
        }
    });
    Ok(())
}
