//! The form that composes an invitation. The draft is saved while it is typed, and sent only
//! when the user asks for it.

use std::time::Duration;

use api::{EnquiryResource, InvitationRequest, InvitationResource, OfferRequest, routes};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{
    AdminRole, Cloud, EnquiryId, InvitationAction, InvitationId, Language, Note, OfferKind,
    OrganizationId, PartnerType, Refusal,
};
use stylers_macro::style;
use wasm_bindgen::JsValue;

use crate::{
    areas::desk::{
        invitation_actions::{
            ConfirmInvitationDialog, InvitationCommand, invitation_crumbs, invitation_refusal_text,
        },
        invitation_parts::{InvitationPageData, KnownCustomer},
    },
    browser,
    client::{self, Failure, FailureKind},
    intl,
    load::{Loader, effect, spawn},
    route::Route,
    t, text,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Checkbox, ConfirmState, Icon, Link, PageTitle,
        RadioGroup, Select, SelectOption, TextArea, TextInput,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

mod saving;

use saving::{ComposeCommand, ComposeEvent, DraftState, SaveStatus};

/// Pause after typing before the draft is saved.
const DEBOUNCE: Duration = Duration::from_millis(700);

/// API names and element IDs of the fields, from top to bottom.
const FIELD_IDS: [(&str, &str); 9] = [
    ("customer", "invitation-customer"),
    ("relationshipType", "invitation-type"),
    ("recipient", "invitation-recipient"),
    ("recipientName", "invitation-name"),
    ("message", "invitation-message"),
    ("terms", "invitation-terms"),
    ("offerKind", "invitation-offer"),
    ("offerProduct", "invitation-product"),
    ("offerQuantity", "invitation-quantity"),
];

/// Element ID of the name of a saved draft's customer, which can't be changed.
const CUSTOMER_NAME_ID: &str = "invitation-customer-name";

/// Values of the form's fields.
#[derive(Clone, Copy)]
struct InvitationFields {
    /// Way to choose the customer: `known` (from the list) or `domain` (by its domain name).
    customer_source: RwSignal<String>,
    known_customer: RwSignal<String>,
    domain: RwSignal<String>,
    /// The enquiry that the invitation answers, with its customer, which can't be changed.
    enquiry: StoredValue<Option<(EnquiryId, OrganizationId)>>,
    partner_type: RwSignal<String>,
    ask_for_roles: RwSignal<bool>,
    recipient: RwSignal<String>,
    recipient_name: RwSignal<String>,
    language: RwSignal<String>,
    message: RwSignal<String>,
    terms: RwSignal<String>,
    offer_kind: RwSignal<String>,
    offer_product: RwSignal<String>,
    offer_quantity: RwSignal<String>,
    /// The customer's cloud, if known.
    cloud: Signal<Option<Cloud>>,
}

impl InvitationFields {
    /// Creates the fields, filled in from the enquiry or the draft.
    fn new(data: &InvitationPageData) -> Self {
        let text = |text: String| RwSignal::new(text);
        let (customer_source, known_customer) =
            (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let domain = RwSignal::new(String::new());
        let customer = data.customer.trim();
        if customer.parse::<OrganizationId>().is_ok() {
            customer_source.set("known".to_owned());
            known_customer.set(customer.to_owned());
        } else if !customer.is_empty() || data.known.is_empty() {
            customer_source.set("domain".to_owned());
            domain.set(customer.to_owned());
        } else {
            customer_source.set("known".to_owned());
        }
        let enquiry = data.enquiry.as_ref().map(|one| (one.id, one.customer));
        let fixed_cloud = data.invitation.as_ref().map(|invitation| invitation.cloud);
        let fixed_cloud =
            fixed_cloud.or_else(|| data.enquiry.as_ref().map(|enquiry| enquiry.cloud));
        let all = data.known.clone();
        let cloud = Signal::derive(move || {
            fixed_cloud.or_else(|| {
                let known_customer = known_customer.read();
                let chosen = all.iter().find(|one| one.id.to_string() == *known_customer)?;
                (*customer_source.read() == "known").then_some(chosen.cloud)
            })
        });
        let contact = data.enquiry.as_ref();
        let language = text::language().parse().unwrap_or(Language::English);
        let fields = Self {
            customer_source,
            known_customer,
            domain,
            enquiry: StoredValue::new(enquiry),
            partner_type: text(String::new()),
            ask_for_roles: RwSignal::new(false),
            recipient: text(contact.map(|one| one.contact_email.to_string()).unwrap_or_default()),
            recipient_name: text(
                contact.map(|one| one.contact_name.to_string()).unwrap_or_default(),
            ),
            language: text(language.to_string()),
            message: text(String::new()),
            terms: text(String::new()),
            offer_kind: text(String::new()),
            offer_product: text(String::new()),
            offer_quantity: text(String::new()),
            cloud,
        };
        if let Some(invitation) = &data.invitation {
            fields.fill(invitation);
        }
        fields
    }

    /// Puts a draft into the fields, if the page is still there.
    fn fill(self, invitation: &InvitationResource) {
        let put = |signal: RwSignal<String>, text: Option<String>| {
            let _ = signal.try_set(text.unwrap_or_default());
        };
        put(self.customer_source, Some("known".to_owned()));
        put(self.known_customer, Some(invitation.customer.to_string()));
        put(self.partner_type, Some(invitation.relationship_type.to_string()));
        let _ = self.ask_for_roles.try_set(!invitation.admin_roles.is_empty());
        put(self.recipient, invitation.recipient.as_ref().map(ToString::to_string));
        put(self.recipient_name, invitation.recipient_name.as_ref().map(ToString::to_string));
        put(self.language, Some(invitation.language.to_string()));
        put(self.message, invitation.message.as_ref().map(ToString::to_string));
        put(self.terms, invitation.terms.as_ref().map(ToString::to_string));
        let offer = invitation.offer.as_ref();
        put(self.offer_kind, offer.map(|offer| offer.kind.to_string()));
        put(self.offer_product, offer.map(|offer| offer.product.to_string()));
        put(self.offer_quantity, offer.map(|offer| offer.quantity.to_string()));
    }

    fn parsed_type(self) -> Option<PartnerType> {
        self.partner_type.read().parse().ok()
    }

    /// Returns the request that saves the fields, or `None` when the page is gone. Reactive.
    fn request(self) -> Option<InvitationRequest> {
        let enquiry = self.enquiry.try_get_value()?;
        let customer_source = self.customer_source.try_get()?;
        let customer = match enquiry {
            Some((_, customer)) => customer.to_string(),
            None if customer_source == "known" => self.known_customer.try_get()?,
            None => self.domain.try_get()?,
        };
        let relationship_type = self.partner_type.try_get()?;
        let kind: Option<PartnerType> = relationship_type.parse().ok();
        // Values that don't apply to the type or the cloud are not sent, but stay in their
        // fields while the page is open.
        let ticked = self.ask_for_roles.try_get()?;
        let ask_for_roles = kind.is_some_and(|kind| {
            kind.always_requests_roles() || (ticked && !kind.admin_roles().is_empty())
        });
        let has_offers = self.cloud.try_get()?.is_some_and(Cloud::has_offers);
        let offer = OfferRequest {
            kind: self.offer_kind.try_get()?,
            product: self.offer_product.try_get()?,
            quantity: self.offer_quantity.try_get()?,
        };
        let terms = self.terms.try_get()?;
        Some(InvitationRequest {
            customer,
            enquiry: enquiry.map(|(enquiry, _)| enquiry.to_string()).unwrap_or_default(),
            relationship_type,
            ask_for_admin_roles: ask_for_roles,
            recipient: self.recipient.try_get()?,
            recipient_name: self.recipient_name.try_get()?,
            language: self.language.try_get()?,
            message: self.message.try_get()?,
            terms: if has_offers { terms } else { String::new() },
            offer: (has_offers && !offer.kind.is_empty()).then_some(offer),
        })
    }
}

/// Saves the draft while it is typed. It outlives the page, so that the last changes are saved
/// too.
#[derive(Clone)]
struct DraftAutosave {
    draft: ArcRwSignal<DraftState>,
    fields: InvitationFields,
    /// The pause after typing, while it runs.
    debounce: StoredValue<Option<TimeoutHandle>>,
    /// Takes an invitation that is no longer a draft.
    on_change: Callback<InvitationResource>,
}

impl DraftAutosave {
    fn send(&self, event: ComposeEvent) {
        let mut commands = Vec::new();
        self.draft.update(|draft| commands = draft.handle_event(event));
        for command in commands {
            self.run(command);
        }
    }

    fn run(&self, command: ComposeCommand) {
        let autosave = self.clone();
        match command {
            ComposeCommand::Debounce => {
                self.cancel_debounce();
                let save = move || autosave.send(ComposeEvent::Save);
                let handle = set_timeout_with_handle(save, DEBOUNCE).ok();
                let _ = self.debounce.try_set_value(handle);
            }
            ComposeCommand::Create(request) => spawn(async move {
                let answer =
                    client::post::<InvitationResource>(routes::INVITATIONS, &request, None).await;
                autosave.send(ComposeEvent::SaveAnswered(answer.map(Box::new)));
            }),
            ComposeCommand::Update(id, etag, request) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer =
                    client::patch::<InvitationResource>(&route, &request, Some(etag)).await;
                autosave.send(ComposeEvent::SaveAnswered(answer.map(Box::new)));
            }),
            ComposeCommand::Reload(id) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer = client::get::<InvitationResource>(&route).await;
                autosave.send(ComposeEvent::Reloaded(answer.map(Box::new)));
            }),
            ComposeCommand::LoadForComparison(id) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer = client::get::<InvitationResource>(&route).await;
                autosave.send(ComposeEvent::ComparisonLoaded(answer.map(Box::new)));
            }),
            ComposeCommand::ShowAddress(id) => show_address(id),
            ComposeCommand::Show(invitation) => {
                if invitation.status != rules::InvitationStatus::Draft {
                    let _ = self.on_change.try_run(*invitation);
                    return;
                }
                self.fields.fill(&invitation);
                if let Some(typed) = untrack(|| self.fields.request()) {
                    self.draft.update(|draft| draft.set_saved_content(typed));
                }
            }
        }
    }

    /// Returns a callback that reloads the draft. If there are unsaved changes it saves them
    /// instead, so that they are not lost.
    fn reload_callback(&self) -> Callback<()> {
        let autosave = self.clone();
        Callback::new(move |()| {
            let unsaved = autosave.draft.with_untracked(DraftState::has_unsaved_changes);
            autosave.send(if unsaved { ComposeEvent::Save } else { ComposeEvent::Reload });
        })
    }

    fn cancel_debounce(&self) {
        if let Some(handle) = self.debounce.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// Returns the draft as saved on the server. Reactive.
    fn invitation(&self) -> Option<InvitationResource> {
        self.draft.with(|draft| draft.invitation().cloned())
    }

    /// Returns the error of the field with this API name, once saving it was tried.
    fn field_error(&self, name: &'static str) -> Signal<Option<String>> {
        let draft = self.draft.clone();
        let problems = Memo::new(move |_| draft.with(|draft| draft.problems().to_vec()));
        Signal::derive(move || problems.read().iter().find_map(|problem| field_text(problem, name)))
    }
}

