//! sequential-storage is async; the lock's flash answers at once, so every future is ready when it is first polled.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use embedded_storage::nor_flash::{ErrorType, NorFlash, ReadNorFlash};
use embedded_storage_async::nor_flash::{
    NorFlash as AsyncNorFlash, ReadNorFlash as AsyncReadNorFlash,
};
use sequential_storage::Error;

/// Why something could not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The table has no room, and nothing in it is over.
    Full,
    /// The flash failed.
    Flash,
}

/// A blocking flash, lent to the library.
pub(super) struct Lent<'a, F>(pub(super) &'a mut F);

impl<F: ErrorType> ErrorType for Lent<'_, F> {
    type Error = F::Error;
}

impl<F: ReadNorFlash> AsyncReadNorFlash for Lent<'_, F> {
    const READ_SIZE: usize = F::READ_SIZE;

    async fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), F::Error> {
        self.0.read(offset, bytes)
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl<F: NorFlash> AsyncNorFlash for Lent<'_, F> {
    const WRITE_SIZE: usize = F::WRITE_SIZE;
    const ERASE_SIZE: usize = F::ERASE_SIZE;

    async fn erase(&mut self, from: u32, to: u32) -> Result<(), F::Error> {
        self.0.erase(from, to)
    }

    async fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), F::Error> {
        self.0.write(offset, bytes)
    }
}

/// Runs a library call to its end.
pub(super) fn complete<T, E>(
    call: impl Future<Output = Result<T, Error<E>>>,
) -> Result<T, StoreError> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result.map_err(|_| StoreError::Flash),
        Poll::Pending => Err(StoreError::Flash),
    }
}
