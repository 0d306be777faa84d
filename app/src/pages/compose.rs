//! Composing an invitation. What is typed is saved as one types; nothing is sent before
//! it is asked for.

use std::time::Duration;

use api::{Enquiry, Invitation, InvitationRequest, OfferRequest, routes};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{
    AdminRole, Cloud, DisplayName, EnquiryId, InvitationAction, InvitationId, Language, Note,
    OfferKind, OrganizationId, PartnerType, Refusal,
};
use stylers_macro::style;
use wasm_bindgen::JsValue;

use super::{
    desk::{ENQUIRIES_PATH, INVITATIONS_PATH},
    invitation_details::{
        ConfirmInvitationDialog, InvitationCommand, InvitationPageData, invitation_crumbs,
        invitation_refusal_text,
    },
};
use crate::{
    browser, client,
    client::{Failure, FailureKind},
    intl,
    load::{Loader, effect, spawn},
    t, text,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Checkbox, Icon, Link, PageTitle, RadioGroup, Select,
        SelectOption, TextArea, TextInput,
    },
    view::{CollectView, IntoView, View, view},
    words,
};

mod saving;

use saving::{Command, Event, Saving, Standing};

/// How long typing must rest before it is saved.
const REST: Duration = Duration::from_millis(700);

/// The ids of the fields, by their names on the wire, from top to bottom.
const FIELDS: [(&str, &str); 9] = [
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

/// The id of an element that names the customer of a draft, which stays.
const CUSTOMER: &str = "invitation-customer-name";

/// An organization that the partner knows, from a relationship or an enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its organization ID.
    pub id: OrganizationId,
    /// Its name.
    pub name: DisplayName,
    /// Its cloud.
    pub cloud: Cloud,
}

impl Known {
    /// Each organization once, by name.
    pub fn distinct(all: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut known: Vec<Self> = Vec::new();
        for one in all {
            if !known.iter().any(|other| other.id == one.id) {
                known.push(one);
            }
        }
        super::order_by(&mut known, |one| one.name.as_str().to_lowercase());
        known
    }
}

/// What stands in the fields.
#[derive(Clone, Copy)]
struct Fields {
    /// Whether the customer is one that is `known`, or is named by its `domain`.
    way: RwSignal<String>,
    known: RwSignal<String>,
    domain: RwSignal<String>,
    /// The enquiry that is answered, with its customer, which can't be chosen then.
    answers: StoredValue<Option<(EnquiryId, OrganizationId)>>,
    kind: RwSignal<String>,
    ask: RwSignal<bool>,
    recipient: RwSignal<String>,
    recipient_name: RwSignal<String>,
    language: RwSignal<String>,
    message: RwSignal<String>,
    terms: RwSignal<String>,
    offer: RwSignal<String>,
    product: RwSignal<String>,
    quantity: RwSignal<String>,
    /// The cloud of the customer, as far as it is known.
    cloud: Signal<Option<Cloud>>,
}

impl Fields {
    /// The fields as the page is opened: what an enquiry says already, or a draft.
    fn new(opened: &InvitationPageData) -> Self {
        let text = |text: String| RwSignal::new(text);
        let (way, known) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let domain = RwSignal::new(String::new());
        let customer = opened.customer.trim();
        if customer.parse::<OrganizationId>().is_ok() {
            way.set("known".to_owned());
            known.set(customer.to_owned());
        } else if !customer.is_empty() || opened.known.is_empty() {
            way.set("domain".to_owned());
            domain.set(customer.to_owned());
        } else {
            way.set("known".to_owned());
        }
        let answers = opened.enquiry.as_ref().map(|one| (one.id, one.customer));
        let fixed = opened.invitation.as_ref().map(|invitation| invitation.cloud);
        let fixed = fixed.or_else(|| opened.enquiry.as_ref().map(|enquiry| enquiry.cloud));
        let all = opened.known.clone();
        let cloud = Signal::derive(move || {
            fixed.or_else(|| {
                let known = known.read();
                let chosen = all.iter().find(|one| one.id.to_string() == *known)?;
                (*way.read() == "known").then_some(chosen.cloud)
            })
        });
        let asked = opened.enquiry.as_ref();
        let language = text::language().parse().unwrap_or(Language::English);
        let fields = Self {
            way,
            known,
            domain,
            answers: StoredValue::new(answers),
            kind: text(String::new()),
            ask: RwSignal::new(false),
            recipient: text(asked.map(|one| one.contact_email.to_string()).unwrap_or_default()),
            recipient_name: text(asked.map(|one| one.contact_name.to_string()).unwrap_or_default()),
            language: text(language.to_string()),
            message: text(String::new()),
            terms: text(String::new()),
            offer: text(String::new()),
            product: text(String::new()),
            quantity: text(String::new()),
            cloud,
        };
        if let Some(invitation) = &opened.invitation {
            fields.fill(invitation);
        }
        fields
    }