/// Returns the text of a failure for the field with this API name.
fn field_text(problem: &Failure, name: &str) -> Option<String> {
    let of_recipient = problem.refusal() == Some(Refusal::RecipientNotOfCustomer);
    if of_recipient && name == "recipient" {
        return Some(problem.text());
    }
    problem.field(name)
}

/// Returns the labels of the fields that the failures are about.
fn invalid_field_labels(failures: &[Failure]) -> Vec<String> {
    let invalid = FIELD_IDS
        .iter()
        .filter(|(name, _)| failures.iter().any(|one| field_text(one, name).is_some()));
    let label = |name: &str| match name {
        "customer" => t::compose::customer(),
        "relationshipType" => t::compose::kind(),
        "recipient" => t::compose::recipient(),
        "recipientName" => t::compose::recipient_name(),
        "message" => t::compose::message(),
        "terms" => t::compose::terms(),
        "offerProduct" => t::compose::product(),
        "offerQuantity" => t::compose::quantity(),
        _ => t::compose::offer(),
    };
    invalid.map(|(name, _)| label(name)).collect()
}

/// Puts the ID of a new draft into the address, so that a reload shows the draft. It bypasses
/// the router, which would treat it as a navigation and move the focus out of the field.
fn show_address(id: InvitationId) {
    if let Ok(history) = window().history() {
        let address = Route::Invitation(Some(id)).path();
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Action to take as soon as everything is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterSave {
    Preview,
    Send,
}

/// The form that composes an invitation.
#[component]
pub fn Compose(
    /// The data to compose from.
    data: InvitationPageData,
    /// The page's data, which is updated when the invitation is no longer a draft.
    loaded: Loader<Option<InvitationPageData>>,
) -> View {
    let scope = style! {
        .compose {
            display: flex;
            flex-wrap: wrap;
            align-items: flex-start;
            gap: var(--space-5);
        }
        .composing-fields {
            flex: 3 1 500px;
            min-width: 0;
        }
        .composing-actions {
            position: sticky;
            top: 68px;
            flex: 2 1 280px;
            min-width: 0;
        }
    };
    let fields = InvitationFields::new(&data);
    let typed = untrack(|| fields.request()).unwrap_or_default();
    let draft = match data.invitation.clone() {
        Some(invitation) => DraftState::from_invitation(invitation, typed),
        None => DraftState::new(typed),
    };
    let (enquiry, known) = (data.enquiry.clone(), data.known.clone());
    let on_change = Callback::new(move |invitation| {
        loaded.set(Some(InvitationPageData { invitation: Some(invitation), ..data.clone() }));
    });
    let autosave = DraftAutosave {
        draft: ArcRwSignal::new(draft),
        fields,
        debounce: StoredValue::new(None),
        on_change,
    };
    effect({
        let autosave = autosave.clone();
        move || {
            if let Some(typed) = fields.request() {
                untrack(|| autosave.send(ComposeEvent::FieldsChanged(Box::new(typed))));
            }
        }
    });
    // The browser asks before it closes or reloads a page with unsaved changes; meanwhile they
    // are being saved.
    let closing = window_event_listener_untyped("beforeunload", {
        let autosave = autosave.clone();
        move |event| {
            if autosave.draft.with_untracked(DraftState::has_unsaved_changes) {
                event.prevent_default();
                autosave.send(ComposeEvent::Save);
            }
        }
    });
    on_cleanup({
        let autosave = autosave.clone();
        move || {
            closing.remove();
            autosave.cancel_debounce();
            autosave.send(ComposeEvent::PageLeft);
        }
    });
    let customer = {
        let autosave = autosave.clone();
        Memo::new(move |_| autosave.invitation().map(|one| one.customer_name.to_string()))
    };
    // The customer field disappears when the draft is first saved. If it had the focus, the
    // customer's name gets it.
    Effect::new(move |before: Option<bool>| {
        let saved = customer.read().is_some();
        if before == Some(false) && saved {
            focus_customer_name();
        }
        saved
    });
    let title = move || match &*customer.read() {
        Some(name) => t::invitations::to(name),
        None => t::invitations::new(),
    };
    // Built here because each card takes ownership of its content.
    let customer_fields = customer_fields(&autosave, enquiry, known, customer);
    let request_fields = request_fields(&autosave);
    let mail_fields = mail_fields(&autosave);
    let offer_fields = offer_fields(&autosave);
    let actions = draft_actions(&autosave);
    view! { class = scope,
        <Breadcrumb crumbs=invitation_crumbs() current=title />
        <PageTitle title=title intro=t::compose::intro />
        <div class="compose">
            <form
                class="composing-fields stack"
                novalidate
                on:submit=move |event: leptos::ev::SubmitEvent| event.prevent_default()
            >
                <Card title=t::compose::customer>{customer_fields}</Card>
                <Card title=t::compose::request>{request_fields}</Card>
                <Card title=t::compose::mail>{mail_fields}</Card>
                <Card title=t::compose::offer_title>{offer_fields}</Card>
            </form>
            <div class="composing-actions">{actions}</div>
        </div>
    }
}

/// Focuses the customer's name, if nothing else has the focus.
fn focus_customer_name() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let (true, Some(name)) = (lost, browser::element_by_id(CUSTOMER_NAME_ID)) {
            let _ = name.focus();
        }
    });
}

