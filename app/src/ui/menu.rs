//! A few actions behind one button.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    browser,
    text::Text,
    ui::unique_id,
    view::{Slot, View, view},
};

/// A button that unfolds a panel of links and buttons.
///
/// The platform's `popover` closes it on Escape and on a press elsewhere, and
/// gives the focus back. It is a list of ordinary controls that Tab goes
/// through, so it may hold a form or a heading as well.
#[component]
pub fn Menu(
    /// The button's name, where what it shows is no text.
    #[prop(into)]
    label: Text,
    /// What the button shows.
    #[prop(into)]
    trigger: Slot,
    /// The button's classes.
    #[prop(default = "button subtle")]
    class: &'static str,
    /// What unfolds; a press on a button or link in it closes it.
    children: Slot,
) -> View {
    let id = unique_id("menu");
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let expanded = RwSignal::new(false);
    let toggled = move |_| {
        if let (Some(button), Some(panel)) = (button.get(), panel.get()) {
            let open = panel.matches(":popover-open").unwrap_or(false);
            expanded.set(open);
            if open {
                place(&button, &panel);
            } else {
                hide(&panel);
            }
        }
    };
    let chosen = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let control = target.and_then(|target| target.closest("a, button").ok().flatten());
        if let (Some(_), Some(panel)) = (control, panel.get()) {
            let _ = panel.hide_popover();
        }
    };
    view! {
        <button
            type="button"
            class=class
            node_ref=button
            popovertarget=id.clone()
            aria-label=label.clone()
            title=label
            aria-expanded=move || Some(if expanded.get() { "true" } else { "false" })
        >
            {trigger.run()}
        </button>
        <div class="menu" id=id popover="auto" node_ref=panel on:toggle=toggled on:click=chosen>
            {children.run()}
        </div>
    }
}

/// Puts the panel under the button, or above it where there is more room, within the window.
/// Not every browser can do it in CSS yet, and setting a property is not an inline style.
fn place(button: &HtmlElement, panel: &HtmlElement) {
    let at = button.get_bounding_client_rect();
    let (width, height) = (panel.offset_width(), panel.offset_height());
    let room = browser::root().map_or((0, 0), |root| (root.client_width(), root.client_height()));
    // Whole pixels: writing fractions would add some kilobytes to the page.
    #[expect(clippy::cast_possible_truncation, reason = "a window is not that wide")]
    let (right, above, below) = (at.right() as i32, at.top() as i32 - 4, at.bottom() as i32 + 4);
    let left = (right - width).clamp(8, (room.0 - width - 8).max(8));
    let fits = below + height <= room.1;
    let top = if fits || above < room.1 - below { below } else { (above - height).max(8) };
    let style = panel.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
    // Until here it stands where it stood before, and whoever aims at it would miss it.
    let _ = style.set_property("visibility", "visible");
}

/// Keeps a closed panel out of sight until it is opened and put in its place again.
fn hide(panel: &HtmlElement) {
    let _ = panel.style().remove_property("visibility");
}
