//! Rendering: elements, and the parts of them that change.
//!
//! The macro [`view!`] expands to calls of this module. No type here is generic over the
//! content of a view: the differences are boxed, so that the code that builds, updates and
//! removes views is in the wasm only once. With Leptos's own views, whose types spell out
//! the whole tree, the page is half as large again.
//!
//! A view is built once, when its code runs. Later changes are effects of the reactive
//! owner under which the view was built: a closure makes a text, an attribute or a part of
//! a view dynamic, and [`each`] does so for a list. When a dynamic part is replaced, its
//! owner is disposed together with its effects and listeners.

use std::{borrow::Cow, cell::RefCell, collections::HashMap, rc::Rc, sync::Arc};

use js_sys::Reflect;
use leptos::{
    ev::EventDescriptor,
    html::ElementType,
    prelude::{Get, NodeRef, Owner, RwSignal, Signal, document, on_cleanup},
    reactive::effect::RenderEffect,
    tachys::html::node_ref::NodeRefContainer,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, Node};

pub use view_macro::view;

/// Rendered content: an element, a text, several of them, or nothing.
#[must_use = "a view that is not put into another is not shown"]
pub struct View(Option<Node>);

impl View {
    /// A view without content.
    pub const EMPTY: Self = Self(None);

    /// Appends the view to an element that is already in the document.
    pub fn mount(self, parent: &web_sys::Element) {
        append(parent, self);
    }
}

/// A value that can be used in a view between braces.
pub trait IntoView {
    /// Renders the value.
    fn into_view(self) -> View;

    /// Renders the value of `part`, and renders it again whenever a signal that `part`
    /// reads changes.
    fn into_dynamic_view(mut part: Box<dyn FnMut() -> Self>) -> View
    where
        Self: Sized + 'static,
    {
        dynamic_region(Box::new(move || part().into_view()))
    }
}

/// An element under construction, or a fragment that holds the roots of a view.
pub struct Element(Node);

/// Creates an HTML element.
pub fn element(tag: &'static str) -> Element {
    or_empty_fragment(document().create_element(tag))
}

/// Creates an SVG element.
pub fn svg(tag: &'static str) -> Element {
    or_empty_fragment(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag))
}

/// Tag names are literals in the source, so `createElement` does not fail in practice. An
/// empty fragment stands in if it does.
fn or_empty_fragment(element: Result<web_sys::Element, JsValue>) -> Element {
    element.map_or_else(|_| fragment(), |element| Element(element.into()))
}

/// Creates a fragment, which holds the roots of a view until they are inserted.
pub fn fragment() -> Element {
    Element(document().create_document_fragment().into())
}

impl Element {
    fn html(&self) -> &web_sys::Element {
        self.0.unchecked_ref()
    }

    /// Finishes the construction.
    pub fn finish(self) -> View {
        View(Some(self.0))
    }

    /// Appends an element.
    pub fn element(&self, child: &Element) {
        let _ = self.0.append_child(&child.0);
    }

    /// Appends a value.
    pub fn child(&self, child: impl IntoView) {
        append(&self.0, child.into_view());
    }

    /// Appends a text.
    pub fn text(&self, text: &str) {
        let _ = self.0.append_child(&document().create_text_node(text));
    }

    /// Sets an attribute to a fixed value.
    pub fn set(&self, name: &str, value: &str) {
        let _ = self.html().set_attribute(name, value);
    }

    /// Sets the classes, and adds the scope class of the component's styles.
    pub fn class(&self, class: &str, scope: &str) {
        self.set("class", &format!("{class} {scope}"));
    }

    /// Sets an attribute to a fixed or a reactive value.
    pub fn attribute(&self, name: &'static str, value: impl IntoAttribute) {
        self.apply_attribute(name, value.into_attribute());
    }