/// Returns the fields that choose the customer.
fn customer_fields(
    autosave: &DraftAutosave,
    enquiry: Option<EnquiryResource>,
    known: Vec<KnownCustomer>,
    customer: Memo<Option<String>>,
) -> View {
    let fields = autosave.fields;
    let error = autosave.field_error("customer");
    let enquiry = enquiry
        .map(|enquiry| (Route::Enquiry(Some(enquiry.id)), enquiry.customer_name.to_string()));
    let known: Vec<SelectOption> =
        known.into_iter().map(|one| SelectOption::new(one.id, one.name.to_string())).collect();
    let choose = move || {
        let choices = vec![
            SelectOption::new("known", t::compose::way_known),
            SelectOption::new("domain", t::compose::way_domain),
        ];
        let known = known.clone();
        let field = move || {
            if *fields.customer_source.read() == "domain" {
                return view! {
                    <TextInput
                        label=t::compose::domain
                        value=fields.domain
                        hint=t::compose::domain_hint
                        error=error
                        inputmode="url"
                        id="invitation-customer"
                    />
                };
            }
            if known.is_empty() {
                return view! { <p class="muted">{t::compose::no_known}</p> };
            }
            let mut choices = vec![SelectOption::new("", t::compose::choose)];
            choices.extend(known.iter().cloned());
            view! {
                <Select
                    label=t::compose::known
                    value=fields.known_customer
                    choices=choices
                    error=error
                    id="invitation-customer"
                />
            }
        };
        view! {
            <RadioGroup label=t::compose::way value=fields.customer_source choices=choices />
            {field}
        }
    };
    let content = move || match (&enquiry, &*customer.read()) {
        (Some((href, name)), _) => {
            let (href, name) = (*href, name.clone());
            view! {
                <div>
                    <p id=CUSTOMER_NAME_ID tabindex="-1"><strong>{name}</strong></p>
                    <Link href=href>{t::compose::from_enquiry}</Link>
                </div>
            }
        }
        (None, Some(name)) => {
            let name = name.clone();
            view! {
                <div>
                    <p id=CUSTOMER_NAME_ID tabindex="-1"><strong>{name}</strong></p>
                    <p class="muted">{t::compose::customer_stays}</p>
                </div>
            }
        }
        (None, None) => choose(),
    };
    view! { <div class="stack">{content}</div> }
}

