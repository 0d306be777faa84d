//! What the page is made of: elements, and the parts of them that change.
//!
//! [`view!`] writes the calls. Nothing here has a type for each view: what differs
//! between views is boxed, so that the code that builds, changes and removes them is
//! in the wasm once. With Leptos's own views, which spell their tree out as a type,
//! the page weighs half as much again.
//!
//! A view is built once, when its code runs. What changes after that is an effect of
//! the owner under which it was built: a closure stands for a part of a view, a text, an
//! attribute's value, and [`each`] for a list. The owner of a
//! part that is replaced takes its effects and its listeners with it.

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

/// Something to show: an element, a text, several of them, or nothing.
#[must_use = "a view that is not put into another is not shown"]
pub struct View(Option<Node>);

impl View {
    /// Nothing to show.
    pub const EMPTY: Self = Self(None);

    /// Puts it at the end of an element that is on the page already.
    pub fn mount(self, parent: &web_sys::Element) {
        append(parent, self);
    }
}

/// What can stand in a view between braces.
pub trait IntoView {
    /// Builds it.
    fn into_view(self) -> View;

    /// Builds what `part` makes, and builds it anew whenever a signal that `part` reads
    /// changes.
    fn changing(mut part: Box<dyn FnMut() -> Self>) -> View
    where
        Self: Sized + 'static,
    {
        region(Box::new(move || part().into_view()))
    }
}

/// An element that is being built; or, for a view of several roots, what holds them.
pub struct Element(Node);

/// An HTML element.
pub fn element(tag: &'static str) -> Element {
    made(document().create_element(tag))
}

/// An element of a picture.
pub fn svg(tag: &'static str) -> Element {
    made(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag))
}

/// Every name is written in the source, and a browser refuses none that is a name.
fn made(element: Result<web_sys::Element, JsValue>) -> Element {
    element.map_or_else(|_| fragment(), |element| Element(element.into()))
}

/// What holds a view of several roots until they are put into an element.
pub fn fragment() -> Element {
    Element(document().create_document_fragment().into())
}

impl Element {
    fn html(&self) -> &web_sys::Element {
        self.0.unchecked_ref()
    }

    /// The finished view.
    pub fn done(self) -> View {
        View(Some(self.0))
    }

    /// Puts another element into it.
    pub fn element(&self, child: &Element) {
        let _ = self.0.append_child(&child.0);
    }

    /// Puts something into it.
    pub fn child(&self, child: impl IntoView) {
        append(&self.0, child.into_view());
    }

    /// Puts a text into it.
    pub fn text(&self, text: &str) {
        let _ = self.0.append_child(&document().create_text_node(text));
    }

    /// Gives an attribute a value that stays.
    pub fn set(&self, name: &str, value: &str) {
        let _ = self.html().set_attribute(name, value);
    }

    /// Gives it classes, and the one by which a style finds it.
    pub fn class(&self, class: &str, scope: &str) {
        self.set("class", &format!("{class} {scope}"));
    }

    /// Gives an attribute a value, which may change.
    pub fn attribute(&self, name: &'static str, value: impl IntoAttribute) {
        self.put(name, value.into_attribute());
    }

