//! What the CAPTURE arguments stand for: files, the captures of a folder, standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use siptriage_capture::format::compression::{Compression, Expansion};
use siptriage_capture::format::{Boundary, OpenError};
use siptriage_capture::{Limits, Time};

use crate::pipeline::Input;

/// First bytes of a file in which its first frame is looked for.
const HEAD_BYTES: u64 = 256 * 1024;

/// What is to be read, and what is not.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Captures in the order in which they are read.
    pub captures: Vec<Input>,
    /// Files of folders that are no captures.
    pub passed_over: Vec<PathBuf>,
    /// What was asked for and cannot be read, and why: folders without a capture, and captures in
    /// folders that are cut or in a format that is not read.
    pub unread: Vec<(PathBuf, String)>,
}

/// What a file of a folder turned out to be.
enum Look {
    /// A capture, and the time of its first frame; [`Time::MIN`] where it has none.
    Capture(Time),
    /// No capture.
    Other,
    /// One that cannot be read, and why.
    Unread(String),
}

impl Inputs {
    /// Frames are named by a file number of 16 bits.
    const MOST: usize = u16::MAX as usize;

    /// Looks at the arguments. A file is taken as it is; a folder is listed.
    pub fn find(arguments: &[PathBuf]) -> Inputs {
        let mut inputs = Inputs::default();
        for argument in arguments {
            if argument.as_os_str() == "-" {
                inputs.captures.push(Input::Stdin);
            } else if argument.is_dir() {
                inputs.add_folder(argument);
            } else {
                inputs.captures.push(Input::File(argument.clone()));
            }
        }
        let beyond = inputs
            .captures
            .split_off(Self::MOST.min(inputs.captures.len()));
        if let Some(first) = beyond.first() {
            let (more, most) = (beyond.len() - 1, Self::MOST);
            let why =
                format!("not read, like {more} more: at most {most} captures are read at once");
            inputs.unread.push((first.name().into(), why));
        }
        inputs
    }

    fn add_folder(&mut self, folder: &Path) {
        let files = match files(folder) {
            Ok(files) => files,
            Err(error) => return self.unread.push((folder.to_owned(), error.to_string())),
        };
        let mut captures = Vec::new();
        let unread = self.unread.len();
        for path in files {
            match look(&path) {
                Look::Capture(time) => captures.push((time, path)),
                Look::Other => self.passed_over.push(path),
                Look::Unread(why) => self.unread.push((path, why)),
            }
        }
        if captures.is_empty() && unread == self.unread.len() {
            self.unread
                .push((folder.to_owned(), "no capture in this folder".to_owned()));
        }
        captures.sort();
        self.captures
            .extend(captures.into_iter().map(|(_, path)| Input::File(path)));
    }
}

/// The regular files right in a folder, hidden ones left out, by name.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !is_hidden && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn look(path: &Path) -> Look {
    let limits = Limits::default();
    let head = match head(path, &limits) {
        Ok(head) => head,
        Err(error) => return Look::Unread(error.to_string()),
    };
    let mut boundary = match Boundary::open(&head, &limits) {
        Ok(boundary) => boundary,
        Err(OpenError::Empty | OpenError::Text | OpenError::Unknown { .. }) => return Look::Other,
        Err(error) => return Look::Unread(error.to_string()),
    };
    let mut chunks = Vec::new();
    boundary.walk(&head, 0, u64::MAX, &mut chunks);
    let rest = usize::try_from(boundary.next_offset())
        .ok()
        .and_then(|at| head.get(at..));
    boundary.finish(rest.unwrap_or_default(), &mut chunks);
    Look::Capture(boundary.summary().first_time.unwrap_or(Time::MIN))
}

/// The first bytes of a file, uncompressed.
fn head(path: &Path, limits: &Limits) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let Some(compression) = Compression::detect(&head) else {
        return Ok(head);
    };
    let mut plain = Vec::new();
    let file = File::open(path)?;
    Expansion::new(compression, file, limits)?
        .take(HEAD_BYTES)
        .read_to_end(&mut plain)?;
    Ok(plain)
}
