//! Entry point of the page. Everything else is in the library.

fn main() {
    app::start();
}
