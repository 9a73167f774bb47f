//! The JSON Schema of everything that is printed as JSON.

/// The schema, as `siptriage schema` prints it (JSON Schema 2020-12).
pub const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests;