    /// Puts a draft into the fields. The page may be gone by now.
    fn fill(self, invitation: &Invitation) {
        let put = |signal: RwSignal<String>, text: Option<String>| {
            let _ = signal.try_set(text.unwrap_or_default());
        };
        put(self.way, Some("known".to_owned()));
        put(self.known, Some(invitation.customer.to_string()));
        put(self.kind, Some(invitation.relationship_type.to_string()));
        let _ = self.ask.try_set(!invitation.admin_roles.is_empty());
        put(self.recipient, invitation.recipient.as_ref().map(ToString::to_string));
        put(self.recipient_name, invitation.recipient_name.as_ref().map(ToString::to_string));
        put(self.language, Some(invitation.language.to_string()));
        put(self.message, invitation.message.as_ref().map(ToString::to_string));
        put(self.terms, invitation.terms.as_ref().map(ToString::to_string));
        let offer = invitation.offer.as_ref();
        put(self.offer, offer.map(|offer| offer.kind.to_string()));
        put(self.product, offer.map(|offer| offer.product.to_string()));
        put(self.quantity, offer.map(|offer| offer.quantity.to_string()));
    }

    fn kind(self) -> Option<PartnerType> {
        self.kind.read().parse().ok()
    }

    /// What is saved of it; none once the page is gone. Reactive.
    fn request(self) -> Option<InvitationRequest> {
        let answers = self.answers.try_get_value()?;
        let way = self.way.try_get()?;
        let customer = match answers {
            Some((_, customer)) => customer.to_string(),
            None if way == "known" => self.known.try_get()?,
            None => self.domain.try_get()?,
        };
        let relationship_type = self.kind.try_get()?;
        let kind: Option<PartnerType> = relationship_type.parse().ok();
        // What doesn't go with the type or the cloud is not said, but stays in its field
        // for as long as the page is open.
        let ticked = self.ask.try_get()?;
        let ask = kind.is_some_and(|kind| {
            kind.always_asks_for_roles() || (ticked && !kind.admin_roles().is_empty())
        });
        let offers = self.cloud.try_get()? == Some(Cloud::Vianet21);
        let offer = OfferRequest {
            kind: self.offer.try_get()?,
            product: self.product.try_get()?,
            quantity: self.quantity.try_get()?,
        };
        let terms = self.terms.try_get()?;
        Some(InvitationRequest {
            customer,
            enquiry: answers.map(|(enquiry, _)| enquiry.to_string()).unwrap_or_default(),
            relationship_type,
            ask_for_admin_roles: ask,
            recipient: self.recipient.try_get()?,
            recipient_name: self.recipient_name.try_get()?,
            language: self.language.try_get()?,
            message: self.message.try_get()?,
            terms: if offers { terms } else { String::new() },
            offer: (offers && !offer.kind.is_empty()).then_some(offer),
        })
    }
}

/// Saves what is typed. It outlives the page, so that what was typed last is saved too.
#[derive(Clone)]
struct Engine {
    saving: ArcRwSignal<Saving>,
    fields: Fields,
    rest: StoredValue<Option<TimeoutHandle>>,
    /// Takes a draft that is none any more.
    sent: Callback<Invitation>,
}

