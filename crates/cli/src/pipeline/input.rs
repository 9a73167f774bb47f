//! What is read: a file or standard input, opened and told apart.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use siptriage_capture::Limits;
use siptriage_capture::format::compression::{Compression, Expansion};

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

/// An input that was opened.
pub(super) enum Opened {
    /// A regular file of known size, readable anywhere.
    Regular { file: File, bytes: u64 },
    /// Bytes that come one after the other.
    Stream(Stream),
}

/// Whether a file stays open while other inputs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It does.
    Open,
    /// It is opened anew for each window, because enough others are open.
    Closed,
}

/// Bytes that come one after the other.
pub(super) enum Stream {
    /// A file that is opened anew for each read, and how far it was read.
    Anew(PathBuf, u64),
    /// A pipe or a file.
    Plain(Box<dyn Read + Send>),
    /// A compressed file or pipe.
    Packed(Compression, Expansion<'static>),
}

impl Stream {
    /// Appends to `buffer` until it holds `bytes` or the stream ends.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>, bytes: usize) -> io::Result<()> {
        let missing = bytes.saturating_sub(buffer.len()) as u64;
        match self {
            Stream::Anew(path, at) => {
                let mut file = File::open(path)?;
                file.seek(io::SeekFrom::Start(*at))?;
                *at += file.take(missing).read_to_end(buffer)? as u64;
                0
            }
            Stream::Plain(reader) => reader.take(missing).read_to_end(buffer)?,
            Stream::Packed(_, reader) => reader.take(missing).read_to_end(buffer)?,
        };
        Ok(())
    }
}

/// First bytes by which a compression is recognised.
const MAGIC_BYTES: usize = 8;

pub(super) fn open(input: &Input, limits: &Limits) -> io::Result<Opened> {
    let file = match input {
        Input::File(path) => File::open(path)?,
        Input::Stdin => stdin()?,
    };
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut head = Vec::with_capacity(MAGIC_BYTES);
    if facts.is_file() {
        read_at_start(&file, &mut head)?;
        if Compression::detect(&head).is_none() {
            return Ok(Opened::Regular {
                file,
                bytes: facts.len(),
            });
        }
        head.clear();
    }
    let mut file = file;
    file.by_ref()
        .take(MAGIC_BYTES as u64)
        .read_to_end(&mut head)?;
    let compression = Compression::detect(&head);
    let whole = io::Cursor::new(head).chain(file);
    Ok(Opened::Stream(match compression {
        None => Stream::Plain(Box::new(whole)),
        Some(compression) => {
            Stream::Packed(compression, Expansion::new(compression, whole, limits)?)
        }
    }))
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
