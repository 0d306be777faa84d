//! The sign-in page. It is shown at the address of any page while no user is signed in.

use api::{DemoAccount, ErrorCode, SessionResource, SignInRequest, routes};
use leptos::prelude::*;
use rules::DisplayName;
use stylers_macro::style;

use crate::{
    browser,
    client::{self, Failure},
    intl,
    load::spawn,
    route::Route,
    session, t,
    ui::{
        Button, ButtonKind, Card, Icon, Intent, LinkButton, MessageBar, PageTitle, PasswordInput,
        Tag, TextInput, focus_title_if_lost,
    },
    view::{CollectView, View, view},
    words,
};

/// The fields' names in the API, and their ids.
const FIELD_IDS: [(&str, &str); 2] = [("email", "sign-in-email"), ("password", "sign-in-password")];

/// The content and the state of the sign-in form.
#[derive(Clone, Copy)]
struct SignInForm {
    email: RwSignal<String>,
    password: RwSignal<String>,
    /// Whether the form was submitted. From then on, errors are updated at each keystroke.
    was_submitted: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Failure>>,
}

impl SignInForm {
    fn new() -> Self {
        Self {
            email: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            was_submitted: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    fn request(self) -> SignInRequest {
        SignInRequest { email: self.email.get(), password: self.password.get() }
    }

    /// Returns the error of a field, once the form was submitted.
    fn error(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            if !self.was_submitted.get() {
                return None;
            }
            let problems = self.request().parse().err().unwrap_or_default();
            let own = problems.into_iter().find(|problem| problem.field == name);
            let own = own.map(|problem| words::field_error(problem.error));
            own.or_else(|| self.problem.read().as_ref()?.field(name))
        })
    }

    /// Submits the form. The input is kept until signing in succeeds.
    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.was_submitted.set(true);
        self.problem.set(None);
        let request = untrack(|| self.request());
        if let Err(problems) = request.parse() {
            focus_field(problems.first().map(|problem| problem.field));
            return;
        }
        self.busy.set(true);
        spawn(async move {
            match client::post::<SessionResource>(routes::SESSION, &request, None).await {
                Ok(session) => {
                    session::set(session);
                    // The pressed button is gone, and with it the focus.
                    focus_title_if_lost();
                }
                Err(failure) => {
                    let _ = self.busy.try_set(false);
                    if failure.is(ErrorCode::SignInFailed) {
                        focus_field(Some("password"));
                    }
                    let _ = self.problem.try_set(Some(failure));
                }
            }
        });
    }
}

/// Focuses the field with the given name.
fn focus_field(name: Option<&str>) {
    let id = FIELD_IDS.iter().find(|(field, _)| Some(*field) == name).map(|(_, id)| *id);
    if let Some(field) = id.and_then(browser::element_by_id) {
        let _ = field.focus();
    }
}

/// The sign-in page.
#[component]
pub fn SignIn() -> View {
    let scope = style! {
        .sign-in {
            width: min(100%, 880px);
            margin: var(--space-4) auto 0;
        }
        .sign-in-alone {
            max-width: 420px;
            margin: 0 auto;
        }
        .sign-in-columns {
            display: flex;
            flex-wrap: wrap;
            align-items: flex-start;
            gap: var(--space-5);
            max-width: none;
        }
        .sign-in-form {
            flex: 1 1 320px;
            min-width: 0;
        }
        .sign-in-demo {
            flex: 1 1 400px;
            min-width: 0;
        }
    };
    let form = SignInForm::new();
    let route = Route::current();
    let intro = move || {
        // An invitation's preview shows the page that the invitation's link leads to.
        if matches!(route(), Route::PartnerInvitation(_) | Route::PreviewFrame(_)) {
            t::sign_in::for_invitation()
        } else {
            t::sign_in::intro()
        }
    };
    let accounts = Memo::new(move |_| {
        let site = session::site().get();
        site.filter(|site| site.demo).map(|site| site.accounts)
    });
    let demo = move || {
        accounts.get().map(|accounts| {
            view! { class = scope,
                <div class="sign-in-demo stack">{demo(form, accounts)}</div>
            }
        })
    };
    view! { class = scope,
        <div class="sign-in">
            <div class="sign-in-alone" class:sign-in-columns=move || accounts.read().is_some()>
                <div class="sign-in-form">
                    <Card>
                        <PageTitle title=t::sign_in::title intro=intro />
                        {form_view(form)}
                    </Card>
                </div>
                {demo}
            </div>
        </div>
    }
}