    fn put(&self, name: &'static str, value: Attribute) {
        match value {
            Attribute::Fixed(Some(value)) => self.set(name, &value),
            Attribute::Fixed(None) => {}
            Attribute::Live(mut value) => {
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

    /// Gives it a class while a condition holds.
    pub fn class_when(&self, class: &'static str, condition: impl IntoCondition) {
        let mut condition = condition.into_condition();
        let classes = self.html().class_list();
        effect(Box::new(move || {
            let _ = classes.toggle_with_force(class, condition());
        }));
    }

    /// Keeps a property, such as what stands in a field, equal to a signal.
    pub fn property(&self, name: &'static str, value: impl IntoProperty) {
        let mut value = value.into_property();
        let element = self.0.clone();
        effect(Box::new(move || {
            let _ = Reflect::set(&element, &name.into(), &value());
        }));
    }

    /// Does something on an event.
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
        // An element that is taken away may still lose the focus, say, and what its
        // listener would read is gone by then.
        keep(Box::new(move || {
            let listener = handler.as_ref().unchecked_ref();
            let _ = node.remove_event_listener_with_callback(&event, listener);
        }));
    }

    /// Tells the page's code where it is.
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

/// Runs now, and again whenever a signal that it reads changes, until the owner is gone.
fn effect(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    on_cleanup(move || drop(effect));
}

/// Does something when the owner is gone.
fn keep(last: Box<dyn FnOnce()>) {
    let last = send_wrapper::SendWrapper::new(last);
    on_cleanup(move || last.take()());
}

fn region(mut part: Box<dyn FnMut() -> View>) -> View {
    let (around, start, end) = marked();
    effect(Box::new(move || {
        let new = part();
        while let Some(old) = start.next_sibling().filter(|old| *old != end) {
            remove(&old);
        }
        put_before(&end, new);
    }));
    View(Some(around))
}

/// Two marks that can't be seen, between which something can be changed later on.
fn marked() -> (Node, Node, Node) {
    let around: Node = document().create_document_fragment().into();
    let mark = || Node::from(document().create_comment(""));
    let (start, end) = (mark(), mark());
    let _ = around.append_child(&start);
    let _ = around.append_child(&end);
    (around, start, end)
}

fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

fn put_before(mark: &Node, view: View) {
    if let (Some(parent), View(Some(node))) = (mark.parent_node(), view) {
        let _ = parent.insert_before(&node, Some(mark));
    }
}

/// A text changes in place: nothing is taken away that has the focus or is selected.
fn text(mut part: Box<dyn FnMut() -> String>) -> View {
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

/// One element for each item of a list that changes. The element of an item whose key
/// was there before stays as it is, so the key holds everything that can change in it. Of
/// several with the same key the first is shown.
pub fn each<T: 'static>(
    list: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> String + 'static,
    row: impl Fn(T) -> View + 'static,
) -> View {
    let row = Rc::new(row);
    rows(Box::new(move || {
        let rows = list().into_iter().map(|item| {
            let row = Rc::clone(&row);
            let key = key(&item);
            let build: Box<dyn FnOnce() -> View> = Box::new(move || row(item));
            (key, build)
        });
        rows.collect()
    }))
}

type Row = (String, Box<dyn FnOnce() -> View>);

fn rows(list: Box<dyn Fn() -> Vec<Row>>) -> View {
    let (around, _, end) = marked();
    // A row outlives the runs of the effect, so its owner is not the effect's.
    let outer = Owner::current().unwrap_or_default();
    let shown: RefCell<HashMap<String, (Owner, Node)>> = RefCell::default();
    effect(Box::new(move || {
        let mut before = shown.take();
        let mut after = HashMap::new();
        let list = list();
        let mut order = Vec::with_capacity(list.len());
        for (key, build) in list {
            // A second of the same key would have no owner that ends with it.
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
        // From the end, so that a row which stands where it should is not touched and
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
    View(Some(around))
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

    fn changing(part: Box<dyn FnMut() -> Self>) -> View {
        text(part)
    }
}

impl<F, V> IntoView for F
where
    F: FnMut() -> V + 'static,
    V: IntoView + 'static,
{
    fn into_view(self) -> View {
        V::changing(Box::new(self))
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

/// Makes one view of many.
pub trait CollectView {
    /// All of them, one after the other.
    fn collect_view(self) -> View;
}

impl<V: IntoView, I: Iterator<Item = V>> CollectView for I {
    fn collect_view(self) -> View {
        let all = fragment();
        self.for_each(|view| all.child(view));
        all.done()
    }
}

/// The value of an attribute. Without one the attribute is not there.
pub enum Attribute {
    /// It stays as it is.
    Fixed(Option<Cow<'static, str>>),
    /// It changes with what it reads.
    Live(Box<dyn FnMut() -> Option<Cow<'static, str>>>),
}

/// What can be the value of an attribute.
pub trait IntoAttribute {
    /// The value.
    fn into_attribute(self) -> Attribute;
}

/// What can be the value of an attribute at one time.
pub trait AttributeValue {
    /// The value.
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
        Attribute::Live(Box::new(move || self().value()))
    }
}

/// What a class can depend on.
pub trait IntoCondition {
    /// Whether it holds; reactive.
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

/// What a property can follow.
pub trait IntoProperty {
    /// Its value; reactive.
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

/// Children that are shown once; the type of a component's `children`.
pub struct Slot(Box<dyn FnOnce() -> View>);

impl Slot {
    /// The children.
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

/// Children, or a view passed as a prop, that may be shown again and again.
#[derive(Clone)]
pub struct SlotFn(Arc<dyn Fn() -> View + Send + Sync>);

impl SlotFn {
    /// The view, made anew.
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
