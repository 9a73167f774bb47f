//! Bytes that come one after the other: of a pipe, of a compressed file, of one among several.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use siptriage_capture::Limits;
use siptriage_capture::format::compression::{Compression, Expansion};

use super::ahead::Ahead;
use super::watch::Watch;

/// Bytes that come one after the other.
pub(super) enum Stream {
    /// A file that is opened anew for each read, and how far it was read.
    Anew(PathBuf, u64),
    /// Read when they are wanted.
    Taken(Bytes),
    /// Read by a thread of its own.
    Ahead(Ahead),
}

/// How far a buffer was filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// It holds what was wanted.
    Whole,
    /// The input is at its end.
    End,
    /// The run was ended before there was more.
    Stopped,
}

/// The uncompressed bytes of a file or pipe.
pub(super) enum Bytes {
    /// It is not compressed; and how far it was read.
    Plain(Box<dyn Read + Send>, u64),
    Packed(Compression, Expansion<'static>),
}

impl Stream {
    /// Appends to `buffer` until it holds `bytes`, the stream ends, or the run does.
    pub(super) fn fill(
        &mut self,
        buffer: &mut Vec<u8>,
        bytes: usize,
        watch: &Watch,
    ) -> io::Result<Filled> {
        let missing = bytes.saturating_sub(buffer.len()) as u64;
        match self {
            Stream::Ahead(ahead) => return ahead.fill(buffer, bytes, watch),
            Stream::Anew(..) | Stream::Taken(_) if watch.is_stopped() => {
                return Ok(Filled::Stopped);
            }
            Stream::Anew(path, at) => {
                let mut file = File::open(path)?;
                file.seek(io::SeekFrom::Start(*at))?;
                let read = file.take(missing).read_to_end(buffer)? as u64;
                *at += read;
                watch.count_read(read);
            }
            Stream::Taken(taken) => {
                let before = taken.bytes_read();
                taken.take(missing).read_to_end(buffer)?;
                watch.count_read(taken.bytes_read() - before);
            }
        }
        Ok(if buffer.len() < bytes {
            Filled::End
        } else {
            Filled::Whole
        })
    }

    /// Its compression; of what is read ahead, once the first bytes were read.
    pub(super) fn compression(&self) -> Option<Compression> {
        match self {
            Stream::Anew(..) => None,
            Stream::Taken(taken) => taken.compression(),
            Stream::Ahead(ahead) => ahead.compression(),
        }
    }

    /// Why a compressed stream ended before its data did.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        match self {
            Stream::Anew(..) => None,
            Stream::Taken(taken) => taken.stopped(),
            Stream::Ahead(ahead) => ahead.stopped(),
        }
    }
}

/// First bytes by which a compression is recognised.
pub(super) const MAGIC_BYTES: usize = 8;

impl Bytes {
    /// Those of a file or pipe, compressed or not.
    pub(super) fn of(mut file: File, limits: &Limits) -> io::Result<Bytes> {
        let mut head = Vec::with_capacity(MAGIC_BYTES);
        file.by_ref()
            .take(MAGIC_BYTES as u64)
            .read_to_end(&mut head)?;
        let compression = Compression::detect(&head);
        let whole = io::Cursor::new(head).chain(file);
        Ok(match compression {
            None => Bytes::Plain(Box::new(whole), 0),
            Some(compression) => {
                Bytes::Packed(compression, Expansion::new(compression, whole, limits)?)
            }
        })
    }

    /// How many were read, compressed ones where they are compressed.
    pub(super) fn bytes_read(&self) -> u64 {
        match self {
            Bytes::Plain(_, read) => *read,
            Bytes::Packed(_, expansion) => expansion.compressed_bytes(),
        }
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        match self {
            Bytes::Plain(..) => None,
            Bytes::Packed(compression, _) => Some(*compression),
        }
    }

    /// Why they ended before the data did.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        match self {
            Bytes::Plain(..) => None,
            Bytes::Packed(_, expansion) => expansion.stopped(),
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Bytes::Plain(reader, read) => {
                let bytes = reader.read(buffer)?;
                *read += bytes as u64;
                Ok(bytes)
            }
            Bytes::Packed(_, expansion) => expansion.read(buffer),
        }
    }
}
