//! The `accord` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::main()
}
