//! Compressed captures: which codec they use, and how to read through it within limits.
//!
//! Each codec is a feature of this crate; all are on by default.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::reason;
use crate::Limits;

/// Uncompressed bytes up to which any expansion is allowed: small files compress extremely.
const FREE_BYTES: u64 = 64 << 20;
/// Uncompressed bytes that a decoder is asked for at once.
const PIECE_BYTES: usize = 4 << 10;
/// Memory that a decoder of .xz may use; `xz -9` needs 65 MiB.
#[cfg(feature = "xz")]
const XZ_MEMORY: u64 = 256 << 20;

/// The compressions that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// LZ4 frame format.
    Lz4,
    /// bzip2.
    Bzip2,
    /// The .xz file format.
    Xz,
}

impl Compression {
    /// Every compression, in the order of the enum.
    pub const ALL: [Compression; 5] = [
        Compression::Gzip,
        Compression::Zstd,
        Compression::Lz4,
        Compression::Bzip2,
        Compression::Xz,
    ];

    /// Recognises a compression by the first bytes of a file.
    pub fn detect(head: &[u8]) -> Option<Compression> {
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Compression::Gzip),
            // A frame, or one to skip (RFC 8878 3.1.2), as pzstd puts before each.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Some(Compression::Zstd)
            }
            [0x04, 0x22, 0x4d, 0x18, ..] => Some(Compression::Lz4),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Compression::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0x00, ..] => Some(Compression::Xz),
            _ => None,
        }
    }

    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Lz4 => "lz4",
            Compression::Bzip2 => "bzip2",
            Compression::Xz => "xz",
        }
    }

    /// A reader of the uncompressed bytes of all members, streams or frames of `input`, one after
    /// the other. It knows no limit on how far they expand; [`Expansion`] does.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::Unsupported`] when the codec was left out of the build.
    pub fn decoder<'r>(
        self,
        input: impl Read + Send + 'r,
    ) -> io::Result<Box<dyn Read + Send + 'r>> {
        match self {
            #[cfg(feature = "gzip")]
            Compression::Gzip => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(
                io::BufReader::new(input),
            ))),
            #[cfg(not(feature = "gzip"))]
            Compression::Gzip => Err(self.left_out(input)),
            #[cfg(feature = "zstd")]
            Compression::Zstd => Ok(Box::new(zstd::Decoder::new(input)?)),
            #[cfg(not(feature = "zstd"))]
            Compression::Zstd => Err(self.left_out(input)),
            #[cfg(feature = "lz4")]
            Compression::Lz4 => Ok(Box::new(lz4::Frames::new(io::BufReader::new(input)))),
            #[cfg(not(feature = "lz4"))]
            Compression::Lz4 => Err(self.left_out(input)),
            #[cfg(feature = "bzip2")]
            Compression::Bzip2 => Ok(Box::new(bzip2::bufread::MultiBzDecoder::new(
                io::BufReader::new(input),
            ))),
            #[cfg(not(feature = "bzip2"))]
            Compression::Bzip2 => Err(self.left_out(input)),
            #[cfg(feature = "xz")]
            Compression::Xz => {
                let concatenated = liblzma::stream::CONCATENATED;
                let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, concatenated)?;
                let input = io::BufReader::new(input);
                Ok(Box::new(xz::Streams::new(input, stream)))
            }
            #[cfg(not(feature = "xz"))]
            Compression::Xz => Err(self.left_out(input)),
        }
    }

    /// Why `input` is given up.
    #[cfg(not(all(
        feature = "gzip",
        feature = "zstd",
        feature = "lz4",
        feature = "bzip2",
        feature = "xz"
    )))]
    fn left_out(self, input: impl Read) -> io::Error {
        drop(input);
        let text = format!(
            "{} was left out of this build: uncompress the file first",
            self.name()
        );
        io::Error::new(io::ErrorKind::Unsupported, text)
    }
}

/// A reader of uncompressed bytes that ends early instead of expanding without bound or failing
/// over damaged data.
///
/// Errors are those of the input alone. Where data is damaged, a decoder keeps back what it made
/// in the same call; it is therefore asked for small pieces, whatever the reader's own size.
pub struct Expansion<'r> {
    decoder: Box<dyn Read + Send + 'r>,
    input: Arc<Meter>,
    piece: Box<[u8]>,
    /// What of `piece` was not given out yet.
    unread: Range<usize>,
    made: u64,
    limit: u64,
    stopped: Option<&'static str>,
}