    fn apply_attribute(&self, name: &'static str, value: Attribute) {
        match value {
            Attribute::Fixed(Some(value)) => self.set(name, &value),
            Attribute::Fixed(None) => {}
            Attribute::Dynamic(mut value) => {
                let element = self.html().clone();
                let mut shown = None;
                effect(Box::new(move || {
                    let now = value();
                    if now != shown {
                        let _ = match &now {
                            Some(value) => element.set_attribute(name, value),
                            None => element.remove_attribute(name),
                        };
                        shown = now;
                    }
                }));
            }
        }
    }

    /// Adds a class while the condition holds.
    pub fn class_when(&self, class: &'static str, condition: impl IntoCondition) {
        let mut condition = condition.into_condition();
        let classes = self.html().class_list();
        effect(Box::new(move || {
            let _ = classes.toggle_with_force(class, condition());
        }));
    }

    /// Keeps a DOM property, such as the value of a field, equal to a signal.
    pub fn property(&self, name: &'static str, value: impl IntoProperty) {
        let mut value = value.into_property();
        let element = self.0.clone();
        effect(Box::new(move || {
            let _ = Reflect::set(&element, &name.into(), &value());
        }));
    }

    /// Adds an event listener.
    pub fn on<E: EventDescriptor>(&self, event: &E, mut handler: impl FnMut(E::EventType) + 'static)
    where
        E::EventType: JsCast,
    {
        let handler = move |event: Event| handler(event.unchecked_into());
        self.listen(event.name(), Box::new(handler));
    }

    fn listen(&self, event: Cow<'static, str>, handler: Box<dyn FnMut(Event)>) {
        let handler: Closure<dyn FnMut(Event)> = Closure::wrap(handler);
        let listener = handler.as_ref().unchecked_ref();
        let _ = self.0.add_event_listener_with_callback(&event, listener);
        let node = self.0.clone();
        // A removed element can still receive events, such as `blur`, when the signals that
        // its listener reads are disposed.
        on_dispose(Box::new(move || {
            let listener = handler.as_ref().unchecked_ref();
            let _ = node.remove_event_listener_with_callback(&event, listener);
        }));
    }

    /// Stores the element in `reference`.
    pub fn node_ref<E>(&self, reference: NodeRef<E>)
    where
        E: ElementType + 'static,
        E::Output: JsCast + Clone + 'static,
    {
        reference.load(self.html());
    }
}

fn append(parent: &Node, view: View) {
    if let View(Some(node)) = view {
        let _ = parent.append_child(&node);
    }
}

/// Runs `run` now, and again whenever a signal that it reads changes, until the current
/// owner is disposed.
fn effect(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    on_cleanup(move || drop(effect));
}

/// Runs `cleanup` when the reactive owner is disposed.
fn on_dispose(cleanup: Box<dyn FnOnce()>) {
    let cleanup = send_wrapper::SendWrapper::new(cleanup);
    on_cleanup(move || cleanup.take()());
}

fn dynamic_region(mut part: Box<dyn FnMut() -> View>) -> View {
    let (fragment_node, start, end) = dynamic_range();
    effect(Box::new(move || {
        let new = part();
        while let Some(old) = start.next_sibling().filter(|old| *old != end) {
            remove(&old);
        }
        insert_before_node(&end, new);
    }));
    View(Some(fragment_node))
}

/// Creates a fragment with a pair of comment nodes that delimit a dynamic range. Returns
/// the fragment, the start and the end.
fn dynamic_range() -> (Node, Node, Node) {
    let fragment_node: Node = document().create_document_fragment().into();
    let mark = || Node::from(document().create_comment(""));
    let (start, end) = (mark(), mark());
    let _ = fragment_node.append_child(&start);
    let _ = fragment_node.append_child(&end);
    (fragment_node, start, end)
}

fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

fn insert_before_node(mark: &Node, view: View) {
    if let (Some(parent), View(Some(node))) = (mark.parent_node(), view) {
        let _ = parent.insert_before(&node, Some(mark));
    }
}

/// Renders a text that is updated in place, so that focus and selection are kept.
fn dynamic_text(mut part: Box<dyn FnMut() -> String>) -> View {
    let node: Node = document().create_text_node("").into();
    let shown = node.clone();
    let mut before = String::new();
    effect(Box::new(move || {
        let now = part();
        if now != before {
            shown.set_text_content(Some(&now));
            before = now;
        }
    }));
    View(Some(node))
}

/// Renders one element for each item of a reactive list. An element is kept as long as its
/// key is in the list, so the key must contain everything that can change in the element.
/// Of several items with the same key, only the first is shown.
pub fn each<T: 'static>(
    list: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> String + 'static,
    row: impl Fn(T) -> View + 'static,
) -> View {
    let row = Rc::new(row);
    keyed_rows(Box::new(move || {
        let rows = list().into_iter().map(|item| {
            let row = Rc::clone(&row);
            let key = key(&item);
            let build: Box<dyn FnOnce() -> View> = Box::new(move || row(item));
            (key, build)
        });
        rows.collect()
    }))
}

