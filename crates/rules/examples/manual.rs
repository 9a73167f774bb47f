//! Writes the manual of the rules to `docs/rules`, or to the folder that is named.

use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let folder = std::env::args_os().nth(1).map_or(usual, PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for page in siptriage_rules::manual::pages() {
        std::fs::write(folder.join(&page.name), &page.text)?;
    }
    Ok(())
}
