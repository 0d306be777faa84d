//! Menus.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    browser,
    text::Text,
    ui::unique_id,
    view::{Slot, View, view},
};

/// A button that opens a panel of links and buttons.
///
/// The platform's `popover` closes the panel on Escape and on a click elsewhere, and
/// returns the focus. The panel contains ordinary controls in the tab order, so it can hold
/// a form or a heading as well.
#[component]
pub fn Menu(
    /// The button's accessible name.
    #[prop(into)]
    label: Text,
    /// The button's content.
    #[prop(into)]
    trigger: Slot,
    /// The button's CSS classes.
    #[prop(default = "button subtle")]
    class: &'static str,
    /// The panel's content. A click on a button or link in it closes the panel.
    children: Slot,
) -> View {
    let id = unique_id("menu");
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    let expanded = RwSignal::new(false);
    let on_toggle = move |_| {
        if let (Some(button), Some(panel)) = (button.get(), panel.get()) {
            let open = panel.matches(":popover-open").unwrap_or(false);
            expanded.set(open);
            if open {
                position_panel(&button, &panel);
            } else {
                hide_panel(&panel);
            }
        }
    };
    let on_click = move |event: leptos::ev::MouseEvent| {
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
        <div class="menu" id=id popover="auto" node_ref=panel on:toggle=on_toggle on:click=on_click>
            {children.run()}
        </div>
    }
}

/// Positions the panel under the button, or above it if there is more viewport, within the
/// window. Not every browser supports this in CSS yet, and setting a property is not an
/// inline style.
fn position_panel(button: &HtmlElement, panel: &HtmlElement) {
    let at = button.get_bounding_client_rect();
    let (width, height) = (panel.offset_width(), panel.offset_height());
    let viewport =
        browser::root().map_or((0, 0), |root| (root.client_width(), root.client_height()));
    // Whole pixels: formatting fractions would add some kilobytes of wasm.
    #[expect(clippy::cast_possible_truncation, reason = "a window is not that wide")]
    let (right, above, below) = (at.right() as i32, at.top() as i32 - 4, at.bottom() as i32 + 4);
    let left = (right - width).clamp(8, (viewport.0 - width - 8).max(8));
    let fits = below + height <= viewport.1;
    let top = if fits || above < viewport.1 - below { below } else { (above - height).max(8) };
    let style = panel.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
    // The panel is hidden until it is positioned; otherwise a quick click would miss it.
    let _ = style.set_property("visibility", "visible");
}

/// Hides a closed panel until it is opened and positioned again.
fn hide_panel(panel: &HtmlElement) {
    let _ = panel.style().remove_property("visibility");
}