type KeyedRow = (String, Box<dyn FnOnce() -> View>);

fn keyed_rows(list: Box<dyn Fn() -> Vec<KeyedRow>>) -> View {
    let (fragment_node, _, end) = dynamic_range();
    // A row outlives the run of the effect that created it, so it gets an owner of its own.
    let outer = Owner::current().unwrap_or_default();
    let shown: RefCell<HashMap<String, (Owner, Node)>> = RefCell::default();
    effect(Box::new(move || {
        let mut before = shown.take();
        let mut after = HashMap::new();
        let list = list();
        let mut order = Vec::with_capacity(list.len());
        for (key, build) in list {
            // A second row with the same key could not be tracked.
            if after.contains_key(&key) {
                continue;
            }
            let (owner, node) = before.remove(&key).unwrap_or_else(|| {
                let owner = outer.with(Owner::new);
                let node = owner.with(|| leptos::prelude::untrack(build)).0;
                (owner, node.unwrap_or_else(|| document().create_comment("").into()))
            });
            order.push(node.clone());
            after.insert(key, (owner, node));
        }
        for (owner, node) in before.into_values() {
            drop(owner);
            remove(&node);
        }
        // From the end, so that a row that is already in the right place is not moved and
        // keeps its focus.
        let mut next = end.clone();
        if let Some(parent) = end.parent_node() {
            for node in order.into_iter().rev() {
                if node.next_sibling().as_ref() != Some(&next) {
                    let _ = parent.insert_before(&node, Some(&next));
                }
                next = node;
            }
        }
        shown.replace(after);
    }));
    View(Some(fragment_node))
}

impl IntoView for View {
    fn into_view(self) -> View {
        self
    }
}

impl IntoView for () {
    fn into_view(self) -> View {
        View::EMPTY
    }
}

impl IntoView for &str {
    fn into_view(self) -> View {
        View(Some(document().create_text_node(self).into()))
    }
}

impl IntoView for String {
    fn into_view(self) -> View {
        self.as_str().into_view()
    }

    fn into_dynamic_view(part: Box<dyn FnMut() -> Self>) -> View {
        dynamic_text(part)
    }
}

impl<F, V> IntoView for F
where
    F: FnMut() -> V + 'static,
    V: IntoView + 'static,
{
    fn into_view(self) -> View {
        V::into_dynamic_view(Box::new(self))
    }
}

impl<V: IntoView> IntoView for Option<V> {
    fn into_view(self) -> View {
        self.map_or(View::EMPTY, IntoView::into_view)
    }
}

impl<V: IntoView> IntoView for Vec<V> {
    fn into_view(self) -> View {
        self.into_iter().collect_view()
    }
}

/// Conversion of an iterator of views into one view.
pub trait CollectView {
    /// Renders all items, one after the other.
    fn collect_view(self) -> View;
}

impl<V: IntoView, I: Iterator<Item = V>> CollectView for I {
    fn collect_view(self) -> View {
        let all = fragment();
        self.for_each(|view| all.child(view));
        all.finish()
    }
}

