//! What the CAPTURE arguments stand for: files, the captures of a folder, standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use siptriage_capture::format::Boundary;
use siptriage_capture::format::compression::{Compression, Expansion};
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
    /// Folders that could not be listed, or hold no capture.
    pub empty: Vec<(PathBuf, String)>,
}

impl Inputs {
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
        inputs
    }

    fn add_folder(&mut self, folder: &Path) {
        let files = match files(folder) {
            Ok(files) => files,
            Err(error) => return self.empty.push((folder.to_owned(), error.to_string())),
        };
        let mut captures = Vec::new();
        for path in files {
            match first_time(&path) {
                Some(time) => captures.push((time, path)),
                None => self.passed_over.push(path),
            }
        }
        if captures.is_empty() {
            self.empty
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

/// The time of the first frame of a capture, [`Time::MIN`] where it has none; `None` for a file
/// that is no capture.
fn first_time(path: &Path) -> Option<Time> {
    let limits = Limits::default();
    let head = head(path, &limits).ok()?;
    let mut boundary = Boundary::open(&head, &limits).ok()?;
    let mut chunks = Vec::new();
    boundary.walk(&head, 0, u64::MAX, &mut chunks);
    let rest = usize::try_from(boundary.next_offset())
        .ok()
        .and_then(|at| head.get(at..));
    boundary.finish(rest.unwrap_or_default(), &mut chunks);
    Some(boundary.summary().first_time.unwrap_or(Time::MIN))
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