impl Engine {
    fn send(&self, event: Event) {
        let mut commands = Vec::new();
        self.saving.update(|saving| commands = saving.step(event));
        for command in commands {
            self.run(command);
        }
    }

    fn run(&self, command: Command) {
        let engine = self.clone();
        match command {
            Command::Rest => {
                self.stop_resting();
                let rested = move || engine.send(Event::Rested);
                let handle = set_timeout_with_handle(rested, REST).ok();
                let _ = self.rest.try_set_value(handle);
            }
            Command::Draft(request) => spawn(async move {
                let answer = client::post::<Invitation>(routes::INVITATIONS, &request, None).await;
                engine.send(Event::Answered(answer.map(Box::new)));
            }),
            Command::Edit(id, etag, request) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer = client::patch::<Invitation>(&route, &request, Some(etag)).await;
                engine.send(Event::Answered(answer.map(Box::new)));
            }),
            Command::Get(id) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer = client::get::<Invitation>(&route).await;
                engine.send(Event::Loaded(answer.map(Box::new)));
            }),
            Command::Compare(id) => spawn(async move {
                let route = routes::of_invitation(routes::INVITATION, id);
                let answer = client::get::<Invitation>(&route).await;
                engine.send(Event::Compared(answer.map(Box::new)));
            }),
            Command::ShowAddress(id) => show_address(id),
            Command::Show(invitation) => {
                if invitation.status != rules::InvitationStatus::Draft {
                    let _ = self.sent.try_run(*invitation);
                    return;
                }
                self.fields.fill(&invitation);
                if let Some(typed) = untrack(|| self.fields.request()) {
                    self.saving.update(|saving| saving.shown(typed));
                }
            }
        }
    }

    /// Asks for the draft anew. What is typed and not saved is not replaced unasked.
    fn again(&self) -> Callback<()> {
        let engine = self.clone();
        Callback::new(move |()| {
            let unsaved = engine.saving.with_untracked(Saving::unsaved);
            engine.send(if unsaved { Event::Rested } else { Event::Load });
        })
    }

    fn stop_resting(&self) {
        if let Some(handle) = self.rest.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    /// The draft as the server has it. Reactive.
    fn invitation(&self) -> Option<Invitation> {
        self.saving.with(|saving| saving.invitation().cloned())
    }

    /// What is wrong with the field of this name on the wire, once it was tried to save it.
    fn error(&self, name: &'static str) -> Signal<Option<String>> {
        let saving = self.saving.clone();
        let problems = Memo::new(move |_| saving.with(|saving| saving.problems().to_vec()));
        Signal::derive(move || problems.read().iter().find_map(|problem| at(problem, name)))
    }
}

/// What a problem says of the field of this name on the wire.
fn at(problem: &Failure, name: &str) -> Option<String> {
    let of_recipient = problem.refusal() == Some(Refusal::RecipientNotOfCustomer);
    if of_recipient && name == "recipient" {
        return Some(problem.text());
    }
    problem.field(name)
}

/// The names of the fields that problems are about, as they stand above them.
fn named(problems: &[Failure]) -> Vec<String> {
    let wrong =
        FIELDS.iter().filter(|(name, _)| problems.iter().any(|one| at(one, name).is_some()));
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
    wrong.map(|(name, _)| label(name)).collect()
}

