//! A stream that a thread of its own reads, ahead of whoever wants its bytes.
//!
//! So a capture is uncompressed while other threads work on what was made before, several files are
//! read side by side, and a wait for a pipe that says nothing can be ended.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SendError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use siptriage_capture::format::compression::Compression;

use super::stream::{Bytes, Filled};
use super::watch::Watch;

/// A stream that a thread of its own reads. The thread ends with the stream, or after its next read
/// when the run was ended or nobody wants more.
pub(super) struct Ahead {
    told: Receiver<Told>,
    /// Gives back the memory of pieces.
    spent: Sender<Vec<u8>>,
    /// What was read and not taken.
    piece: Piece,
    compression: Option<Compression>,
    stopped: Option<&'static str>,
    has_ended: bool,
}

/// What the thread tells.
enum Told {
    /// The first bytes are read, and say how the stream is compressed.
    Begun(Option<Compression>),
    Read(Piece),
    /// How reading ended, and why a compressed stream did so before its data.
    Ended(io::Result<()>, Option<&'static str>),
}

/// Bytes that were read at once.
#[derive(Default)]
struct Piece {
    memory: Vec<u8>,
    /// Where those that were not taken begin, and where they end.
    begin: usize,
    end: usize,
}

impl Ahead {
    /// Bytes read at once.
    const PIECE: usize = 256 * 1024;
    /// Pieces held, after which the thread waits.
    const MOST: usize = 4;
    /// How often whoever waits looks whether the run was ended.
    const BEAT: Duration = Duration::from_millis(100);

    /// Reads what `open` gives, which may have to wait for the first bytes.
    pub(super) fn new(
        open: impl FnOnce() -> io::Result<Bytes> + Send + 'static,
        watch: Arc<Watch>,
    ) -> io::Result<Ahead> {
        let (tell, told) = mpsc::sync_channel(Self::MOST);
        let (spent, spare) = mpsc::channel();
        let builder = thread::Builder::new().name("read ahead".to_owned());
        builder.spawn(move || {
            // Nobody may be left to be told.
            let _ = match open() {
                Ok(stream) => read(stream, &tell, &spare, &watch),
                Err(error) => tell.send(Told::Ended(Err(error), None)),
            };
        })?;
        Ok(Ahead {
            told,
            spent,
            piece: Piece::default(),
            compression: None,
            stopped: None,
            has_ended: false,
        })
    }

    /// Appends to `buffer` until it holds `bytes`, the stream ends, or the run does.
    pub(super) fn fill(
        &mut self,
        buffer: &mut Vec<u8>,
        bytes: usize,
        watch: &Watch,
    ) -> io::Result<Filled> {
        loop {
            buffer.extend_from_slice(self.piece.take(bytes.saturating_sub(buffer.len())));
            if buffer.len() >= bytes {
                return Ok(Filled::Whole);
            }
            if self.has_ended {
                return Ok(Filled::End);
            }
            match self.told.recv_timeout(Self::BEAT) {
                Ok(Told::Begun(compression)) => self.compression = compression,
                Ok(Told::Read(piece)) => {
                    let spent = std::mem::replace(&mut self.piece, piece).memory;
                    if !spent.is_empty() {
                        // The thread may be gone.
                        let _ = self.spent.send(spent);
                    }
                }
                Ok(Told::Ended(end, stopped)) => {
                    self.has_ended = true;
                    self.stopped = stopped;
                    end?;
                }
                Err(_) if watch.is_stopped() => return Ok(Filled::Stopped),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the thread that read it panicked"));
                }
            }
        }
    }

    /// The compression of the stream, once its first bytes were read.
    pub(super) fn compression(&self) -> Option<Compression> {
        self.compression
    }

    /// Why a compressed stream ended before its data did.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.stopped
    }
}

impl Piece {
    /// Takes so many bytes, or all that are left.
    fn take(&mut self, bytes: usize) -> &[u8] {
        let begin = self.begin;
        self.begin = (begin + bytes).min(self.end);
        &self.memory[begin..self.begin]
    }
}

/// Reads a stream to its end, as long as anybody wants it.
fn read(
    mut stream: Bytes,
    tell: &SyncSender<Told>,
    spare: &Receiver<Vec<u8>>,
    watch: &Watch,
) -> Result<(), SendError<Told>> {
    tell.send(Told::Begun(stream.compression()))?;
    while !watch.is_stopped() {
        let fresh = |_| vec![0; Ahead::PIECE];
        let mut memory = spare.try_recv().unwrap_or_else(fresh);
        let before = stream.bytes_read();
        let (length, end) = read_piece(&mut stream, &mut memory);
        watch.count_read(stream.bytes_read() - before);
        tell.send(Told::Read(Piece {
            memory,
            begin: 0,
            end: length,
        }))?;
        if let Some(end) = end {
            return tell.send(Told::Ended(end, stream.stopped()));
        }
    }
    Ok(())
}

/// Reads what there is of a pipe, and as much as there is room for of what has only to be
/// uncompressed. Returns how much that is, and how the stream ended if it did.
fn read_piece(stream: &mut Bytes, memory: &mut [u8]) -> (usize, Option<io::Result<()>>) {
    let mut length = 0;
    while length < memory.len() {
        match stream.read(&mut memory[length..]) {
            Ok(0) => return (length, Some(Ok(()))),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (length, Some(Err(error))),
        }
        if stream.compression().is_none() {
            break;
        }
    }
    (length, None)
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
        let written: Vec<u8> = (0..3 * Ahead::MOST * Ahead::PIECE)
            .map(|at| (at % 251) as u8)
            .collect();
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