/// The value of an attribute. The attribute is absent if the value is `None`.
pub enum Attribute {
    /// A fixed value.
    Fixed(Option<Cow<'static, str>>),
    /// A reactive value.
    Dynamic(Box<dyn FnMut() -> Option<Cow<'static, str>>>),
}

/// A value that can be assigned to an attribute in a view.
pub trait IntoAttribute {
    /// Returns the value.
    fn into_attribute(self) -> Attribute;
}

/// A plain attribute value, as a reactive attribute returns it.
pub trait AttributeValue {
    /// Returns the value.
    fn value(self) -> Option<Cow<'static, str>>;
}

macro_rules! attribute_values {
    ($($type:ty: |$value:ident| $text:expr;)+) => {$(
        impl AttributeValue for $type {
            fn value(self) -> Option<Cow<'static, str>> {
                let $value = self;
                $text
            }
        }

        impl IntoAttribute for $type {
            fn into_attribute(self) -> Attribute {
                Attribute::Fixed(self.value())
            }
        }
    )+};
}

attribute_values! {
    &'static str: |value| Some(Cow::Borrowed(value));
    String: |value| Some(Cow::Owned(value));
    Option<&'static str>: |value| value.map(Cow::Borrowed);
    Option<String>: |value| value.map(Cow::Owned);
    bool: |value| value.then_some(Cow::Borrowed(""));
}

impl<F, V> IntoAttribute for F
where
    F: FnMut() -> V + 'static,
    V: AttributeValue,
{
    fn into_attribute(mut self) -> Attribute {
        Attribute::Dynamic(Box::new(move || self().value()))
    }
}

/// A condition that a class can depend on.
pub trait IntoCondition {
    /// Returns the condition as a reactive closure.
    fn into_condition(self) -> Box<dyn FnMut() -> bool>;
}

impl IntoCondition for bool {
    fn into_condition(self) -> Box<dyn FnMut() -> bool> {
        Box::new(move || self)
    }
}

impl<F: FnMut() -> bool + 'static> IntoCondition for F {
    fn into_condition(self) -> Box<dyn FnMut() -> bool> {
        Box::new(self)
    }
}

/// A value that a DOM property can follow.
pub trait IntoProperty {
    /// Returns the value as a reactive closure.
    fn into_property(self) -> Box<dyn FnMut() -> JsValue>;
}

macro_rules! properties {
    ($($type:ty),+) => {$(
        impl IntoProperty for $type {
            fn into_property(self) -> Box<dyn FnMut() -> JsValue> {
                Box::new(move || self.get().into())
            }
        }
    )+};
}

properties! { RwSignal<String>, RwSignal<bool>, Signal<bool> }

impl<F: FnMut() -> bool + 'static> IntoProperty for F {
    fn into_property(mut self) -> Box<dyn FnMut() -> JsValue> {
        Box::new(move || self().into())
    }
}

/// Children that are rendered once; the type of a component's `children`.
pub struct Slot(Box<dyn FnOnce() -> View>);

impl Slot {
    /// Renders the children.
    pub fn run(self) -> View {
        (self.0)()
    }
}

impl<F, V> From<F> for Slot
where
    F: FnOnce() -> V + 'static,
    V: IntoView,
{
    fn from(view: F) -> Self {
        Self(Box::new(move || view().into_view()))
    }
}

/// Children, or a view passed as a prop, that can be rendered repeatedly.
#[derive(Clone)]
pub struct SlotFn(Arc<dyn Fn() -> View + Send + Sync>);

impl SlotFn {
    /// Renders a new copy of the view.
    pub fn run(&self) -> View {
        (self.0)()
    }
}

impl<F, V> From<F> for SlotFn
where
    F: Fn() -> V + Send + Sync + 'static,
    V: IntoView,
{
    fn from(view: F) -> Self {
        Self(Arc::new(move || view().into_view()))
    }
}