/// Returns the fields for the partner type and the admin roles.
fn request_fields(autosave: &DraftAutosave) -> View {
    let fields = autosave.fields;
    let kind = Memo::new(move |_| fields.parsed_type());
    // The checkbox shows what will be requested. What the user ticked returns with a type that
    // leaves the choice.
    let shown = RwSignal::new(false);
    effect(move || {
        let ticked = fields.ask_for_roles.get();
        let requested = match kind.get() {
            Some(kind) if kind.always_requests_roles() => true,
            Some(kind) => ticked && !kind.admin_roles().is_empty(),
            None => ticked,
        };
        if shown.get_untracked() != requested {
            shown.set(requested);
        }
    });
    effect(move || {
        let ticked = shown.get();
        let is_choice = kind
            .get_untracked()
            .is_none_or(|kind| !kind.always_requests_roles() && !kind.admin_roles().is_empty());
        if is_choice && fields.ask_for_roles.get_untracked() != ticked {
            fields.ask_for_roles.set(ticked);
        }
    });
    let fixed_reason = Signal::derive(move || {
        let kind = kind.get()?;
        if kind.always_requests_roles() {
            Some(t::compose::roles_always())
        } else if kind == PartnerType::Partner {
            Some(t::compose::roles_of_account())
        } else if kind.admin_roles().is_empty() {
            Some(t::compose::roles_never())
        } else {
            None
        }
    });
    // The hint about roles is shown only for types that can have roles.
    let hint = move || {
        let can_have_roles = kind.get().is_none_or(|kind| !kind.admin_roles().is_empty());
        if can_have_roles { t::compose::roles_hint() } else { String::new() }
    };
    let roles = move || {
        let roles = kind.get().map(PartnerType::admin_roles).unwrap_or_default();
        (shown.get() && !roles.is_empty()).then(|| admin_role_list(roles))
    };
    view! {
        <div class="stack">
            {partner_type_field(fields.partner_type, autosave.field_error("relationshipType"))}
            <Checkbox
                label=t::compose::ask_for_roles
                checked=shown
                hint=hint
                disabled_reason=fixed_reason
            />
            {roles}
        </div>
    }
}

