//! A folder of capture files for one test, and the program run over them.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::program::{self, Run};

/// A folder that is gone when the test is over.
#[derive(Debug)]
pub struct Folder {
    folder: TempDir,
}

impl Folder {
    /// A folder of files with these names and bytes.
    ///
    /// # Errors
    /// When the folder or a file cannot be written.
    pub fn of(files: &[(&str, &[u8])]) -> io::Result<Folder> {
        let folder = TempDir::new()?;
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes)?;
        }
        Ok(Folder { folder })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Runs the program with these arguments and the files of these names, in this order.
    #[must_use]
    pub fn run(&self, arguments: &[&str], names: &[&str]) -> Run {
        let files = names.iter().map(|name| self.folder.path().join(name));
        let arguments = arguments.iter().map(OsString::from);
        program::run(arguments.chain(files.map(OsString::from)))
    }
}
