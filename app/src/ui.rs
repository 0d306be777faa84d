//! The components that pages consist of.
//!
//! The components know nothing of the domain: every text is passed in as a
//! [`Text`](crate::text::Text). They rest on the platform (`<dialog>`, `popover`,
//! `<table>`, real forms), so that the keyboard and assistive technology work without extra
//! code.
//!
//! | for | use |
//! | --- | --- |
//! | the page's heading | [`PageTitle`] (exactly one per page), [`Breadcrumb`] above it |
//! | an action | [`Button`]; if it is not allowed, set `disabled_reason` instead of leaving the button out |
//! | navigation | [`Link`], or [`LinkButton`] for the main action |
//! | a confirmation | [`ConfirmDialog`], with `alert=true` if something will be lost |
//! | input | [`TextInput`], [`TextArea`], [`PasswordInput`], [`Checkbox`], [`RadioGroup`], [`Select`] in a `<form class="form">` |
//! | feedback | [`MessageBar`] in the page, [`toast()`] after an action, [`ErrorSummary`] above a form |
//! | a state | [`Badge`] |
//! | a list | [`Toolbar`], and [`list_body`](crate::features::listing::list_body) around a [`Table`] |
//! | details | [`Card`], [`DescriptionList`], [`Timeline`], [`Tabs`] |
//!
//! Props named `error`, `disabled_reason`, `busy` are signals: pass a value, a
//! signal, or `Signal::derive(move || …)`.
//!
//! # Every component
//! returns a [`View`](crate::view::View), and takes its children as
//! [`Slot`](crate::view::Slot) (rendered once) or [`SlotFn`](crate::view::SlotFn) (rendered
//! repeatedly; also for views passed as props). A closure in a view is a dynamic part; keep
//! it as small as possible (a text, an attribute), so that focused elements are not
//! replaced. These cost kilobytes of wasm: `format!` of an `f64`, the router's `<A>` and
//! `<Routes>` (use [`Link`]), Leptos's own `view!`, `regex`, and sorting by a key of its
//! own type.
//!
//! # A list page
//! ```text
//! <PageTitle title=t::partners::title intro=t::partners::intro />
//! <Toolbar>
//!     <SearchBox id=SEARCH_ID label=t::partners::search value=controls.search />
//!     <Filter label=t::partners::kind value=controls.filter("type") choices=kinds />
//! </Toolbar>
//! <ListTools count=move || COUNT.text(partners.list) on_refresh=move |()| partners.refresh() />
//! {listing::list_body(partners, controls, SEARCH_ID, empty.into(), (move || view! {
//!     <Table caption=t::partners::title columns=vec![
//!         TableColumn::new("name", t::partners::name).sortable(),
//!         TableColumn::new("since", t::partners::since),
//!     ] sort=controls.current_sort() on_sort=move |sort| controls.sort(sort)>
//!         {each(
//!             move || partners.rows(),
//!             |row| format!("{} {}", row.id, row.version),
//!             |row| view! {
//!                 <tr role="row">
//!                     <Cell of="name" header=true><a id=row.id href=row.href()>{row.name}</a></Cell>
//!                     <Cell of="since">{move || intl::date(row.since)}</Cell>
//!                 </tr>
//!             },
//!         )}
//!     </Table>
//! }).into())}
//! ```
//! `controls` ([`ListControls`](crate::features::listing::ListControls)) keep search, filters and
//! sort order in the address, and `partners` ([`ListData`](crate::features::listing::ListData)) has
//! the rows, which the server returns page by page.
//!
//! # Layout
//! `class="stack"` arranges children vertically, `row` horizontally, `grid` in columns;
//! `form` limits the width.
//!
//! # Styles
//! `style/*.css` has the tokens (`--space-4`, `--brand`, `--text-2`, …), the reset, and
//! classes that several components share. A rule for a single component is in a `style!`
//! block next to it, bound by a `let` directly in the component's function, with one
//! declaration to a line and no nesting; `view! { class = scope, … }` puts its class on the
//! elements of that `view!`. `cargo xtask styles` collects all of it into one stylesheet,
//! and fails if a rule would be lost or two blocks would share a class (make one of them
//! longer by a character). Never use `style=`: the Content Security Policy forbids it.

use std::sync::atomic::{AtomicU32, Ordering};

mod badge;
mod breadcrumb;
mod button;
mod card;
mod confirm;
mod description;
mod dialog;
mod field;
mod icon;
mod link;
mod list;
mod menu;
mod message;
mod quote;
mod table;
mod tabs;
mod timeline;
mod title;
mod toast;
mod toolbar;

pub use badge::*;
pub use breadcrumb::*;
pub use button::*;
pub use card::*;
pub use confirm::*;
pub use description::*;
pub use dialog::*;
pub use field::*;
pub use icon::*;
pub use link::*;
pub use list::*;
pub use menu::*;
pub use message::*;
pub use quote::*;
pub use table::*;
pub use tabs::*;
pub use timeline::*;
pub use title::*;
pub use toast::*;
pub use toolbar::*;

/// The meaning of a message or a state. It determines the color and the icon together, so
/// that color is never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// Neutral information.
    #[default]
    Info,
    /// A success, or a good state.
    Success,
    /// Something that needs attention.
    Warning,
    /// A failure.
    Error,
    /// Something that is over or not relevant now.
    Neutral,
}

impl Intent {
    fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Neutral => "neutral",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Success => Icon::CheckCircle,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Error,
            Self::Neutral => Icon::Circle,
        }
    }
}

/// Returns an id that is unique within the page.
#[must_use]
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