impl<'r> Expansion<'r> {
    /// Reads through `compression`; see [`Compression::decoder`] for the error.
    pub fn new(
        compression: Compression,
        input: impl Read + Send + 'r,
        limits: &Limits,
    ) -> io::Result<Expansion<'r>> {
        let meter = Arc::new(Meter::default());
        let metered = Metered {
            input,
            meter: Arc::clone(&meter),
        };
        Ok(Expansion {
            decoder: compression.decoder(metered)?,
            input: meter,
            piece: vec![0; PIECE_BYTES].into(),
            unread: 0..0,
            made: 0,
            limit: limits.expansion,
            stopped: None,
        })
    }

    /// Why reading ended before the data did, by its name in [`reason`]; to be given to
    /// [`super::Boundary::cut_short`].
    pub fn stopped(&self) -> Option<&'static str> {
        self.stopped
    }

    /// Compressed bytes read from the input so far.
    pub fn compressed_bytes(&self) -> u64 {
        self.input.bytes.load(Ordering::Relaxed)
    }

    fn is_beyond_limit(&self) -> bool {
        self.made > FREE_BYTES && self.made > self.compressed_bytes().saturating_mul(self.limit)
    }

    /// Makes the next piece; an empty one at the end.
    fn advance(&mut self) -> io::Result<()> {
        if self.stopped.is_some() {
            return Ok(());
        }
        if self.is_beyond_limit() {
            self.stopped = Some(reason::EXPANSION_LIMIT);
            return Ok(());
        }
        match self.decoder.read(&mut self.piece) {
            Ok(bytes) => {
                self.made += bytes as u64;
                self.unread = 0..bytes;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) if self.input.has_failed.load(Ordering::Relaxed) => Err(error),
            Err(error) => {
                // The decoders tell it by their text only.
                let wants_memory = error.to_string().contains("memory");
                self.stopped = Some(if wants_memory {
                    reason::COMPRESSION_MEMORY
                } else {
                    reason::COMPRESSED_DAMAGED
                });
                Ok(())
            }
        }
    }
}

impl Read for Expansion<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() {
            self.advance()?;
        }
        let bytes = buffer.len().min(self.unread.len());
        let start = self.unread.start;
        buffer[..bytes].copy_from_slice(&self.piece[start..start + bytes]);
        self.unread.start += bytes;
        Ok(bytes)
    }
}

/// What passed through a [`Metered`] input, seen from behind the decoder.
#[derive(Default)]
struct Meter {
    bytes: AtomicU64,
    has_failed: AtomicBool,
}

struct Metered<R> {
    input: R,
    meter: Arc<Meter>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.input.read(buffer);
        match &result {
            Ok(bytes) => {
                self.meter.bytes.fetch_add(*bytes as u64, Ordering::Relaxed);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.meter.has_failed.store(true, Ordering::Relaxed),
        }
        result
    }
}

#[cfg(feature = "xz")]
mod xz {
    use std::io::{self, BufRead, Read};

    use liblzma::bufread::XzDecoder;
    use liblzma::stream::Stream;

    /// Gives out what was made before an error, where the decoder of the library keeps it back:
    /// all of a small file that something else follows.
    pub(super) struct Streams<R> {
        decoder: XzDecoder<R>,
        error: Option<io::Error>,
    }

    impl<R: BufRead> Streams<R> {
        pub(super) fn new(input: R, stream: Stream) -> Streams<R> {
            Streams {
                decoder: XzDecoder::new_stream(input, stream),
                error: None,
            }
        }
    }

    impl<R: BufRead> Read for Streams<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            let before = self.decoder.total_out();
            match self.decoder.read(buffer) {
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    match (self.decoder.total_out() - before) as usize {
                        0 => Err(error),
                        made => {
                            self.error = Some(error);
                            Ok(made.min(buffer.len()))
                        }
                    }
                }
                result => result,
            }
        }
    }
}

#[cfg(feature = "lz4")]
mod lz4 {
    use std::io::{self, BufRead, Read};

    use lz4_flex::frame::FrameDecoder;

    /// Reads frame after frame, where the decoder of the library ends after each.
    pub(super) struct Frames<R: BufRead>(FrameDecoder<R>);

    impl<R: BufRead> Frames<R> {
        pub(super) fn new(input: R) -> Frames<R> {
            Frames(FrameDecoder::new(input))
        }
    }

    impl<R: BufRead> Read for Frames<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if buffer.is_empty() {
                return Ok(0);
            }
            loop {
                let bytes = self.0.read(buffer)?;
                if bytes > 0 || self.0.get_mut().fill_buf()?.is_empty() {
                    return Ok(bytes);
                }
            }
        }
    }
}
