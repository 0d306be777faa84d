//! A server for a test, and clients of its API.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documented;

/// The password of every demo account.
pub(crate) const PASSWORD: &str = "open sesame demo";
/// The accounts of the demo data that the tests use.
pub(crate) const ANNA: &str = "anna@brightwater.example";
pub(crate) const DAAN: &str = "daan@brightwater.example";
pub(crate) const BEN: &str = "ben@brightwater.example";
pub(crate) const CARLA: &str = "carla@brightwater.example";
pub(crate) const GRACE: &str = "grace@harbourbakery.example";
pub(crate) const EVA: &str = "eva@lindenhof.example";
pub(crate) const LI_NA: &str = "li.na@jaderiver.example";
pub(crate) const MARA: &str = "mara@meridiancloud.example";
pub(crate) const SAM: &str = "sam@meridiancloud.example";
pub(crate) const HUGO: &str = "hugo@meridiancloud.example";
pub(crate) const KIM: &str = "kim@kestrel.example";

/// Partner IDs of the demo data: two locations of Meridian Cloud Services, which works
/// worldwide and in Germany, and the company as a whole.
pub(crate) const AMSTERDAM: &str = "4391507";
pub(crate) const MUNICH: &str = "4391511";
pub(crate) const GLOBAL: &str = "4391500";
/// Partner IDs of other partners. Kestrel Licensing, Fernhill Support and the partner in
/// Manchester, which is on no subscription, work in the worldwide cloud; Rheinblick works in
/// Germany, and Haiyun, with two locations, in 21Vianet's cloud.
pub(crate) const KESTREL: &str = "5357564";
pub(crate) const FERNHILL: &str = "2847716";
pub(crate) const MANCHESTER: &str = "1867394";
pub(crate) const RHEINBLICK: &str = "6623170";
pub(crate) const SHANGHAI: &str = "2719385";
pub(crate) const BEIJING: &str = "2719390";
/// A Partner ID that no partner has.
pub(crate) const UNKNOWN_PARTNER_ID: &str = "9999999";

/// Malformed Partner IDs, each with its error code.
pub(crate) const MALFORMED: [(&str, &str); 9] = [
    ("12a4", "notDigits"),
    ("4391 507", "notDigits"),
    ("-4391507", "notDigits"),
    ("４３９１５０７", "notDigits"),
    ("4391507\u{0}", "notDigits"),
    ("04391507", "leadingZero"),
    ("0", "leadingZero"),
    ("43915074391", "tooLong"),
    ("8d1a0f0e-7b1c-4a57-9f86-2f1f0d3c9a11", "tenantId"),
];

/// A page with an inline script, whose hash the content security policy must contain.
pub(crate) const PAGE: &str =
    "<!DOCTYPE html><html><head><script>1;</script></head><body>page</body></html>";

/// A running server, which is killed when the test ends.
pub(crate) struct Server {
    child: Option<Child>,
    pub(crate) url: String,
    log: Arc<Log>,
    folder: TempDir,
    arguments: Vec<String>,
}

/// The log of a server, filled by a thread that reads its standard error.
#[derive(Default)]
struct Log {
    text: Mutex<String>,
    grown: Condvar,
}

impl Log {
    /// Reads the log until the server ends.
    fn read(&self, source: impl Read) {
        for line in BufReader::new(source).split(b'\n').map_while(Result::ok) {
            let mut text = self.text.lock().expect("no panic while it is held");
            text.push_str(&String::from_utf8_lossy(&line));
            text.push('\n');
            self.grown.notify_all();
        }
    }

    /// Waits until a condition on the log is true; returns whether that happened in time.
    fn wait_until(&self, limit: Duration, is_so: impl Fn(&str) -> bool) -> bool {
        let text = self.text.lock().expect("no panic while it is held");
        let waited = self.grown.wait_timeout_while(text, limit, |text| !is_so(text));
        !waited.expect("no panic while it is held").1.timed_out()
    }
}

impl Server {
    /// Starts a server with demo data.
    pub(crate) fn demo() -> Self {
        Self::start(&["--demo"])
    }

