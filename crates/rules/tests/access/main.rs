//! Permissions and changes: the matrix of everything that is allowed, compared with golden
//! files, examples of changes, and properties of all of them.

mod changes;
mod decisions;
mod matrix;
mod properties;
mod samples;
