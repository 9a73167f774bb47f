//! A stream that a thread of its own reads, ahead of whoever wants its bytes.
//!
//! So a capture is uncompressed while other threads work on what was made before, and a wait for a
//! pipe that says nothing can be ended.

use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use siptriage_capture::format::compression::Compression;

use super::stream::{Bytes, Filled};
use super::watch::Watch;

/// A stream that a thread of its own reads. The thread ends with the stream, or after its next read
/// when the run was ended or nobody wants more.
pub(super) struct Ahead {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    held: Mutex<Held>,
    moved: Condvar,
}

/// What was read and not taken.
#[derive(Default)]
struct Held {
    bytes: Vec<u8>,
    /// How reading ended; an error is told once.
    end: Option<io::Result<()>>,
    compression: Option<Compression>,
    stopped: Option<&'static str>,
    /// How many bytes somebody waits for.
    awaited: Option<usize>,
    /// Whether the thread waits for somebody to take some.
    is_full: bool,
    /// Nobody wants more.
    is_abandoned: bool,
}

impl Ahead {
    /// Bytes read at once.
    const PIECE: usize = 64 * 1024;
    /// Bytes held, after which the thread waits.
    const MOST: usize = 256 * 1024;
    /// How often whoever waits looks whether the run was ended.
    const BEAT: Duration = Duration::from_millis(100);

    /// Reads what `open` gives, which may have to wait for the first bytes.
    pub(super) fn new(
        open: impl FnOnce() -> io::Result<Bytes> + Send + 'static,
        watch: Arc<Watch>,
    ) -> io::Result<Ahead> {
        let shared = Arc::<Shared>::default();
        let reading = Arc::clone(&shared);
        let builder = thread::Builder::new().name("read ahead".to_owned());
        let thread = builder.spawn(move || match open() {
            Ok(bytes) => reading.read(bytes, &watch),
            Err(error) => reading.end(error),
        })?;
        Ok(Ahead { shared, thread })
    }

    /// Appends to `buffer` until it holds `bytes`, the stream ends, or the run does.
    pub(super) fn fill(
        &mut self,
        buffer: &mut Vec<u8>,
        bytes: usize,
        watch: &Watch,
    ) -> io::Result<Filled> {
        let mut held = self.shared.held();
        loop {
            let missing = bytes.saturating_sub(buffer.len()).min(held.bytes.len());
            buffer.extend(held.bytes.drain(..missing));
            self.shared.go_on(&mut held);
            if buffer.len() >= bytes {
                return Ok(Filled::Whole);
            }
            if let Some(end) = &mut held.end {
                return std::mem::replace(end, Ok(())).map(|()| Filled::End);
            }
            let is_gone = self.thread.is_finished();
            if watch.is_stopped() {
                return Ok(Filled::Stopped);
            }
            if is_gone {
                return Err(io::Error::other("the thread that read it panicked"));
            }
            held.awaited = Some(bytes - buffer.len());
            let waited = self.shared.moved.wait_timeout(held, Self::BEAT);
            held = waited.unwrap_or_else(PoisonError::into_inner).0;
            held.awaited = None;
        }
    }

    /// The compression of the stream, once its first bytes were read.
    pub(super) fn compression(&self) -> Option<Compression> {
        self.shared.held().compression
    }

    /// Why a compressed stream ended before its data did.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.shared.held().stopped
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        let mut held = self.shared.held();
        held.is_abandoned = true;
        self.shared.go_on(&mut held);
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, error: io::Error) {
        self.held().end = Some(Err(error));
        self.moved.notify_all();
    }

    /// Calls the thread where it waits.
    fn go_on(&self, held: &mut Held) {
        if std::mem::take(&mut held.is_full) {
            self.moved.notify_all();
        }
    }

    fn read(&self, mut stream: Bytes, watch: &Watch) {
        self.held().compression = stream.compression();
        let mut piece = vec![0; Ahead::PIECE];
        loop {
            let before = stream.bytes_read();
            let read = stream.read(&mut piece);
            let mut held = self.held();
            while held.bytes.len() >= Ahead::MOST && !held.is_abandoned {
                held.is_full = true;
                held = self
                    .moved
                    .wait(held)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            match read {
                Ok(0) => held.end = Some(Ok(())),
                Ok(bytes) => held.bytes.extend_from_slice(&piece[..bytes]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => held.end = Some(Err(error)),
            }
            held.stopped = stream.stopped();
            watch.count_read(stream.bytes_read() - before);
            let is_enough = |awaited| held.bytes.len() >= awaited || held.end.is_some();
            if held.awaited.is_some_and(is_enough) {
                self.moved.notify_all();
            }
            if held.end.is_some() || held.is_abandoned || watch.is_stopped() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that comes of a stream, taken in small pieces, and how it ended.
    fn taken(open: impl FnOnce() -> io::Result<Bytes> + Send + 'static) -> (Vec<u8>, String) {
        let watch = Arc::<Watch>::default();
        let mut ahead = Ahead::new(open, Arc::clone(&watch)).expect("a thread");
        let mut bytes = Vec::new();
        loop {
            let wanted = bytes.len() + 7_001;
            match ahead.fill(&mut bytes, wanted, &watch) {
                Ok(Filled::Whole) => {}
                Ok(end) => return (bytes, format!("{end:?}")),
                Err(error) => return (bytes, error.to_string()),
            }
        }
    }

    #[test]
    fn more_than_is_held_comes_in_order() {
        let written: Vec<u8> = (0..3 * Ahead::MOST).map(|at| (at % 251) as u8).collect();
        let reader = io::Cursor::new(written.clone());
        let (read, end) = taken(move || Ok(Bytes::Plain(Box::new(reader), 0)));
        assert!(read == written, "{} bytes", read.len());
        assert_eq!(end, "End");
    }

    #[test]
    fn an_error_comes_behind_what_was_read_before() {
        struct Broken(u8);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => io::Cursor::new(b"good").read(buffer),
                    2 => Err(io::ErrorKind::Interrupted.into()),
                    _ => Err(io::Error::other("broken")),
                }
            }
        }
        let broken = taken(|| Ok(Bytes::Plain(Box::new(Broken(0)), 0)));
        assert_eq!(broken, (b"good".to_vec(), "broken".to_owned()));
        let unopened = taken(|| Err(io::Error::other("closed")));
        assert_eq!(unopened, (Vec::new(), "closed".to_owned()));
    }

    #[test]
    fn a_panic_of_the_thread_keeps_nobody_waiting() {
        let (_, end) = taken(|| panic!("on purpose"));
        assert!(end.contains("panicked"), "{end}");
    }
}