    /// Starts a server with these arguments on an empty database.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let site = folder.path().join("site");
        std::fs::create_dir(&site).expect("a folder for the page");
        std::fs::write(site.join("index.html"), PAGE).expect("a page");
        let mut server = Self {
            child: None,
            url: String::new(),
            log: Arc::default(),
            folder,
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        };
        server.run("127.0.0.1:0");
        server
    }

    fn run(&mut self, listen: &str) {
        let mut child = program()
            .arg("serve")
            .args(["--listen", listen, "--database"])
            .arg(self.database())
            .arg("--site")
            .arg(self.folder.path().join("site"))
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let output = child.stdout.take().expect("its output");
        let errors = child.stderr.take().expect("its log");
        let log = Arc::clone(&self.log);
        std::thread::spawn(move || log.read(errors));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let line = receiver.recv_timeout(Duration::from_mins(1));
        let line = line
            .unwrap_or_else(|_| panic!("the server did not say where it listens:\n{}", self.log()));
        let url = line.strip_prefix("listening on ").expect("the line that says where");
        url.clone_into(&mut self.url);
        self.child = Some(child);
        documented::read_description(|| self.visitor().get("/api/openapi.json").json());
    }

    /// Returns the path of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("accord.sqlite")
    }

    /// Returns what was logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.text.lock().expect("no panic while it is held").clone()
    }

    /// Waits until the log contains this text.
    #[track_caller]
    pub(crate) fn wait_for_log(&self, text: &str) {
        let logged = self.log.wait_until(Duration::from_secs(30), |log| log.contains(text));
        assert!(logged, "never logged: {text}");
    }

    /// Waits until the log is longer than this many bytes, but only for a moment: what the
    /// caller waits for may be done shortly after it was logged.
    pub(crate) fn wait_for_more_log(&self, length: usize) {
        self.log.wait_until(Duration::from_millis(50), |log| log.len() > length);
    }

    /// Kills the server, as a power failure would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("SIGKILL");
            child.wait().expect("it ended");
        }
    }

    /// Starts the server again on the same database and address.
    pub(crate) fn start_again(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        self.run(&address);
    }

    /// Runs another command of the program on the same database.
    pub(crate) fn command(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = program()
            .args(arguments)
            .arg("--database")
            .arg(self.database())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    /// Runs a command without spaces in its arguments, which must succeed; returns its output.
    #[track_caller]
    pub(crate) fn run_command(&self, line: &str, input: &str) -> String {
        let output = self.command(&line.split(' ').collect::<Vec<_>>(), input);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Creates the partner Fabrikam and the customer Brightwater on an empty database, with a
    /// person of this role and email address each. Returns the customer's organization ID.
    pub(crate) fn create_organizations(
        &self,
        (partner_role, partner_email): (&str, &str),
        (customer_role, customer_email): (&str, &str),
    ) -> String {
        self.run_command(
            "organization create --name Fabrikam --domain fabrikam.example --country NL \
             --cloud worldwide --partner-id 4567890 --email info@fabrikam.example \
             --phone 5550100 --address Haarlem",
            "",
        );
        let customer = self.run_command(
            "organization create --name Brightwater --domain brightwater.example --country NL \
             --cloud worldwide",
            "",
        );
        self.create_user("fabrikam.example", partner_role, partner_email);
        self.create_user("brightwater.example", customer_role, customer_email);
        customer
    }

    /// Creates an account with the password of the demo accounts.
    pub(crate) fn create_user(&self, organization: &str, role: &str, email: &str) {
        self.run_command(
            &format!(
                "user create --organization {organization} --email {email} --name Someone \
                 --role {role} --password-stdin"
            ),
            PASSWORD,
        );
    }

    /// Returns a client that is not signed in.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(&self.url)
    }

    /// Returns a client that is signed in with a demo account.
    pub(crate) fn sign_in(&self, email: &str) -> Client {
        let mut client = self.visitor();
        let answer = client.post("/api/session", &json!({ "email": email, "password": PASSWORD }));
        assert_eq!(answer.status, 200, "{email} signs in: {}", answer.text);
        client
    }

    /// Returns the mails to this address whose subject or text contains `part`, newest first.
    pub(crate) fn mails(&self, to: &str, part: &str) -> Vec<Value> {
        let mails = self.visitor().get("/api/outbox").json();
        let mails = mails["value"].as_array().expect("a list of mails").clone();
        let holds = |mail: &Value, field: &str| {
            mail[field].as_str().is_some_and(|text| text.contains(part))
        };
        mails
            .into_iter()
            .filter(|mail| mail["to"] == to && (holds(mail, "subject") || holds(mail, "text")))
            .collect()
    }

    /// Returns the token in the newest mail whose text contains `part`.
    pub(crate) fn token(&self, part: &str) -> String {
        let mails = self.visitor().get("/api/outbox").json();
        let mails = mails["value"].as_array().expect("a list of mails").clone();
        let text = mails
            .iter()
            .filter_map(|mail| mail["text"].as_str())
            .find(|text| text.contains(part) && text.contains("/partner-invitation#"))
            .unwrap_or_else(|| panic!("no mail in the outbox holds {part}"));
        let (_, after) = text.split_once("/partner-invitation#").expect("a link");
        after.chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- the server's log\n{}", self.log());
        }
    }
}