fn form_view(form: SignInForm) -> View {
    let problem = move || {
        // Errors of a field are shown at the field.
        let failure = form.problem.get()?;
        Some(view! { <MessageBar intent=Intent::Error>{move || failure.text()}</MessageBar> })
    };
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event: leptos::ev::SubmitEvent| {
                event.prevent_default();
                form.submit();
            }
        >
            {problem}
            <TextInput
                label=t::sign_in::email
                value=form.email
                error=form.error("email")
                kind="email"
                autocomplete="username"
                id="sign-in-email"
            />
            <PasswordInput
                label=t::sign_in::password
                value=form.password
                error=form.error("password")
                id="sign-in-password"
            />
            <Button
                label=t::sign_in::sign_in
                kind=ButtonKind::Primary
                submit=true
                busy=form.busy
            />
        </form>
    }
}

/// Renders the entry points of a demo: the outbox and the accounts.
fn demo(form: SignInForm, accounts: Vec<DemoAccount>) -> View {
    let mut groups: Vec<(DisplayName, Vec<DemoAccount>)> = Vec::new();
    for account in accounts {
        match groups.iter_mut().find(|(name, _)| *name == account.organization) {
            Some((_, group)) => group.push(account),
            None => groups.push((account.organization.clone(), vec![account])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(name, group)| view! { <DemoOrganization form=form name=name accounts=group /> })
        .collect_view();
    view! {
        <Card title=t::sign_in::start_title>
            <p>{t::sign_in::start}</p>
            <LinkButton href=Route::Outbox label=t::sign_in::open_outbox icon=Icon::Mail />
        </Card>
        <Card title=t::sign_in::accounts_title>
            <p class="muted">{t::sign_in::accounts}</p>
            <div class="stack">{groups}</div>
        </Card>
    }
}

/// An organization of the demo, with its users.
#[component]
fn DemoOrganization(form: SignInForm, name: DisplayName, accounts: Vec<DemoAccount>) -> View {
    let scope = style! {
        .accounts-name {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-2);
            margin: 0 0 var(--space-1);
            font-size: var(--size-body);
            line-height: var(--line-body);
        }
        .accounts {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 190px), 1fr));
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .account {
            display: grid;
            width: 100%;
            padding: var(--space-2) var(--space-3);
            border: 1px solid var(--line-control);
            border-radius: var(--radius-4);
            background-color: var(--surface);
            text-align: start;
            overflow-wrap: anywhere;
        }
        .account:hover {
            border-color: var(--line-strong);
            background-color: var(--surface-hover);
        }
        .account-name {
            color: var(--brand-text);
            font-weight: 600;
        }
        .account-roles {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let clouds = accounts.first().map(|account| account.clouds.clone()).unwrap_or_default();
    let clouds = clouds
        .into_iter()
        .map(|cloud| view! { <Tag label=move || words::cloud(cloud) /> })
        .collect_view();
    let people = accounts
        .into_iter()
        .map(|account| {
            let DemoAccount { email, password, name, roles, .. } = account;
            let roles = move || {
                let names: Vec<_> = roles.iter().copied().map(words::user_role).collect();
                intl::list(&names)
            };
            let enter = move |_| {
                if !form.busy.get_untracked() {
                    form.email.set(email.to_string());
                    form.password.set(password.clone());
                    form.submit();
                }
            };
            view! { class = scope,
                <li>
                    <button type="button" class="account" on:click=enter>
                        <span class="account-name">{name.to_string()}</span>
                        <span class="account-roles">{roles}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { class = scope,
        <section>
            <h3 class="accounts-name">{name.to_string()} {clouds}</h3>
            <ul class="accounts">{people}</ul>
        </section>
    }
}
