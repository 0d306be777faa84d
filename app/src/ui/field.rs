//! Form fields.
//!
//! Values live in signals of the page, so that the input survives an error. Labels are
//! visible; hints and errors are associated with their control.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Icon, unique_id},
    view::{CollectView, IntoView, Slot, View, view},
};

/// The ids that associate a control with its hint and its error.
#[derive(Clone, Debug)]
struct FieldIds {
    control: String,
    hint: String,
    error: String,
}

impl FieldIds {
    fn new(id: Option<String>) -> Self {
        let control = id.unwrap_or_else(|| unique_id("field"));
        Self { hint: format!("{control}-hint"), error: format!("{control}-error"), control }
    }

    /// Returns the value of `aria-describedby`.
    fn described_by(
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

fn label_view(ids: &FieldIds, label: Text, required: bool) -> View {
    view! {
        <label class="field-label" for=ids.control.clone()>
            {label}
            {(!required).then(|| view! { <span class="field-optional">{t::ui::optional}</span> })}
        </label>
    }
}

fn hint_and_error(ids: &FieldIds, hint: Option<Text>, error: Signal<Option<String>>) -> View {
    let error_id = ids.error.clone();
    let hint_id = ids.hint.clone();
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        // The live region is always present, so that a new error is announced.
        <div class="field-error" id=error_id aria-live="polite">
            {move || error.get().map(|error| view! { <p>{Icon::Error} {error}</p> })}
        </div>
    }
}

fn aria_invalid(error: Signal<Option<String>>) -> impl Fn() -> Option<&'static str> + Send {
    move || error.read().is_some().then_some("true")
}

/// A single-line text field.
#[component]
pub fn TextInput(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// The value.
    value: RwSignal<String>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The type of the input: `text`, `email`, `search`, `tel`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The on-screen keyboard, such as `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// The autofill hint for browsers and password managers.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether a value is required; optional fields are marked as such.
    #[prop(default = true)]
    required: bool,
    /// Whether an empty value has a meaning, which the page explains. The field is then
    /// neither required nor marked as optional.
    #[prop(optional)]
    may_clear: bool,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
    /// Called when the field loses the focus.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> View {
    let ids = FieldIds::new(id);
    let described = ids.described_by(hint.is_some(), error);
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
                aria-invalid=aria_invalid(error)
                aria-describedby=described
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=move |_| {
                    if let Some(on_blur) = on_blur {
                        on_blur.run(());
                    }
                }
            />
            {hint_and_error(&ids, hint, error)}
        </div>
    }
}

/// A multi-line text field.
#[component]
pub fn TextArea(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// The value.
    value: RwSignal<String>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The number of visible lines.
    #[prop(default = 4)]
    rows: u32,
    /// Whether a value is required.
    #[prop(default = true)]
    required: bool,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = FieldIds::new(id);
    let described = ids.described_by(hint.is_some(), error);
    view! {
        <div class="field">
            {label_view(&ids, label, required)}
            <textarea
                class="input"
                id=ids.control.clone()
                rows=rows.to_string()
                aria-required=required.then_some("true")
                aria-invalid=aria_invalid(error)
                aria-describedby=described
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            {hint_and_error(&ids, hint, error)}
        </div>
    }
}

/// A password field with a button that reveals the password.
#[component]
pub fn PasswordInput(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// The value.
    value: RwSignal<String>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// `current-password` to sign in, `new-password` to set one.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = FieldIds::new(id);
    let described = ids.described_by(hint.is_some(), error);
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
                    aria-invalid=aria_invalid(error)
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
            {hint_and_error(&ids, hint, error)}
        </div>
    }
}

/// A checkbox.
#[component]
pub fn Checkbox(
    /// The label.
    #[prop(optional, into)]
    label: Option<Text>,
    /// Whether the box is checked.
    checked: RwSignal<bool>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The reason why the box can't be changed. It stays focusable, and the reason is shown
    /// beneath it.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
    /// A label with more than text, such as a link.
    #[prop(optional)]
    children: Option<Slot>,
) -> View {
    let ids = FieldIds::new(id);
    let reason_id = format!("{}-reason", ids.control);
    let described = {
        let reason_id = reason_id.clone();
        let described = ids.described_by(hint.is_some(), error);
        move || match (described(), disabled_reason.read().is_some()) {
            (Some(ids), true) => Some(format!("{ids} {reason_id}")),
            (None, true) => Some(reason_id.clone()),
            (ids, false) => ids,
        }
    };
    let prevent_if_disabled = move |event: leptos::ev::MouseEvent| {
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
                    aria-invalid=aria_invalid(error)
                    aria-describedby=described
                    on:click=prevent_if_disabled
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
            {hint_and_error(&ids, hint, error)}
        </div>
    }
}

/// An option of a select, a filter or a radio group.
#[derive(Clone, Debug)]
pub struct SelectOption {
    /// The value of the signal if the option is selected.
    pub value: String,
    /// The displayed name.
    pub label: Text,
}

impl SelectOption {
    /// Creates an option.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into() }
    }

    /// Creates an option for each of these values, with its name.
    pub fn for_each<T>(values: &[T], name: fn(T) -> String) -> Vec<Self>
    where
        T: Copy + Into<String> + Send + Sync + 'static,
    {
        values.iter().copied().map(|value| Self::new(value, move || name(value))).collect()
    }
}

/// A group of radio buttons.
#[component]
pub fn RadioGroup(
    /// The group's label.
    #[prop(into)]
    label: Text,
    /// The selected value.
    value: RwSignal<String>,
    /// The options.
    choices: Vec<SelectOption>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = FieldIds::new(id);
    let described = ids.described_by(false, error);
    let group = ids.control.clone();
    let options = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            // The first button has the group's id, so that an error links to it.
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
            {hint_and_error(&ids, None, error)}
        </fieldset>
    }
}

/// A select field.
#[component]
pub fn Select(
    /// The field's name.
    #[prop(into)]
    label: Text,
    /// The selected value.
    value: RwSignal<String>,
    /// The options.
    #[prop(into)]
    choices: Signal<Vec<SelectOption>>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// The error.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether a selection is required.
    #[prop(default = true)]
    required: bool,
    /// The id, if an [`ErrorSummary`](crate::ui::ErrorSummary) links to the field.
    #[prop(optional, into)]
    id: Option<String>,
) -> View {
    let ids = FieldIds::new(id);
    let described = ids.described_by(hint.is_some(), error);
    view! {
        <div class="field">
            {label_view(&ids, label, required)}
            <select
                class="input"
                id=ids.control.clone()
                aria-invalid=aria_invalid(error)
                aria-describedby=described
                on:change=move |event| value.set(event_target_value(&event))
            >
                {move || option_views(choices.get(), value)}
            </select>
            {hint_and_error(&ids, hint, error)}
        </div>
    }
}

/// Renders the options of a select. The selected one follows the signal.
pub(super) fn option_views(choices: Vec<SelectOption>, value: RwSignal<String>) -> View {
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