/// Returns the choice of a partner type, each with its description.
fn partner_type_field(value: RwSignal<String>, error: Signal<Option<String>>) -> View {
    let scope = style! {
        .partner-types {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr));
            gap: var(--space-2) var(--space-5);
        }
        .partner-type {
            display: flex;
            align-items: flex-start;
            gap: var(--space-2);
            padding: var(--space-1) 0;
        }
        .partner-type input {
            flex: none;
            width: 16px;
            height: 16px;
            margin: 2px;
            accent-color: var(--brand);
        }
        .partner-type-about {
            margin: 0;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let options = PartnerType::ALL
        .iter()
        .enumerate()
        .map(|(index, kind)| {
            let kind = *kind;
            // The first has the field's ID, so that errors focus it.
            let id = if index == 0 {
                "invitation-type".to_owned()
            } else {
                format!("invitation-type-{index}")
            };
            let description_id = format!("{id}-about");
            view! { class = scope,
                <div class="partner-type">
                    <input
                        type="radio"
                        id=id.clone()
                        name="invitation-type"
                        aria-describedby=description_id.clone()
                        prop:checked=move || *value.read() == kind.as_str()
                        on:change=move |_| value.set(kind.to_string())
                    />
                    <div>
                        <label for=id>{move || words::partner_type(kind)}</label>
                        <p class="partner-type-about" id=description_id>
                            {move || words::partner_type_description(kind)}
                        </p>
                    </div>
                </div>
            }
        })
        .collect_view();
    let error = move || {
        error.get().map(|error| {
            view! { <p>{Icon::Error} {error}</p> }
        })
    };
    view! { class = scope,
        <fieldset class="field" aria-describedby="invitation-type-error">
            <legend class="field-label">{t::compose::kind}</legend>
            <div class="partner-types">{options}</div>
            <div class="field-error" id="invitation-type-error" aria-live="polite">{error}</div>
        </fieldset>
    }
}

