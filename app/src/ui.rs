//! The components that pages are built of.
//!
//! They know no domain word: every text is passed in as a
//! [`Text`](crate::text::Text). They rest on the platform (`<dialog>`,
//! `popover`, `<table>`, real forms), so the keyboard and assistive technology
//! work without further doing. A page imports `use crate::ui::*;`.
//!
//! | for | use |
//! | --- | --- |
//! | the page's heading | [`PageTitle`] (exactly one a page), [`Breadcrumb`] above it |
//! | an action | [`Button`]; unavailable: give `disabled_reason`, never leave it out |
//! | going somewhere | [`Link`], or [`LinkButton`] where it is the main thing to do |
//! | asking before doing | [`Dialog`], with `alert=true` where something is lost |
//! | asking for values | [`TextInput`], [`TextArea`], [`PasswordInput`], [`Checkbox`], [`RadioGroup`], [`Select`] in a `<form class="form">` |
//! | saying how it went | [`MessageBar`] in the page, [`toast()`] after an action, [`ErrorSummary`] above a form |
//! | a state | [`Badge`] |
//! | many things | [`Toolbar`] + [`ListView`] around a [`Table`] |
//! | one thing | [`Card`], [`DescriptionList`], [`Timeline`], [`Tabs`] |
//!
//! Props named `error`, `disabled_reason`, `busy` are signals: pass a value, a
//! signal, or `Signal::derive(move || …)`.
//!
//! # Every component
//! makes a [`View`](crate::view::View), and takes its children as
//! [`Slot`](crate::view::Slot) (shown once) or [`SlotFn`](crate::view::SlotFn) (shown
//! again and again; also for views passed as props). A closure in a view is a part that
//! changes; keep it as small as can be (a text, an attribute), so that no focused
//! element is replaced. Things that cost kilobytes: `format!` of an `f64`, the router's
//! `<A>` and `<Routes>` (use [`Link`]), Leptos's own `view!`, `regex`, sorting by a key
//! of its own type.
//!
//! # A list page
//! ```text
//! <PageTitle title=t::partners::title intro=t::partners::intro />
//! <Toolbar count=move || t::partners::found(shown.read().len())>
//!     <SearchBox label=t::partners::search value=search />
//!     <Filter label=t::partners::kind value=kind choices=kinds />
//! </Toolbar>
//! <ListView state=state on_retry=retry on_clear=clear
//!     empty=|| view! { <EmptyState icon=Icon::People title=t::partners::none /> }>
//!     <Table caption=t::partners::title sort=sort on_sort=sort_by columns=vec![
//!         TableColumn::new("name", t::partners::name).sortable(),
//!         TableColumn::new("since", t::partners::since),
//!     ]>
//!         {each(
//!             move || shown.get(),
//!             |row| format!("{} {}", row.id, row.version),
//!             |row| view! {
//!                 <tr role="row">
//!                     <Cell of="name" header=true><Link href=row.href()>{row.name}</Link></Cell>
//!                     <Cell of="since">{move || intl::date(row.since)}</Cell>
//!                 </tr>
//!             },
//!         )}
//!     </Table>
//! </ListView>
//! ```
//!
//! # Layout
//! `class="stack"` puts things under each other, `row` beside each other,
//! `grid` in columns, `form` in a form's width.
//!
//! # Styles
//! `style/*.css` has the tokens (`--space-4`, `--brand`, `--text-2`, …), the
//! reset, and classes that several components share. A rule that one component
//! alone needs stands beside it in a `style!` block, bound by a `let` directly
//! in the component's function, with one declaration to a line and no nesting;
//! `view! { class = scope, … }` puts its class on the elements of that `view!`.
//! `cargo xtask styles` gathers all of it into one stylesheet, and fails where
//! a rule would be lost or two blocks would share a class (make one of them
//! longer by a character). Never use `style=`: the policy forbids it.

use std::sync::atomic::{AtomicU32, Ordering};

mod badge;
mod breadcrumb;
mod button;
mod card;
mod description;
mod dialog;
mod field;
mod icon;
mod link;
mod list;
mod menu;
mod message;
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
pub use description::*;
pub use dialog::*;
pub use field::*;
pub use icon::*;
pub use link::*;
pub use list::*;
pub use menu::*;
pub use message::*;
pub use table::*;
pub use tabs::*;
pub use timeline::*;
pub use title::*;
pub use toast::*;
pub use toolbar::*;

/// How something is meant: it chooses the color and the icon, and both say
/// the same, so that color never speaks alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// Merely something to know.
    #[default]
    Info,
    /// It went well, or is as it should be.
    Success,
    /// It asks for attention.
    Warning,
    /// It failed, or is broken.
    Error,
    /// It is over, or does not matter now.
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

/// An id that no other element of the page has.
#[must_use]
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
