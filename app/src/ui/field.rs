//! Asking for values.
//!
//! Values live in signals that the page owns, so what was typed outlives an
//! error. Labels are visible; hints and errors are tied to their control.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Icon, unique_id},
    view::{CollectView, IntoView, Slot, View, view},
};

/// The ids by which a control and what is said about it find each other.
#[derive(Clone, Debug)]
struct Ids {
    control: String,
    hint: String,
    error: String,
}

impl Ids {
    fn new(id: Option<String>) -> Self {
        let control = id.unwrap_or_else(|| unique_id("field"));
        Self { hint: format!("{control}-hint"), error: format!("{control}-error"), control }
    }

    /// What `aria-describedby` points to.
    fn described(
        &self,
        has_hint: bool,
        error: Signal<Option<String>>,
    ) -> impl Fn() -> Option<String> + Send + use<> {
        let ids = self.clone();
        move || match (has_hint, error.read().is_some()) {
            (true, true) => Some(format!("{} {}", ids.hint, ids.error)),
            (true, false) => Some(ids.hint.clone()),
            (false, true) => Some(ids.error.clone()),
            (false, false) => None,
        }
    }
}

fn label_view(ids: &Ids, label: Text, required: bool) -> View {
    view! {
        <label class="field-label" for=ids.control.clone()>
            {label}
            {(!required).then(|| view! { <span class="field-optional">{t::ui::optional}</span> })}
        </label>
    }
}

fn notes(ids: &Ids, hint: Option<Text>, error: Signal<Option<String>>) -> View {
    let error_id = ids.error.clone();
    let hint_id = ids.hint.clone();
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        // The region is always there, so that an error that appears is announced.
        <div class="field-error" id=error_id aria-live="polite">
            {move || error.get().map(|error| view! { <p>{Icon::Error} {error}</p> })}
        </div>
    }
}

fn invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Send {
    move || error.read().is_some().then_some("true")
}

