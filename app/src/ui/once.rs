//! Views that are built once: what keeps the page small.
//!
//! For every type of view Leptos can also *update* an element that is already
//! there to become what a later run of the view describes, and that code is
//! made anew for each type; it was a third of the wasm. A component runs once
//! and its reactive parts update themselves, so nearly all of that code is
//! never called. [`Once`] leaves it out: a view that is run again replaces
//! what was there.
//!
//! Therefore every component of ours ends in `.once()`, takes its children as
//! [`Slot`] or [`SlotFn`], and keeps what changes in closures that are as
//! small as can be (a text, an attribute), so that no focused element is
//! replaced.

use std::sync::Arc;

use leptos::{
    children::{ChildrenOptContainer, ToChildren},
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};

/// A view of any type, built once.
pub struct Once(Box<dyn FnOnce() -> Built + Send>);

/// Makes a [`Once`] of a view.
pub trait IntoOnce {
    /// Forgets the view's type.
    fn once(self) -> Once;
}

impl<V: IntoView + 'static> IntoOnce for V {
    fn once(self) -> Once {
        Once(Box::new(move || Built(Box::new(State(self.into_view().build())))))
    }
}

/// What a [`Once`] put on the page.
pub struct Built(Box<dyn Placed>);

/// The part of [`Mountable`] that is used.
trait Placed {
    fn unmount(&mut self);
    fn mount(&mut self, parent: &Element, marker: Option<&Node>);
    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool;
}

struct State<M>(M);

impl<M: Mountable> Placed for State<M> {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }
}

impl Mountable for Built {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        // Asked for by view transitions and attribute spreading alone.
        Vec::new()
    }
}

impl Render for Once {
    type State = Built;

    fn build(self) -> Built {
        (self.0)()
    }

    fn rebuild(self, state: &mut Built) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

/// Attributes are given to elements and as props, not spread onto components.
impl AddAnyAttr for Once {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attribute: NewAttr) -> Self {
        self
    }
}

/// The page is rendered in the browser alone; none of this is ever called.
impl RenderHtml for Once {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _buffer: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        _cursor: &Cursor,
        _position: &PositionState,
    ) -> Built {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Children that are shown once; the type of a component's `children`.
pub struct Slot(Box<dyn FnOnce() -> Once + Send>);

impl Slot {
    /// The children.
    #[must_use]
    pub fn run(self) -> Once {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for Slot
where
    F: FnOnce() -> V + Send + 'static,
    V: IntoView + 'static,
{
    fn to_children(children: F) -> Self {
        Self(Box::new(move || children().once()))
    }
}

impl<F, V> From<F> for Slot
where
    F: FnOnce() -> V + Send + 'static,
    V: IntoView + 'static,
{
    fn from(view: F) -> Self {
        Self::to_children(view)
    }
}

/// Plain text between tags is handed over as it is.
impl<T: IntoView + 'static> ToChildren<ChildrenOptContainer<T>> for Slot {
    fn to_children(children: ChildrenOptContainer<T>) -> Self {
        Self(Box::new(move || children.0.once()))
    }
}

/// Children, or a view passed as a prop, that may be shown again and again.
#[derive(Clone)]
pub struct SlotFn(Arc<dyn Fn() -> Once + Send + Sync>);

impl SlotFn {
    /// The view, made anew.
    #[must_use]
    pub fn run(&self) -> Once {
        (self.0)()
    }
}

impl<F, V> From<F> for SlotFn
where
    F: Fn() -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn from(view: F) -> Self {
        Self(Arc::new(move || view().once()))
    }
}

impl<F, V> ToChildren<F> for SlotFn
where
    F: Fn() -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn to_children(children: F) -> Self {
        children.into()
    }
}

impl<T: IntoView + Clone + Sync + 'static> ToChildren<ChildrenOptContainer<T>> for SlotFn {
    fn to_children(children: ChildrenOptContainer<T>) -> Self {
        Self(Arc::new(move || children.0.clone().once()))
    }
}

/// A part of a view that changes: what [`live`] makes, one type for all of them.
pub type Live = Box<dyn FnMut() -> Once + Send>;

/// A part of a view that is made anew whenever a signal that it reads changes.
///
/// A bare closure in a view would do the same, with code of its own for each closure:
/// an effect, its first run and its reruns. Here all of them share one.
pub fn live<V: IntoView + 'static>(mut part: impl FnMut() -> V + Send + 'static) -> Live {
    Box::new(move || part().once())
}

/// A text of a view that changes, likewise.
pub fn live_text(
    text: impl FnMut() -> String + Send + 'static,
) -> Box<dyn FnMut() -> String + Send> {
    Box::new(text)
}

/// The value of an attribute that changes, likewise; without one it is not there.
pub fn live_attr<T: 'static>(
    value: impl FnMut() -> Option<T> + Send + 'static,
) -> Box<dyn FnMut() -> Option<T> + Send> {
    Box::new(value)
}