/// Puts the id of a draft that was just made into the address, so that it is found again
/// when the page is loaded anew. The router is not told: it would take it for a
/// navigation, and the focus away from where somebody types.
fn show_address(id: InvitationId) {
    if let Ok(history) = window().history() {
        let address = format!("{INVITATIONS_PATH}/{id}");
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// What is done as soon as everything is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Preview,
    Send,
}

/// The form.
#[component]
pub fn Compose(
    /// What the page is opened with.
    opened: InvitationPageData,
    /// Takes the invitation once it is sent, and is followed instead.
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
    let fields = Fields::new(&opened);
    let typed = untrack(|| fields.request()).unwrap_or_default();
    let saving = match opened.invitation.clone() {
        Some(invitation) => Saving::of(invitation, typed),
        None => Saving::new(typed),
    };
    let (enquiry, known) = (opened.enquiry.clone(), opened.known.clone());
    let sent = Callback::new(move |invitation| {
        loaded.set(Some(InvitationPageData { invitation: Some(invitation), ..opened.clone() }));
    });
    let engine =
        Engine { saving: ArcRwSignal::new(saving), fields, rest: StoredValue::new(None), sent };
    effect({
        let engine = engine.clone();
        move || {
            if let Some(typed) = fields.request() {
                untrack(|| engine.send(Event::Typed(Box::new(typed))));
            }
        }
    });
    // Whoever closes the window or loads the page anew is asked first, and what can be
    // saved is on its way by then.
    let closing = window_event_listener_untyped("beforeunload", {
        let engine = engine.clone();
        move |event| {
            if engine.saving.with_untracked(Saving::unsaved) {
                event.prevent_default();
                engine.send(Event::Rested);
            }
        }
    });
    on_cleanup({
        let engine = engine.clone();
        move || {
            closing.remove();
            engine.stop_resting();
            engine.send(Event::Left);
        }
    });
    let customer = {
        let engine = engine.clone();
        Memo::new(move |_| engine.invitation().map(|one| one.customer_name.to_string()))
    };
    // The field that named the customer goes as soon as the draft is kept, and the focus
    // that may be on it must not be lost.
    Effect::new(move |before: Option<bool>| {
        let kept = customer.read().is_some();
        if before == Some(false) && kept {
            focus_customer();
        }
        kept
    });
    let title = move || match &*customer.read() {
        Some(name) => t::invitations::to(name),
        None => t::invitations::new(),
    };
    // Made here, because the cards own what stands in them.
    let whom = customer_fields(&engine, enquiry, known, customer);
    let what = request_fields(&engine);
    let how = mail_fields(&engine);
    let offer = offer_fields(&engine);
    let actions = actions(&engine);
    view! { class = scope,
        <Breadcrumb crumbs=invitation_crumbs() current=title />
        <PageTitle title=title intro=t::compose::intro />
        <div class="compose">
            <form
                class="composing-fields stack"
                novalidate
                on:submit=move |event: leptos::ev::SubmitEvent| event.prevent_default()
            >
                <Card title=t::compose::customer>{whom}</Card>
                <Card title=t::compose::request>{what}</Card>
                <Card title=t::compose::mail>{how}</Card>
                <Card title=t::compose::offer_title>{offer}</Card>
            </form>
            <div class="composing-actions">{actions}</div>
        </div>
    }
}

/// Puts the focus on the customer's name, where nothing else has it.
fn focus_customer() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let (true, Some(name)) = (lost, browser::element_by_id(CUSTOMER)) {
            let _ = name.focus();
        }
    });
}

/// To whom it is written.
fn customer_fields(
    engine: &Engine,
    enquiry: Option<Enquiry>,
    known: Vec<Known>,
    customer: Memo<Option<String>>,
) -> View {
    let fields = engine.fields;
    let error = engine.error("customer");
    let enquiry = enquiry.map(|enquiry| {
        (format!("{ENQUIRIES_PATH}/{}", enquiry.id), enquiry.customer_name.to_string())
    });
    let known: Vec<SelectOption> =
        known.into_iter().map(|one| SelectOption::new(one.id, one.name.to_string())).collect();
    let choose = move || {
        let choices = vec![
            SelectOption::new("known", t::compose::way_known),
            SelectOption::new("domain", t::compose::way_domain),
        ];
        let known = known.clone();
        let which = move || {
            if *fields.way.read() == "domain" {
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
                    value=fields.known
                    choices=choices
                    error=error
                    id="invitation-customer"
                />
            }
        };
        view! {
            <RadioGroup label=t::compose::way value=fields.way choices=choices />
            {which}
        }
    };
    let content = move || match (&enquiry, &*customer.read()) {
        (Some((href, name)), _) => {
            let (href, name) = (href.clone(), name.clone());
            view! {
                <div>
                    <p id=CUSTOMER tabindex="-1"><strong>{name}</strong></p>
                    <Link href=href>{t::compose::from_enquiry}</Link>
                </div>
            }
        }
        (None, Some(name)) => {
            let name = name.clone();
            view! {
                <div>
                    <p id=CUSTOMER tabindex="-1"><strong>{name}</strong></p>
                    <p class="muted">{t::compose::customer_stays}</p>
                </div>
            }
        }
        (None, None) => choose(),
    };
    view! { <div class="stack">{content}</div> }
}