/// Shows the requested admin roles with their descriptions.
fn admin_role_list(roles: &'static [AdminRole]) -> View {
    let scope = style! {
        .compose-roles {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .compose-role {
            display: grid;
            grid-template-columns: 20px 1fr;
            gap: 0 var(--space-2);
        }
        .compose-role-about {
            display: block;
            color: var(--text-2);
        }
    };
    let items = roles
        .iter()
        .map(|role| {
            let role = *role;
            view! { class = scope,
                <li class="compose-role">
                    {Icon::Key}
                    <span>
                        <strong>{move || words::admin_role(role)}</strong>
                        <span class="compose-role-about">
                            {move || words::admin_role_description(role)}
                        </span>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { class = scope, <ul class="compose-roles">{items}</ul> }
}

/// Returns the fields for the mail: recipient, language and message.
fn mail_fields(autosave: &DraftAutosave) -> View {
    let fields = autosave.fields;
    let languages = Language::ALL.iter().map(|language| {
        let code = language.as_str();
        SelectOption::new(code, move || intl::language_name(code))
    });
    let languages: Vec<SelectOption> = languages.collect();
    view! {
        <div class="stack">
            <TextInput
                label=t::compose::recipient_name
                value=fields.recipient_name
                error=autosave.field_error("recipientName")
                required=false
                id="invitation-name"
            />
            <TextInput
                label=t::compose::recipient
                value=fields.recipient
                hint=t::compose::recipient_hint
                error=autosave.field_error("recipient")
                kind="email"
                required=false
                id="invitation-recipient"
            />
            <Select
                label=t::compose::language
                value=fields.language
                choices=languages
                hint=t::compose::language_hint
            />
            <TextArea
                label=t::compose::message
                value=fields.message
                hint=length_hint(fields.message, t::compose::message_hint)
                error=autosave.field_error("message")
                rows=5
                required=false
                id="invitation-message"
            />
        </div>
    }
}

/// Returns a hint with the used and the maximum length of a note.
fn length_hint(
    value: RwSignal<String>,
    text: fn(&str, &str) -> String,
) -> impl Fn() -> String + Send + Sync + 'static {
    move || {
        let used = value.read().trim().chars().count();
        text(&intl::number(Note::MAX), &intl::number(used))
    }
}

/// Returns the fields for the partner's terms and offer, which exist in one cloud only.
fn offer_fields(autosave: &DraftAutosave) -> View {
    let autosave = autosave.clone();
    let fields = autosave.fields;
    let cloud_has_offers = Memo::new(move |_| fields.cloud.get().is_some_and(Cloud::has_offers));
    let has_offer = Memo::new(move |_| !fields.offer_kind.read().is_empty());
    let content = move || {
        if !cloud_has_offers.get() {
            return view! { <p class="muted">{t::compose::offer_only}</p> };
        }
        let mut kinds = vec![SelectOption::new("", t::compose::offer_none)];
        kinds.extend(OfferKind::ALL.iter().map(|kind| {
            let kind = *kind;
            SelectOption::new(kind, move || words::offer_kind(kind))
        }));
        let offer_details = {
            let autosave = autosave.clone();
            move || {
                has_offer.get().then(|| {
                    view! {
                        <TextInput
                            label=t::compose::product
                            value=fields.offer_product
                            error=autosave.field_error("offerProduct")
                            id="invitation-product"
                        />
                        <TextInput
                            label=t::compose::quantity
                            value=fields.offer_quantity
                            hint=t::compose::quantity_hint
                            error=autosave.field_error("offerQuantity")
                            inputmode="numeric"
                            id="invitation-quantity"
                        />
                    }
                })
            }
        };
        view! {
            <div class="stack">
                <TextArea
                    label=t::compose::terms
                    value=fields.terms
                    hint=length_hint(fields.terms, t::compose::terms_hint)
                    error=autosave.field_error("terms")
                    rows=5
                    required=false
                    id="invitation-terms"
                />
                <Select
                    label=t::compose::offer
                    value=fields.offer_kind
                    choices=kinds
                    error=autosave.field_error("offerKind")
                    id="invitation-offer"
                />
                {offer_details}
            </div>
        }
    };
    content.into_view()
}

/// Shows the save status, and the buttons to preview, send or discard the draft.
fn draft_actions(autosave: &DraftAutosave) -> View {
    let draft = autosave.draft.clone();
    let status = Memo::new(move |_| draft.with(DraftState::status));
    let draft = autosave.draft.clone();
    let current = Memo::new(move |_| draft.with(|draft| draft.invitation().cloned()));
    let (sending, discarding) = (ConfirmState::new(), ConfirmState::new());
    let after_save = RwSignal::new(None::<AfterSave>);
    let navigate = use_navigate();
    effect(move || {
        let Some(action) = after_save.get() else { return };
        match status.get() {
            // Still saving.
            SaveStatus::Pending => return,
            SaveStatus::Saved => match action {
                AfterSave::Send => sending.show(),
                AfterSave::Preview => {
                    if let Some(id) = untrack(|| current.read().as_ref().map(|one| one.id)) {
                        let path = Route::InvitationPreview(Some(id)).path();
                        navigate(&path, NavigateOptions::default());
                    }
                }
            },
            SaveStatus::NotSaved(failure) => focus_invalid_field(&[failure]),
            SaveStatus::PartlySaved(failures) => focus_invalid_field(&failures),
            SaveStatus::Incomplete | SaveStatus::Conflict => {}
        }
        after_save.set(None);
    });
    let press = {
        let autosave = autosave.clone();
        move |action| {
            autosave.send(ComposeEvent::Save);
            after_save.set(Some(action));
        }
    };
    let unsaved = Memo::new(move |_| current.read().is_none());
    let preview_blocked = Signal::derive(move || unsaved.get().then(t::compose::not_yet));
    let reason = move |action: InvitationAction| {
        Signal::derive(move || match &*current.read() {
            None => Some(t::compose::not_yet()),
            Some(invitation) => invitation_refusal_text(invitation, action),
        })
    };
    let preview = press.clone();
    let send = press;
    let load = {
        let autosave = autosave.clone();
        Callback::new(move |()| autosave.send(ComposeEvent::Reload))
    };
    let refetch = autosave.reload_callback();
    let retry = {
        let autosave = autosave.clone();
        Callback::new(move |()| autosave.send(ComposeEvent::Save))
    };
    view! {
        <Card title=t::compose::draft>
            <div class="stack">
                {save_status_view(status, load, retry)}
                <Button
                    label=t::compose::preview
                    icon=Icon::Eye
                    disabled_reason=preview_blocked
                    on_press=move |()| preview(AfterSave::Preview)
                />
                <Button
                    label=t::invitations::send
                    kind=ButtonKind::Primary
                    icon=Icon::Send
                    disabled_reason=reason(InvitationAction::Send)
                    on_press=move |()| send(AfterSave::Send)
                />
                <Button
                    label=t::compose::discard
                    kind=ButtonKind::Subtle
                    icon=Icon::Delete
                    disabled_reason=reason(InvitationAction::Withdraw)
                    on_press=move |()| discarding.show()
                />
            </div>
        </Card>
        <ConfirmInvitationDialog
            command=InvitationCommand::Send
            dialog=sending
            current=current.into()
            on_done=autosave.on_change
            on_failed=refetch
        />
        <ConfirmInvitationDialog
            command=InvitationCommand::Withdraw
            dialog=discarding
            current=current.into()
            on_done=autosave.on_change
            on_failed=refetch
        />
    }
}

/// Focuses the first field that the failures are about.
fn focus_invalid_field(failures: &[Failure]) {
    let invalid = |name| failures.iter().any(|failure| field_text(failure, name).is_some());
    let id = FIELD_IDS.iter().find(|(name, _)| invalid(name)).map(|(_, id)| *id);
    if let Some(field) = id.and_then(browser::element_by_id) {
        let _ = field.focus();
    }
}

/// Shows the save status. It is a polite live region, because it changes while the user types.
fn save_status_view(status: Memo<SaveStatus>, load: Callback<()>, retry: Callback<()>) -> View {
    let scope = style! {
        .saving {
            display: flex;
            gap: var(--space-2);
            min-height: 20px;
            margin: 0;
            color: var(--text-2);
        }
        .saving-mark {
            display: flex;
        }
        .saving-mark.saved {
            color: var(--success-text);
        }
        .saving-mark.wrong {
            color: var(--error-text);
        }
    };
    let text = move || match status.get() {
        SaveStatus::Incomplete => t::compose::too_little(),
        SaveStatus::Pending => String::new(),
        SaveStatus::Saved => t::compose::saved(),
        SaveStatus::NotSaved(failure) => t::compose::not_saved(&failure.text()),
        SaveStatus::PartlySaved(failures) => {
            t::compose::partly(&intl::list(&invalid_field_labels(&failures)))
        }
        SaveStatus::Conflict => t::compose::elsewhere(),
    };
    let mark = move || match status.get() {
        SaveStatus::Saved => view! { class = scope,
            <span class="saving-mark saved">{Icon::CheckCircle}</span>
        },
        SaveStatus::NotSaved(_) | SaveStatus::PartlySaved(_) | SaveStatus::Conflict => {
            view! { class = scope,
                <span class="saving-mark wrong">{Icon::Error}</span>
            }
        }
        SaveStatus::Pending => view! { class = scope,
            <span class="saving-mark"><span class="spinner" aria-hidden="true"></span></span>
        },
        SaveStatus::Incomplete => view! { class = scope,
            <span class="saving-mark">{Icon::Info}</span>
        },
    };
    let action = move || match status.get() {
        SaveStatus::Conflict => {
            view! { <Button label=t::compose::load on_press=load /> }
        }
        SaveStatus::NotSaved(failure) if !matches!(failure.kind, FailureKind::Fields(_)) => {
            view! { <Button label=t::ui::retry icon=Icon::Refresh on_press=retry /> }
        }
        SaveStatus::Incomplete
        | SaveStatus::Pending
        | SaveStatus::Saved
        | SaveStatus::NotSaved(_)
        | SaveStatus::PartlySaved(_) => ().into_view(),
    };
    view! { class = scope,
        <div class="saving">
            {mark}
            <span role="status">{text}</span>
        </div>
        {action}
    }
}
