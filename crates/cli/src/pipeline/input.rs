//! What is read: a file or standard input, opened and told apart.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use siptriage_capture::Limits;
use siptriage_capture::format::compression::Compression;

use super::Options;
use super::ahead::Ahead;
use super::stream::{Bytes, MAGIC_BYTES, Stream};
use super::threads;
use super::watch::Watch;

/// A capture to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, compressed or not.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// The name used in every output.
    pub fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "-".to_owned(),
        }
    }
}

/// How inputs are opened.
#[derive(Clone)]
pub(super) struct Opening {
    pub(super) limits: Limits,
    /// Who reads compressed files, which includes to uncompress them.
    pub(super) packed: ReadBy,
    /// Who reads plain files that are merged.
    pub(super) merged: ReadBy,
    /// Counts what is read, and ends the wait for more.
    pub(super) watch: Arc<Watch>,
}

/// Who reads a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadBy {
    /// Whoever wants the bytes.
    Taker,
    /// A thread of its own, ahead, side by side with those of other streams.
    Thread,
}

impl Opening {
    pub(super) fn of(options: &Options) -> Opening {
        Opening {
            limits: options.capture,
            packed: ReadBy::thread_where(options.threads != 1),
            // A plain file takes little to read: with two threads it costs more to hand it over.
            merged: ReadBy::thread_where(threads::count(options.threads) > 2),
            watch: Arc::clone(&options.watch),
        }
    }

    /// How inputs are opened to look at their first bytes, which are read again.
    pub(super) fn look(&self) -> Opening {
        Opening {
            limits: self.limits,
            packed: ReadBy::Taker,
            merged: ReadBy::Taker,
            watch: Arc::default(),
        }
    }
}

impl ReadBy {
    fn thread_where(is_worth_it: bool) -> ReadBy {
        if is_worth_it {
            ReadBy::Thread
        } else {
            ReadBy::Taker
        }
    }

    /// The stream of the bytes that `open` gives.
    pub(super) fn stream(
        self,
        open: impl FnOnce() -> io::Result<Bytes> + Send + 'static,
        watch: &Arc<Watch>,
    ) -> io::Result<Stream> {
        Ok(match self {
            ReadBy::Taker => Stream::Taken(open()?),
            ReadBy::Thread => Stream::Ahead(Ahead::new(open, Arc::clone(watch))?),
        })
    }
}

/// An input that was opened.
pub(super) enum Opened {
    /// A regular file of known size, readable anywhere.
    Regular { file: File, bytes: u64 },
    /// Bytes that come one after the other, and their number on disk where that is known.
    Stream(Stream, Option<u64>),
}

/// Whether a file stays open while other inputs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It does.
    Open,
    /// It is opened anew for each window, because enough others are open.
    Closed,
}

pub(super) fn open(input: &Input, opening: &Opening) -> io::Result<Opened> {
    let file = match input {
        Input::File(path) => File::open(path)?,
        Input::Stdin => stdin()?,
    };
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let limits = opening.limits;
    if facts.is_file() {
        let mut head = Vec::with_capacity(MAGIC_BYTES);
        read_at_start(&file, &mut head)?;
        let bytes = facts.len();
        if Compression::detect(&head).is_none() {
            return Ok(Opened::Regular { file, bytes });
        }
        let packed = move || Bytes::of(file, &limits);
        let stream = opening.packed.stream(packed, &opening.watch)?;
        return Ok(Opened::Stream(stream, Some(bytes)));
    }
    // Nobody knows when a pipe will say something.
    let pipe = move || Bytes::of(file, &limits);
    let stream = ReadBy::Thread.stream(pipe, &opening.watch)?;
    Ok(Opened::Stream(stream, None))
}

fn read_at_start(file: &File, head: &mut Vec<u8>) -> io::Result<()> {
    head.resize(MAGIC_BYTES, 0);
    let read = read_at(file, head, 0)?;
    head.truncate(read);
    Ok(())
}

/// Fills `buffer` anew with the file from `start` up to `until`.
pub(super) fn refill(file: &File, buffer: &mut Vec<u8>, start: u64, until: u64) -> io::Result<()> {
    // What stood in the buffer is written over, which spares clearing it first.
    buffer.resize(until.saturating_sub(start) as usize, 0);
    let read = read_at(file, buffer, start);
    buffer.truncate(*read.as_ref().unwrap_or(&0));
    read.map(drop)
}

/// Extends `buffer`, which holds the file from `start` on, up to `until`.
pub(super) fn extend(file: &File, buffer: &mut Vec<u8>, start: u64, until: u64) -> io::Result<()> {
    let have = buffer.len();
    buffer.resize(until.saturating_sub(start).max(have as u64) as usize, 0);
    let read = read_at(file, &mut buffer[have..], start + have as u64)?;
    buffer.truncate(have + read);
    Ok(())
}

/// Reads until `buffer` is full or the file ends, without moving the file's position.
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match positioned_read(file, &mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn positioned_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn positioned_read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Standard input as a file, so that a redirected regular file is noticed.
#[cfg(unix)]
fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}