/// What is asked for.
fn request_fields(engine: &Engine) -> View {
    let fields = engine.fields;
    let kind = Memo::new(move |_| fields.kind());
    // The box shows what will be asked for; what was ticked comes back with a type that
    // leaves the choice.
    let shown = RwSignal::new(false);
    effect(move || {
        let ticked = fields.ask.get();
        let wanted = match kind.get() {
            Some(kind) if kind.always_asks_for_roles() => true,
            Some(kind) => ticked && !kind.admin_roles().is_empty(),
            None => ticked,
        };
        if shown.get_untracked() != wanted {
            shown.set(wanted);
        }
    });
    effect(move || {
        let ticked = shown.get();
        let free = kind
            .get_untracked()
            .is_none_or(|kind| !kind.always_asks_for_roles() && !kind.admin_roles().is_empty());
        if free && fields.ask.get_untracked() != ticked {
            fields.ask.set(ticked);
        }
    });
    let fixed = Signal::derive(move || {
        let kind = kind.get()?;
        if kind.always_asks_for_roles() {
            Some(t::compose::roles_always())
        } else if kind == PartnerType::Partner {
            Some(t::compose::roles_of_account())
        } else if kind.admin_roles().is_empty() {
            Some(t::compose::roles_never())
        } else {
            None
        }
    });
    // What the customer can do with roles matters where there can be some.
    let hint = move || {
        let some = kind.get().is_none_or(|kind| !kind.admin_roles().is_empty());
        if some { t::compose::roles_hint() } else { String::new() }
    };
    let roles = move || {
        let roles = kind.get().map(PartnerType::admin_roles).unwrap_or_default();
        (shown.get() && !roles.is_empty()).then(|| asked_roles(roles))
    };
    view! {
        <div class="stack">
            {types(fields.kind, engine.error("relationshipType"))}
            <Checkbox
                label=t::compose::ask_for_roles
                checked=shown
                hint=hint
                disabled_reason=fixed
            />
            {roles}
        </div>
    }
}

/// The eight types, each with what it is.
fn types(value: RwSignal<String>, error: Signal<Option<String>>) -> View {
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
            // The first has the field's own id, so that an error leads to it.
            let id = if index == 0 {
                "invitation-type".to_owned()
            } else {
                format!("invitation-type-{index}")
            };
            let about = format!("{id}-about");
            view! { class = scope,
                <div class="partner-type">
                    <input
                        type="radio"
                        id=id.clone()
                        name="invitation-type"
                        aria-describedby=about.clone()
                        prop:checked=move || *value.read() == kind.as_str()
                        on:change=move |_| value.set(kind.to_string())
                    />
                    <div>
                        <label for=id>{move || words::partner_type(kind)}</label>
                        <p class="partner-type-about" id=about>
                            {move || words::partner_type_description(kind)}
                        </p>
                    </div>
                </div>
            }
        })
        .collect_view();
    let wrong = move || {
        error.get().map(|error| {
            view! { <p>{Icon::Error} {error}</p> }
        })
    };
    view! { class = scope,
        <fieldset class="field" aria-describedby="invitation-type-error">
            <legend class="field-label">{t::compose::kind}</legend>
            <div class="partner-types">{options}</div>
            <div class="field-error" id="invitation-type-error" aria-live="polite">{wrong}</div>
        </fieldset>
    }
}

