//! The macro `view!` of the app: Leptos's syntax, expanded to plain calls.
//!
//! Leptos's own macro gives every view a type that spells out its whole tree, and the compiler
//! generates code for building, updating and dropping each of these types. This macro expands
//! to calls that build the elements once (`app/src/view.rs`), which makes the wasm smaller.
//! It knows syntax only; elements, attributes and events are interpreted by the app.
//!
//! Supported, with the meaning that it has in Leptos:
//! - elements with `name="value"`, `name=expression`, `on:event=handler`,
//!   `prop:name=value`, `class:name=condition` and `node_ref=reference`;
//! - components (`<Card title=t::a::b>…</Card>`) with their props, and `let:` for
//!   children that take an argument;
//! - `"text"`, text without quotes, `{expressions}`, and several roots;
//! - `class = scope,` in front, which adds the class to every element of the view.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use rstml::{
    Parser, ParserConfig,
    node::{KeyedAttribute, Node, NodeAttribute, NodeElement, NodeName},
};
use syn::spanned::Spanned;

/// Tags that are created in the SVG namespace.
const SVG_TAGS: &[&str] = &["svg", "use", "path", "circle", "rect", "line", "g", "symbol"];

/// Expands to an expression of the type `View`; see the crate's documentation.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (scope, tokens) = split_scope(tokens.into());
    let parser = Parser::new(ParserConfig::default().recover_block(true));
    let (nodes, errors) = parser.parse_recoverable(tokens).split_vec();
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the type is of a crate that is not ours"
    )]
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let view = ViewGenerator { scope }.roots(&nodes);
    quote!({ #[allow(unused_braces)] { #(#errors;)* #view } }).into()
}

/// Splits off a leading `class = scope,`.
fn split_scope(tokens: TokenStream) -> (Option<TokenTree>, TokenStream) {
    let front: Vec<TokenTree> = tokens.clone().into_iter().take(4).collect();
    match front.as_slice() {
        [TokenTree::Ident(class), TokenTree::Punct(is), scope, TokenTree::Punct(comma)]
            if class == "class" && is.as_char() == '=' && comma.as_char() == ',' =>
        {
            (Some(scope.clone()), tokens.into_iter().skip(4).collect())
        }
        _ => (None, tokens),
    }
}

/// The code generator for one macro call.
struct ViewGenerator {
    scope: Option<TokenTree>,
}

impl ViewGenerator {
    /// Returns an expression of the type `View`.
    fn roots(&self, nodes: &[Node]) -> TokenStream {
        let nodes: Vec<&Node> = content_nodes(nodes).collect();
        match nodes.as_slice() {
            [node] => self.root(node),
            nodes => {
                let children = nodes.iter().map(|node| self.child(node));
                quote! {{
                    let parent = crate::view::fragment();
                    #(#children)*
                    parent.finish()
                }}
            }
        }
    }

    fn root(&self, node: &Node) -> TokenStream {
        match node {
            Node::Element(element) if !is_component(element) => {
                let element = self.element(element);
                quote!(#element.finish())
            }
            Node::Fragment(fragment) => self.roots(fragment.children()),
            node => {
                let value = self.value(node);
                quote!(crate::view::IntoView::into_view(#value))
            }
        }
    }

    /// Returns the value of a node that isn't an element: an expression of any type that
    /// implements `IntoView`.
    fn value(&self, node: &Node) -> TokenStream {
        match node {
            Node::Element(element) => self.component(element),
            Node::Block(block) => quote!(#[allow(unused_braces)] #block),
            Node::Text(text) => text.value.to_token_stream(),
            Node::RawText(text) => text.to_string_best().to_token_stream(),
            other => error(other, "a view can't contain this"),
        }
    }

    /// Returns a statement that appends the node to `parent`.
    fn child(&self, node: &Node) -> TokenStream {
        match node {
            Node::Element(element) if !is_component(element) => {
                let element = self.element(element);
                quote!(parent.element(&#element);)
            }
            Node::Text(text) => {
                let text = &text.value;
                quote!(parent.text(#text);)
            }
            Node::RawText(text) => {
                let text = text.to_string_best();
                quote!(parent.text(#text);)
            }
            Node::Fragment(fragment) => {
                content_nodes(fragment.children()).map(|child| self.child(child)).collect()
            }
            node => {
                let value = self.value(node);
                quote!(parent.child(#value);)
            }
        }
    }

    /// Returns an expression of the type `Element`.
    fn element(&self, element: &NodeElement<rstml::Infallible>) -> TokenStream {
        let name = element.name();
        let tag = name.to_string();
        let mut has_class = false;
        let mut statements = TokenStream::new();
        for attribute in element.attributes() {
            let NodeAttribute::Attribute(attribute) = attribute else {
                statements.extend(error(attribute, "attributes can't be spread"));
                continue;
            };
            has_class |= attribute.key.to_string() == "class";
            statements.extend(self.attribute(attribute));
        }
        if let (false, Some(scope)) = (has_class, &self.scope) {
            statements.extend(quote!(parent.set("class", #scope);));
        }
        for child in content_nodes(&element.children) {
            statements.extend(self.child(child));
        }
        let constructor = if SVG_TAGS.contains(&tag.as_str()) {
            quote_spanned!(name.span() => crate::view::svg(#tag))
        } else {
            quote_spanned!(name.span() => crate::view::element(#tag))
        };
        quote!({ let parent = #constructor; #statements parent })
    }

    fn attribute(&self, attribute: &KeyedAttribute) -> TokenStream {
        let name = attribute.key.to_string();
        let span = attribute.key.span();
        let literal = attribute.value_literal_string();
        let value = attribute.value().map(ToTokens::to_token_stream);
        let value = || value.clone().unwrap_or_else(|| quote_spanned!(span => ""));
        if let Some(event) = name.strip_prefix("on:") {
            let handler = value();
            let event = if event == "cancel" {
                // Leptos has no type for this event of dialogs.
                quote!(::leptos::ev::Custom::<::leptos::ev::Event>::new(#event))
            } else {
                let event = Ident::new(event, span);
                quote_spanned!(span => ::leptos::ev::#event)
            };
            return quote_spanned!(span => parent.on(&#event, #handler););
        }
        if let Some(property) = name.strip_prefix("prop:") {
            let value = value();
            return quote_spanned!(span => parent.property(#property, #value););
        }
        if let Some(class) = name.strip_prefix("class:") {
            let condition = value();
            return quote_spanned!(span => parent.class_when(#class, #condition););
        }
        if name == "node_ref" {
            let reference = value();
            return quote_spanned!(span => parent.node_ref(#reference););
        }
        match (name.as_str(), literal, &self.scope) {
            ("class", Some(class), None) => quote!(parent.set("class", #class);),
            ("class", Some(class), Some(scope)) => quote!(parent.class(#class, #scope);),
            ("class", None, Some(_)) => error(
                &attribute.key,
                "a computed class would replace the scope's class; use class:name=condition",
            ),
            (name, Some(value), _) => quote!(parent.set(#name, #value);),
            (name, None, _) => {
                let value = value();
                quote_spanned!(span => parent.attribute(#name, #value);)
            }
        }
    }

    /// Returns an expression that calls the component.
    fn component(&self, element: &NodeElement<rstml::Infallible>) -> TokenStream {
        let NodeName::Path(path) = element.name() else {
            return error(element.name(), "a component's name is a path");
        };
        let mut props = TokenStream::new();
        let mut arguments = Vec::new();
        for attribute in element.attributes() {
            let NodeAttribute::Attribute(attribute) = attribute else {
                props.extend(error(attribute, "props can't be spread"));
                continue;
            };
            let key = &attribute.key;
            let name = key.to_string();
            if let Some(argument) = name.strip_prefix("let:") {
                arguments.push(format_ident!("{argument}", span = key.span()));
            } else if name.contains(':') {
                props.extend(error(key, "a component has only props"));
            } else {
                let value = match attribute.value() {
                    Some(value) => value.to_token_stream(),
                    None => key.to_token_stream(),
                };
                props.extend(quote!(.#key(#[allow(unused_braces)] { #value })));
            }
        }
        if content_nodes(&element.children).next().is_some() {
            let children = self.roots(&element.children);
            props.extend(if arguments.is_empty() {
                quote!(.children(::core::convert::From::from(move || #children)))
            } else {
                quote!(.children(move |#(#arguments),*| #children))
            });
        }
        quote_spanned! { path.span() =>
            ::leptos::component::component_view(
                #[allow(clippy::needless_borrows_for_generic_args)]
                &#path,
                ::leptos::component::component_props_builder(&#path)#props.build()
            )
        }
    }
}

/// Returns the nodes without comments and doctypes.
fn content_nodes(nodes: &[Node]) -> impl Iterator<Item = &Node> {
    nodes.iter().filter(|node| !matches!(node, Node::Comment(_) | Node::Doctype(_)))
}

/// Returns whether the name begins with a capital letter, as the names of components do.
fn is_component(element: &NodeElement<rstml::Infallible>) -> bool {
    match element.name() {
        NodeName::Path(path) => path.path.segments.last().is_some_and(|last| {
            last.ident.to_string().starts_with(|first: char| first.is_uppercase())
        }),
        _ => false,
    }
}

fn error(at: &impl ToTokens, message: &str) -> TokenStream {
    let span = at.to_token_stream().into_iter().next().map_or(Span::call_site(), |t| t.span());
    syn::Error::new(span, message).to_compile_error()
}
