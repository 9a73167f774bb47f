//! The source tree: where it lies and the text files that belong to it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What is no part of the source tree: version control and build products.
const OUTSIDE: [&str; 3] = [".git", "target", "artifacts"];

/// Inputs of fuzzers: any bytes, not text.
const INPUTS: &str = "tests/fuzz/corpus";

/// One file of the source tree.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Where it lies below the root, with `/` between the parts on every platform.
    pub path: String,
    /// What it holds; bytes that are not UTF-8 appear as U+FFFD.
    pub text: String,
}

impl TextFile {
    /// The file name's part after the last dot; empty where there is none.
    #[must_use]
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// The workspace's top folder.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Every file below `folder` (a path below the root; empty for all of it), sorted by path.
///
/// # Errors
/// When a folder or file cannot be read; the message names it.
pub fn text_files(folder: &str) -> Result<Vec<TextFile>> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let entry = entry?;
            if OUTSIDE.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let path = entry.path();
            if path.ends_with(INPUTS) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            files.push(TextFile {
                path: below(&root, &path),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            });
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn below(root: &Path, path: &Path) -> String {
    let parts: Vec<_> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