/// The admin roles that are asked for, and what each allows.
fn asked_roles(roles: &'static [AdminRole]) -> View {
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

/// Whom the mail goes to, in which language, and what the partner says in it.
fn mail_fields(engine: &Engine) -> View {
    let fields = engine.fields;
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
                error=engine.error("recipientName")
                required=false
                id="invitation-name"
            />
            <TextInput
                label=t::compose::recipient
                value=fields.recipient
                hint=t::compose::recipient_hint
                error=engine.error("recipient")
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
                hint=counted(fields.message, t::compose::message_hint)
                error=engine.error("message")
                rows=5
                required=false
                id="invitation-message"
            />
        </div>
    }
}

/// How much of a note is written.
fn counted(
    value: RwSignal<String>,
    text: fn(&str, &str) -> String,
) -> impl Fn() -> String + Send + Sync + 'static {
    move || {
        let used = value.read().trim().chars().count();
        text(&intl::number(Note::MAX), &intl::number(used))
    }
}

/// The partner's terms and its offer, which go with invitations in one cloud alone.
fn offer_fields(engine: &Engine) -> View {
    let engine = engine.clone();
    let fields = engine.fields;
    let offers = Memo::new(move |_| fields.cloud.get() == Some(Cloud::Vianet21));
    let offered = Memo::new(move |_| !fields.offer.read().is_empty());
    let content = move || {
        if !offers.get() {
            return view! { <p class="muted">{t::compose::offer_only}</p> };
        }
        let mut kinds = vec![SelectOption::new("", t::compose::offer_none)];
        kinds.extend(OfferKind::ALL.iter().map(|kind| {
            let kind = *kind;
            SelectOption::new(kind, move || words::offer_kind(kind))
        }));
        let what = {
            let engine = engine.clone();
            move || {
                offered.get().then(|| {
                    view! {
                        <TextInput
                            label=t::compose::product
                            value=fields.product
                            error=engine.error("offerProduct")
                            id="invitation-product"
                        />
                        <TextInput
                            label=t::compose::quantity
                            value=fields.quantity
                            hint=t::compose::quantity_hint
                            error=engine.error("offerQuantity")
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
                    hint=counted(fields.terms, t::compose::terms_hint)
                    error=engine.error("terms")
                    rows=5
                    required=false
                    id="invitation-terms"
                />
                <Select
                    label=t::compose::offer
                    value=fields.offer
                    choices=kinds
                    error=engine.error("offerKind")
                    id="invitation-offer"
                />
                {what}
            </div>
        }
    };
    content.into_view()
}

/// Whether it is saved, and what can be done with it.
fn actions(engine: &Engine) -> View {
    let saving = engine.saving.clone();
    let standing = Memo::new(move |_| saving.with(Saving::standing));
    let saving = engine.saving.clone();
    let current = Memo::new(move |_| saving.with(|saving| saving.invitation().cloned()));
    let (sending, discarding) = (RwSignal::new(false), RwSignal::new(false));
    let then = RwSignal::new(None::<Then>);
    let navigate = use_navigate();
    effect(move || {
        let Some(wanted) = then.get() else { return };
        match standing.get() {
            // It is on its way.
            Standing::Open => return,
            Standing::Saved => match wanted {
                Then::Send => sending.set(true),
                Then::Preview => {
                    if let Some(id) = untrack(|| current.read().as_ref().map(|one| one.id)) {
                        let path = format!("{INVITATIONS_PATH}/{id}/preview");
                        navigate(&path, NavigateOptions::default());
                    }
                }
            },
            Standing::NotSaved(failure) => focus_wrong(&[failure]),
            Standing::Partly(failures) => focus_wrong(&failures),
            Standing::TooLittle | Standing::Elsewhere => {}
        }
        then.set(None);
    });
    let press = {
        let engine = engine.clone();
        move |wanted| {
            engine.send(Event::Rested);
            then.set(Some(wanted));
        }
    };
    let too_little = Memo::new(move |_| current.read().is_none());
    let not_yet = Signal::derive(move || too_little.get().then(t::compose::not_yet));
    let reason = move |action: InvitationAction| {
        Signal::derive(move || match &*current.read() {
            None => Some(t::compose::not_yet()),
            Some(invitation) => invitation_refusal_text(invitation, action),
        })
    };
    let preview = press.clone();
    let send = press;
    let load = {
        let engine = engine.clone();
        Callback::new(move |()| engine.send(Event::Load))
    };
    let again = engine.again();
    let retry = {
        let engine = engine.clone();
        Callback::new(move |()| engine.send(Event::Rested))
    };
    let discarded = {
        let sent = engine.sent;
        Callback::new(move |invitation: Invitation| sent.run(invitation))
    };
    view! {
        <Card title=t::compose::draft>
            <div class="stack">
                {standing_view(standing, load, retry)}
                <Button
                    label=t::compose::preview
                    icon=Icon::Eye
                    disabled_reason=not_yet
                    on_press=move |()| preview(Then::Preview)
                />
                <Button
                    label=t::invitations::send
                    kind=ButtonKind::Primary
                    icon=Icon::Send
                    disabled_reason=reason(InvitationAction::Send)
                    on_press=move |()| send(Then::Send)
                />
                <Button
                    label=t::compose::discard
                    kind=ButtonKind::Subtle
                    icon=Icon::Delete
                    disabled_reason=reason(InvitationAction::Withdraw)
                    on_press=move |()| discarding.set(true)
                />
            </div>
        </Card>
        <ConfirmInvitationDialog
            what=InvitationCommand::Send
            open=sending
            current=current.into()
            change=engine.sent
            again=again
        />
        <ConfirmInvitationDialog
            what=InvitationCommand::Withdraw
            open=discarding
            current=current.into()
            change=discarded
            again=again
        />
    }
}

/// Puts the focus into the first field that can't be taken.
fn focus_wrong(failures: &[Failure]) {
    let wrong = |name| failures.iter().any(|failure| at(failure, name).is_some());
    let id = FIELDS.iter().find(|(name, _)| wrong(name)).map(|(_, id)| *id);
    if let Some(field) = id.and_then(browser::element_by_id) {
        let _ = field.focus();
    }
}

/// Whether what stands in the fields is saved. It is said politely: it changes while
/// somebody types.
fn standing_view(standing: Memo<Standing>, load: Callback<()>, retry: Callback<()>) -> View {
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
    let text = move || match standing.get() {
        Standing::TooLittle => t::compose::too_little(),
        Standing::Open => String::new(),
        Standing::Saved => t::compose::saved(),
        Standing::NotSaved(failure) => t::compose::not_saved(&failure.text()),
        Standing::Partly(failures) => t::compose::partly(&intl::list(&named(&failures))),
        Standing::Elsewhere => t::compose::elsewhere(),
    };
    let mark = move || match standing.get() {
        Standing::Saved => view! { class = scope,
            <span class="saving-mark saved">{Icon::CheckCircle}</span>
        },
        Standing::NotSaved(_) | Standing::Partly(_) | Standing::Elsewhere => view! { class = scope,
            <span class="saving-mark wrong">{Icon::Error}</span>
        },
        Standing::Open => view! { class = scope,
            <span class="saving-mark"><span class="spinner" aria-hidden="true"></span></span>
        },
        Standing::TooLittle => view! { class = scope,
            <span class="saving-mark">{Icon::Info}</span>
        },
    };
    let way_out = move || match standing.get() {
        Standing::Elsewhere => {
            view! { <Button label=t::compose::load on_press=load /> }
        }
        Standing::NotSaved(failure) if !matches!(failure.kind, FailureKind::Fields(_)) => {
            view! { <Button label=t::ui::retry icon=Icon::Refresh on_press=retry /> }
        }
        _ => ().into_view(),
    };
    view! { class = scope,
        <div class="saving">
            {mark}
            <span role="status">{text}</span>
        </div>
        {way_out}
    }
}