/// Returns a command for the program under test, without `ACCORD_` variables of the
/// environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accord"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ACCORD_")) {
        command.env_remove(name);
    }
    command
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Method and path of the request.
    request: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Returns the error code.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the error code of a field.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let body = self.json();
        let details = body["error"]["details"].as_array()?.clone();
        let detail = details.iter().find(|detail| detail["target"] == name)?;
        detail["code"].as_str().map(str::to_owned)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Checks that the answer has this status and error code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!(
            (self.status, self.code().as_str()),
            (status, code),
            "{}: {}",
            self.request,
            self.text
        );
        self
    }

    /// Checks that the request succeeded.
    #[track_caller]
    pub(crate) fn ok(&self) -> &Self {
        assert!(
            (200..300).contains(&self.status),
            "{}: {}: {}",
            self.request,
            self.status,
            self.text
        );
        self
    }
}

/// An HTTP client that keeps cookies and sends its origin, as a browser does.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    pub(crate) url: String,
    pub(crate) cookie: Option<String>,
    pub(crate) origin: Option<String>,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .build()
            .new_agent();
        Self { agent, url: url.to_owned(), cookie: None, origin: Some(url.to_owned()) }
    }

    /// Sends a request and returns the answer.
    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Answer {
        self.try_send(method, path, headers, body).expect("an answer")
    }

    /// Sends a request to a server that may have been killed. Spaces in the path are escaped.
    pub(crate) fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, ureq::Error> {
        let uri = format!("{}{}", self.url, path.replace(' ', "%20"));
        let mut request = ureq::http::Request::builder().method(method).uri(uri);
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", cookie);
        }
        if let (Some(origin), false) = (&self.origin, matches!(method, "GET" | "HEAD")) {
            request = request.header("Origin", origin);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let headers: Vec<_> = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        for (_, value) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            let emptied = pair.ends_with('=') || value.contains("Max-Age=0");
            self.cookie = (!emptied).then(|| pair.to_owned());
        }
        let mut text = Vec::new();
        response.body_mut().as_reader().read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let request = format!("{method} {path}");
        let answer = Answer { request, status: response.status().as_u16(), headers, text };
        documented::check(
            method,
            path,
            answer.status,
            answer.header("x-ms-error-code").unwrap_or_default(),
        );
        Ok(answer)
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(
            "POST",
            path,
            &[("Content-Type", "application/json")],
            Some(body.to_string().as_bytes()),
        )
    }

    /// Sends a POST for a resource with this version.
    pub(crate) fn change(&mut self, path: &str, etag: &str, body: &Value) -> Answer {
        self.change_by("POST", path, etag, body)
    }

    /// Sends a request with another method for a resource with this version.
    pub(crate) fn change_by(
        &mut self,
        method: &str,
        path: &str,
        etag: &str,
        body: &Value,
    ) -> Answer {
        let headers = [("Content-Type", "application/json"), ("If-Match", etag)];
        self.send(method, path, &headers, Some(body.to_string().as_bytes()))
    }

    pub(crate) fn delete(&mut self, path: &str, etag: Option<&str>) -> Answer {
        let headers: Vec<_> = etag.map(|etag| ("If-Match", etag)).into_iter().collect();
        self.send("DELETE", path, &headers, None)
    }

    /// Looks an invitation up by the token of its link.
    pub(crate) fn look_up(&mut self, token: &str) -> Answer {
        self.post("/api/invitations/lookUp", &json!({ "token": token }))
    }

    /// Accepts an invitation after reading the agreement.
    pub(crate) fn accept(&mut self, invitation: &Value) -> Answer {
        let hash = self.get("/api/agreement").json()["hash"].clone();
        self.accept_with(invitation, &json!({ "hash": hash, "acknowledged": true }))
    }

    pub(crate) fn accept_with(&mut self, invitation: &Value, agreement: &Value) -> Answer {
        let path = format!("/api/invitations/{}/accept", id(invitation));
        self.change(&path, etag(invitation), &json!({ "agreement": agreement }))
    }

    /// Drafts and sends an invitation to an organization; returns the sent invitation.
    pub(crate) fn invite(&mut self, customer: &str, kind: &str, roles: bool) -> Value {
        let draft = self.post("/api/invitations", &draft(customer, kind, roles));
        let draft = draft.ok().json();
        let path = format!("/api/invitations/{}/send", id(&draft));
        self.change(&path, etag(&draft), &json!({})).ok().json()
    }

    /// Sends an enquiry to each of these partners; returns the enquiries in that order.
    pub(crate) fn send_enquiries(&mut self, partners: &[&str]) -> Vec<Value> {
        let sent = self.post("/api/enquiries", &enquiry(partners)).ok().json();
        sent["value"].as_array().expect("a list").clone()
    }

    /// Returns the partner names on the first page of this query.
    pub(crate) fn find_partners(&mut self, query: &str) -> Vec<String> {
        let page = self.get(&format!("/api/partners?{query}")).ok().json();
        let found = page["value"].as_array().expect("a list").clone();
        found
            .iter()
            .map(|one| one["partner"]["name"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// Returns the actions of the newest entries of the organization's log.
    pub(crate) fn log(&mut self, top: usize) -> Vec<String> {
        let log = self.get(&format!("/api/activity?$top={top}")).ok().json();
        let entries = log["value"].as_array().expect("entries").clone();
        entries
            .iter()
            .map(|entry| entry["action"].as_str().expect("an action").to_owned())
            .collect()
    }

    /// Returns the ID of the signed-in person's organization.
    pub(crate) fn organization(&mut self) -> String {
        let session = self.get("/api/session").json();
        session["organization"]["id"].as_str().expect("an id").to_owned()
    }

    /// Returns the active relationship with the partner of this name.
    pub(crate) fn relationship(&mut self, partner: &str) -> Value {
        let list = self.get("/api/relationships").ok().json();
        let list = list["value"].as_array().expect("a list").clone();
        let found = list
            .into_iter()
            .find(|one| one["partner"]["name"] == partner && one["status"] == "active");
        found.unwrap_or_else(|| panic!("no relationship with {partner}"))
    }

    /// Returns the subscriptions that the organization sees.
    pub(crate) fn subscriptions(&mut self) -> Vec<Value> {
        let list = self.get("/api/subscriptions?$top=300").ok().json();
        list["value"].as_array().expect("a list").clone()
    }

    /// Returns a subscription with this status, with or without a partner of record.
    pub(crate) fn subscription(&mut self, status: &str, partner: bool) -> Value {
        let found = self
            .subscriptions()
            .into_iter()
            .find(|one| one["status"] == status && one["partnerOfRecord"].is_object() == partner);
        found.unwrap_or_else(|| panic!("no {status} subscription, partner of record: {partner}"))
    }

    /// Returns the current state of a subscription.
    pub(crate) fn reload(&mut self, subscription: &Value) -> Value {
        self.get(&format!("/api/subscriptions/{}", id(subscription))).ok().json()
    }

    /// Returns the subscription to this product.
    pub(crate) fn subscription_to(&mut self, product: &str) -> Value {
        let found = self.subscriptions().into_iter().find(|one| one["productName"] == product);
        found.unwrap_or_else(|| panic!("no subscription to {product}"))
    }

    /// Suspends, reactivates or cancels this version of a subscription.
    pub(crate) fn manage(&mut self, subscription: &Value, action: &str) -> Answer {
        let path = format!("/api/subscriptions/{}/{action}", id(subscription));
        self.change(&path, etag(subscription), &json!({}))
    }

    /// Returns the product of this name that can be bought, or that a reseller can order through
    /// a relationship.
    pub(crate) fn product(&mut self, name: &str, relationship: Option<&Value>) -> Value {
        let query = relationship.map(|one| format!("?$filter=relationship eq '{}'", id(one)));
        let path = format!("/api/products{}", query.unwrap_or_default());
        let list = self.get(&path).ok().json();
        let list = list["value"].as_array().expect("a list").clone();
        let found = list.into_iter().find(|product| product["name"] == name);
        found.unwrap_or_else(|| panic!("no product {name}"))
    }

    /// Places an order with this `Repeatability-Request-ID`.
    pub(crate) fn order(&mut self, request: &str, order: &Value) -> Answer {
        let headers = [("Content-Type", "application/json"), ("Repeatability-Request-ID", request)];
        self.send("POST", "/api/orders", &headers, Some(order.to_string().as_bytes()))
    }

    /// Sets the partner of record of this version of a subscription.
    pub(crate) fn set_partner(&mut self, subscription: &Value, partner_id: &str) -> Answer {
        let path = format!("/api/subscriptions/{}/partnerOfRecord", id(subscription));
        self.change_by("PUT", &path, etag(subscription), &json!({ "partnerId": partner_id }))
    }

    /// Removes the partner of record of this version of a subscription.
    pub(crate) fn remove_partner(&mut self, subscription: &Value) -> Answer {
        let path = format!("/api/subscriptions/{}/partnerOfRecord", id(subscription));
        self.delete(&path, Some(etag(subscription)))
    }

    /// Looks up a Partner ID.
    pub(crate) fn check_id(&mut self, partner_id: &str) -> Answer {
        self.post("/api/partnerIds/check", &json!({ "partnerId": partner_id }))
    }

    /// Plans to set the partner of record of these subscriptions.
    pub(crate) fn plan(&mut self, subscriptions: &[&Value], partner_id: &str) -> Answer {
        self.post("/api/subscriptions/partnersOfRecord/plan", &selection(subscriptions, partner_id))
    }

    /// Applies a plan.
    pub(crate) fn apply(
        &mut self,
        subscriptions: &[&Value],
        partner_id: &str,
        plan: &Value,
    ) -> Answer {
        let path = "/api/subscriptions/partnersOfRecord/apply";
        self.change(path, etag(plan), &selection(subscriptions, partner_id))
    }

    /// Plans the changes of a CSV file.
    pub(crate) fn plan_csv(&mut self, file: impl AsRef<[u8]>) -> Answer {
        let headers = [("Content-Type", "text/csv; charset=utf-8")];
        let path = "/api/subscriptions/partnersOfRecord/plan";
        self.send("POST", path, &headers, Some(file.as_ref()))
    }

    /// Applies the plan of a CSV file.
    pub(crate) fn apply_csv(&mut self, file: impl AsRef<[u8]>, plan: &Value) -> Answer {
        let headers = [("Content-Type", "text/csv"), ("If-Match", etag(plan))];
        let path = "/api/subscriptions/partnersOfRecord/apply";
        self.send("POST", path, &headers, Some(file.as_ref()))
    }
}

/// Returns the request that sets the partner of record of many subscriptions.
fn selection(subscriptions: &[&Value], partner_id: &str) -> Value {
    let ids: Vec<&str> = subscriptions.iter().map(|one| id(one)).collect();
    json!({ "subscriptions": ids, "partnerId": partner_id })
}

/// Returns the request that drafts an invitation.
pub(crate) fn draft(customer: &str, kind: &str, roles: bool) -> Value {
    json!({
        "customer": customer,
        "relationshipType": kind,
        "askForAdminRoles": roles,
        "recipient": "somebody@brightwater.example",
        "recipientName": "Somebody",
        "language": "en",
        "message": "",
    })
}

/// Returns the request with which Brightwater Schools sends enquiries.
pub(crate) fn enquiry(partners: &[&str]) -> Value {
    json!({
        "partners": partners,
        "country": "NL",
        "city": "Haarlem",
        "size": "251to1000",
        "needs": "Somebody who looks after our licenses.",
        "contactName": "Anna de Vries",
        "contactEmail": ANNA,
        "contactPhone": "+31 23 555 0190",
        "consent": true,
    })
}

pub(crate) fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

pub(crate) fn etag(value: &Value) -> &str {
    value["@odata.etag"].as_str().expect("a version")
}

/// Runs `work` for all clients at the same moment.
pub(crate) fn at_once(
    clients: Vec<Client>,
    work: impl Fn(&mut Client) -> Answer + Sync,
) -> Vec<Answer> {
    let barrier = Barrier::new(clients.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .into_iter()
            .map(|mut client| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(&mut client)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}