/// One line of text.
#[component]
pub fn TextInput(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// What is typed.
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The kind of input: `text`, `email`, `search`, `tel`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard of a phone, such as `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What a password manager or browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may not stay empty; optional fields say that they are.
    #[prop(default = true)]
    required: bool,
    /// Whether leaving it empty says something, which the page explains: it is then neither
    /// required nor called optional.
    #[prop(optional)]
    may_clear: bool,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// Called when the field is left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> View {
    let ids = Ids::new(id);
    let described = ids.described(hint.is_some(), error);
    view! {
        <div class="field">
            {label_view(&ids, label, required)}
            <input
                class="input"
                id=ids.control.clone()
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                aria-required=(required && !may_clear).then_some("true")
                aria-invalid=invalid(error)
                aria-describedby=described
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=move |_| {
                    if let Some(on_blur) = on_blur {
                        on_blur.run(());
                    }
                }
            />
            {notes(&ids, hint, error)}
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// What is typed.
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// How many lines are shown.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it may not stay empty.
    #[prop(default = true)]
    required: bool,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = Ids::new(id);
    let described = ids.described(hint.is_some(), error);
    view! {
        <div class="field">
            {label_view(&ids, label, required)}
            <textarea
                class="input"
                id=ids.control.clone()
                rows=rows.to_string()
                aria-required=required.then_some("true")
                aria-invalid=invalid(error)
                aria-describedby=described
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            {notes(&ids, hint, error)}
        </div>
    }
}

/// A password, which can be shown.
#[component]
pub fn PasswordInput(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// What is typed.
    value: RwSignal<String>,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// `current-password` to sign in, `new-password` to set one.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = Ids::new(id);
    let described = ids.described(hint.is_some(), error);
    let shown = RwSignal::new(false);
    view! {
        <div class="field">
            {label_view(&ids, label, true)}
            <span class="input-group">
                <input
                    class="input"
                    id=ids.control.clone()
                    type=move || Some(if shown.get() { "text" } else { "password" })
                    autocomplete=autocomplete
                    aria-required="true"
                    aria-invalid=invalid(error)
                    aria-describedby=described
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="button subtle icon-only"
                    aria-label=t::ui::show_password
                    aria-pressed=move || Some(if shown.get() { "true" } else { "false" })
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { Icon::EyeOff.view() } else { Icon::Eye.view() }}
                </button>
            </span>
            {notes(&ids, hint, error)}
        </div>
    }
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// What is agreed to or chosen.
    #[prop(optional, into)]
    label: Option<Text>,
    /// Whether it is.
    checked: RwSignal<bool>,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Why it can't be changed now. It stays in reach of the keyboard, and the
    /// reason stands beneath it.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
    /// A label with more than text in it, such as a link.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let ids = Ids::new(id);
    let reason_id = format!("{}-reason", ids.control);
    let described = {
        let reason_id = reason_id.clone();
        let described = ids.described(hint.is_some(), error);
        move || match (described(), disabled_reason.read().is_some()) {
            (Some(ids), true) => Some(format!("{ids} {reason_id}")),
            (None, true) => Some(reason_id.clone()),
            (ids, false) => ids,
        }
    };
    let keep = move |event: leptos::ev::MouseEvent| {
        if disabled_reason.read_untracked().is_some() {
            event.prevent_default();
        }
    };
    view! {
        <div class="field">
            <div class="choice">
                <input
                    type="checkbox"
                    id=ids.control.clone()
                    aria-disabled=move || disabled_reason.read().is_some().then_some("true")
                    aria-invalid=invalid(error)
                    aria-describedby=described
                    on:click=keep
                    prop:checked=checked
                    on:change=move |event| checked.set(event_target_checked(&event))
                />
                <label for=ids.control.clone()>{label} {children.map(Slot::run)}</label>
            </div>
            {move || {
                disabled_reason
                    .get()
                    .map(|reason| view! { <p class="field-hint" id=reason_id.clone()>{reason}</p> })
            }}
            {notes(&ids, hint, error)}
        </div>
    }
}

/// One thing that can be chosen: its value, and how it is called.
#[derive(Clone, Debug)]
pub struct SelectOption {
    /// What the signal becomes.
    pub value: String,
    /// What is read.
    pub label: Text,
}

impl SelectOption {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of a few, all of them in view.
#[component]
pub fn RadioGroup(
    /// What is asked.
    #[prop(into)]
    label: Text,
    /// The chosen value.
    value: RwSignal<String>,
    /// What can be chosen.
    choices: Vec<SelectOption>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = Ids::new(id);
    let described = ids.described(false, error);
    let group = ids.control.clone();
    let options = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            // The first has the group's id, so that an error leads to it.
            let id = if index == 0 { group.clone() } else { format!("{group}-{index}") };
            let own = choice.value.clone();
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name=group.clone()
                        prop:checked=move || *value.read() == own
                        on:change=move |_| value.set(choice.value.clone())
                    />
                    <label for=id>{choice.label}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend class="field-label">{label}</legend>
            {options}
            {notes(&ids, None, error)}
        </fieldset>
    }
}

/// One of many.
#[component]
pub fn Select(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// The chosen value.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<SelectOption>>,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether something must be chosen.
    #[prop(default = true)]
    required: bool,
    /// Its id, where an [`ErrorSummary`](crate::ui::ErrorSummary) leads to it.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = Ids::new(id);
    let described = ids.described(hint.is_some(), error);
    view! {
        <div class="field">
            {label_view(&ids, label, required)}
            <select
                class="input"
                id=ids.control.clone()
                aria-invalid=invalid(error)
                aria-describedby=described
                on:change=move |event| value.set(event_target_value(&event))
            >
                {move || options(choices.get(), value)}
            </select>
            {notes(&ids, hint, error)}
        </div>
    }
}

/// The options of a select; the chosen one follows the signal.
pub(super) fn options(choices: Vec<SelectOption>, value: RwSignal<String>) -> View {
    choices
        .into_iter()
        .map(|choice| {
            let own = choice.value.clone();
            view! {
                <option value=choice.value prop:selected=move || *value.read() == own>
                    {choice.label}
                </option>
            }
        })
        .collect_view()
        .into_view()
}
