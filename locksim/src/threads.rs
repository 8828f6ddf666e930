//! Threads for what [`sim`] offers to do side by side.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use sim::executor::Executor;

/// A pool of threads. Pieces of pieces share them.
pub struct Threads(ThreadPool);

/// The operating system gives no threads.
#[derive(Debug)]
pub struct NoThreads(rayon::ThreadPoolBuildError);

impl fmt::Display for NoThreads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no threads to work on: {}", self.0)
    }
}

impl std::error::Error for NoThreads {}

impl Threads {
    /// So many; as many as there are processors where that isn't said.
    ///
    /// # Errors
    ///
    /// Where the operating system gives none.
    pub fn new(jobs: Option<NonZeroUsize>) -> Result<Self, NoThreads> {
        let threads = jobs.map_or(0, NonZeroUsize::get);
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map(Self).map_err(NoThreads)
    }
}

impl Executor for Threads {
    fn for_each(&self, pieces: usize, piece: &(dyn Fn(usize) + Sync)) {
        self.0
            .install(|| (0..pieces).into_par_iter().for_each(piece));
    }

    fn for_each_telling(
        &self,
        pieces: usize,
        piece: &(dyn Fn(usize) + Sync),
        ended: &mut dyn FnMut(usize),
    ) {
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            scope.spawn(move || {
                self.for_each(pieces, &|number| {
                    piece(number);
                    // Nobody listens any more once the other side has failed, which is told there.
                    let _ = sender.send(number);
                });
            });
            receiver.iter().for_each(ended);
        });
    }
}
