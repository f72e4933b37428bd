//! The pages for people, as a browser without JavaScript meets them.

use base64::Engine as _;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use vigila_core::domain::Sha256;

use crate::support::{Answer, PASSWORD, TestApp, TestPerson};

/// A browser: it follows no redirect by itself, so that a test sees each.
pub struct Browser {
    client: Client,
    base: String,
    cookie: Option<String>,
}

impl Browser {
    fn new(app: &TestApp) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { client, base: app.base(), cookie: None }
    }

    /// One in which somebody is signed in.
    pub fn of(app: &TestApp, person: &TestPerson) -> Self {
        let token = person.token.as_deref().unwrap();
        Self { cookie: Some(format!("vigila_session={token}")), ..Self::new(app) }
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_form(method, path, headers, None).await
    }

    async fn send_form(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<String>,
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
    }

    /// Sends a form as a browser does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("sec-fetch-site", "same-origin")];
        self.send_form(Method::POST, path, &headers, Some(form)).await
    }

    /// Sends the sign-in form as a browser does.
    async fn sign_in(&self, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let from_here = [("sec-fetch-site", "same-origin")];
        self.send_form(Method::POST, "/sign-in", &from_here, Some(form.finish())).await
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_form_and_back() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT BA").await;
    let mut browser = Browser::new(&app);

    let asked = browser.get("/territories?kind=sai").await;
    assert_eq!(asked.status(), 303);
    assert_eq!(asked.header("location"), "/sign-in?next=%2Fterritories%3Fkind%3Dsai");
    let form = browser.get(asked.header("location")).await;
    assert_eq!(form.status(), 200);
    assert!(form.text().contains(r#"name="next" value="/territories?kind=sai""#));

    let fields = [
        ("username", monitor.name.as_str()),
        ("password", PASSWORD),
        ("next", "/territories?kind=sai"),
    ];
    let signed = browser.sign_in(&fields).await;
    assert_eq!((signed.status(), signed.header("location")), (303, "/territories?kind=sai"));
    let cookie = signed.header("set-cookie").to_owned();
    for part in ["vigila_session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "without HTTPS a browser would not send it: {cookie}");

    browser.cookie = cookie.split(';').next().map(str::to_owned);
    let home = browser.get("/").await;
    assert_eq!((home.status(), home.header("location")), (303, "/territories/BA"));
    let territories = browser.get("/territories").await;
    assert!(territories.text().contains("Barletta-Andria-Trani"));
    let elsewhere = browser.sign_in(&[fields[0], fields[1], ("next", "//other.example")]).await;
    assert_eq!(elsewhere.header("location"), "/");
}

#[tokio::test]
async fn the_cookie_is_secure_where_people_come_by_https() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = Some("https://vigila.example".into());
    });
    let app = app.await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::new(&app);
    let signed = browser.sign_in(&[("username", &monitor.name), ("password", PASSWORD)]).await;
    assert!(signed.header("set-cookie").contains("; Secure"), "{}", signed.header("set-cookie"));
}

#[tokio::test]
async fn a_refused_form_says_why_and_keeps_no_password() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let wrong =
        browser.sign_in(&[("username", "mönitor\"><b>"), ("password", "s3cret-typed")]).await;
    assert_eq!(wrong.status(), 401);
    assert!(wrong.text().contains("non sono giusti"));
    assert!(!wrong.text().contains("s3cret-typed"));
    assert!(wrong.text().contains("value=\"mönitor&#34;&#62;&#60;b&#62;\""), "{}", wrong.text());
    assert_eq!(wrong.header("set-cookie"), "");

    let empty = browser.sign_in(&[("username", "monitor-1"), ("password", "")]).await;
    assert_eq!(empty.status(), 422);
    assert!(empty.text().contains("Scrivere il nome utente e la password."));

    for _ in 0..9 {
        browser.sign_in(&[("username", "monitor-1"), ("password", "wrong")]).await;
    }
    let slowed = browser.sign_in(&[("username", "monitor-1"), ("password", "wrong")]).await;
    assert_eq!(slowed.status(), 429);
    let seconds = slowed.header("retry-after");
    assert!(slowed.text().contains(&format!("fra {seconds} secondi")), "{}", slowed.text());
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);
    for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://other.example")]] {
        let out = browser.send(Method::POST, "/sign-out", &headers).await;
        assert_eq!(out.status(), 403, "{headers:?}");
        let form = format!("username={}&password={}", monitor.name, PASSWORD.replace(' ', "+"));
        let sign_in = browser.send_form(Method::POST, "/sign-in", &headers, Some(form)).await;
        assert_eq!((sign_in.status(), sign_in.header("set-cookie")), (403, ""), "{headers:?}");
    }
    assert_eq!(browser.get("/territories").await.status(), 200, "still signed in");
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);

    let out = browser.send(Method::POST, "/sign-out", &[("origin", &app.base())]).await;

    assert_eq!((out.status(), out.header("location")), (303, "/sign-in"));
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(browser.get("/territories").await.status(), 303);
    assert_eq!(monitor.get("/api/v1/me").await.status(), 401, "the token is gone, not the cookie");
    assert_eq!(app.audited().await, ["signed_out"]);
}

#[tokio::test]
async fn a_page_speaks_the_language_chosen_before_the_one_that_the_browser_likes() {
    let app = TestApp::start().await;
    let mut browser = Browser::new(&app);
    let table = [("", "it"), ("de-DE,de", "it"), ("en-GB,en;q=0.9", "en"), ("it-IT,en", "it")];
    for (header, lang) in table {
        let page = browser.send(Method::GET, "/sign-in", &[("accept-language", header)]).await;
        assert_eq!(page.header("content-language"), lang, "{header}");
        assert!(page.text().contains(&format!("<html lang=\"{lang}\">")), "{header}");
        assert_eq!(page.header("set-cookie"), "", "nothing was chosen");
    }
    let chosen = browser.get("/sign-in?lang=en&next=%2Fterritories%2FBT").await;
    assert!(chosen.text().contains("<h1>Sign in</h1>"));
    let back = "href=\"/sign-in?next=%2Fterritories%2FBT&#38;lang=it\"";
    assert!(chosen.text().contains(back), "{}", chosen.text());
    browser.cookie = chosen.header("set-cookie").split(';').next().map(str::to_owned);
    let later = browser.send(Method::GET, "/sign-in", &[("accept-language", "it")]).await;
    assert_eq!(later.header("content-language"), "en");
    assert_eq!(browser.get("/sign-in?lang=xx").await.header("set-cookie"), "");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.monitor("BT").await);
    for (path, status) in [("/territories", 200), ("/", 303), ("/nothing-here", 404)] {
        let page = browser.get(path).await;
        assert_eq!(page.status(), status, "{path}");
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    let page = browser.get("/territories").await;
    let style = page.text().split("href=\"").find(|rest| rest.contains(".css")).unwrap();
    let style = style.split('"').next().unwrap();
    let sheet = browser.get(style).await;
    assert_eq!((sheet.status(), sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(browser.get("/assets/vigila.0000000000000000.css").await.status(), 404);
}

#[tokio::test]
async fn errors_are_pages_and_those_of_the_api_stay_problems() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let missing = browser.get("/nothing-here").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(missing.header("content-type"), "text/html; charset=utf-8");
    assert!(missing.text().contains("<h1>Pagina non trovata</h1>"));
    let put = browser.send(Method::PUT, "/sign-in", &[]).await;
    assert_eq!(put.status(), 405);
    assert!(put.text().contains("Metodo non consentito"));
    let api = browser.get("/api/v1/nothing-here").await;
    assert_eq!((api.status(), api.problem().as_str()), (404, "not-found"));
}

#[tokio::test]
async fn a_scraper_has_no_pages() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.scraper("BT").await);
    for path in ["/", "/territories"] {
        assert_eq!(browser.get(path).await.status(), 403, "{path}");
    }
}

const VISIT: &str = "01930f5e-0000-7000-8000-000000000001";
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// Sends a visit of BT-0001 with the quick check of fire and hygiene.
async fn visit(by: &TestPerson, id: &str, kind: &str, answers: Value, photos: Value) {
    let ended_at = (vigila::clock::now().plus_days(-1)).to_string();
    let content = json!({
        "facility": "BT-0001", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
        "kind": kind, "started_at": ended_at, "ended_at": ended_at,
        "answers": answers, "photos": photos,
    });
    let answer = by.put(&format!("/api/v1/inspections/{id}"), &content).await;
    assert_eq!(answer.status(), 201, "{}", answer.text());
}

#[tokio::test]
async fn a_visit_is_read_from_the_territory_down_to_its_photo() {
    let app = TestApp::start().await;
    let (monitor, viewer) = (app.monitor("BT").await, app.viewer("BT").await);
    app.facility_with("BT-0001", |centre| centre.name = "Centro <b>d'Esempio</b>".into()).await;
    app.facility("BT-0002").await;
    let bytes = base64::engine::general_purpose::STANDARD.decode(PIXEL).unwrap();
    let (here, owed) = (Sha256::of(&bytes), Sha256::of(b"still on the phone"));
    let answers = json!([
        {"item": "FH-A02", "value": "no", "note": "<script>alert(1)</script>", "photos": [here.as_str()]},
        {"item": "FH-A04", "value": "partial", "photos": [owed.as_str()]},
        {"item": "FH-A05", "value": "na", "reason": "Nessun locale del genere"},
        {"item": "FH-C01", "value": 4.2},
    ]);
    let photos = json!([
        {"sha256": here.as_str(), "bytes": bytes.len(), "caption": "Porta & maniglia"},
        {"sha256": owed.as_str(), "bytes": 5},
    ]);
    visit(&monitor, VISIT, "announced", answers, photos).await;
    let photo = format!("/inspections/{VISIT}/photos/{here}");
    let put = monitor.ask(Method::PUT, &format!("/api/v1{photo}")).body("image/png", bytes);
    assert_eq!(put.send().await.status(), 201);
    let browser = Browser::of(&app, &viewer);

    let territory = browser.get("/territories/BT").await;
    let text = territory.text();
    assert_eq!(territory.status(), 200);
    assert!(text.contains("Centro &#60;b&#62;d&#39;Esempio&#60;/b&#62;"), "{text}");
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}: {text}"));
    assert!(place("/facilities/BT-0001") < place("/facilities/BT-0002"), "the critical one first");
    assert!(text.contains("Mai visitato") && text.contains("2 centri attivi"));

    let centre = browser.get("/facilities/BT-0001").await;
    let text = centre.text();
    assert_eq!(centre.status(), 200);
    assert!(text.contains(&format!("/inspections/{VISIT}#FH-A02")), "{text}");
    assert!(text.contains("Visite preavvisate e a distanza"), "{text}");

    let page = browser.get(&format!("/inspections/{VISIT}")).await;
    let text = page.text();
    assert_eq!(page.status(), 200);
    assert!(text.contains("&#60;script&#62;") && !text.contains("<script"), "{text}");
    for said in [
        "Visita preavvisata",
        "Non conforme",
        "Parzialmente conforme",
        "Nessun locale del genere",
        "4,2 °C",
        "Foto non ancora arrivata",
        "1 ancora attese",
        "alt=\"Foto: Porta &#38; maniglia\"",
        "Ricevuta firmata",
        "vigila verify RICEVUTA.json",
    ] {
        assert!(text.contains(said), "no {said}: {text}");
    }
    let receipt = viewer.get(&format!("/api/v1/inspections/{VISIT}")).await.json();
    for member in ["key_id", "received_at"] {
        let said = receipt[member].as_str().unwrap();
        assert!(text.contains(said), "no {member}: {text}");
    }
    assert!(text.contains(&format!("<img src=\"{photo}?rendition=thumbnail\"")), "{text}");
    for rendition in ["", "?rendition=thumbnail", "?rendition=display"] {
        let picture = browser.get(&format!("{photo}{rendition}")).await;
        assert_eq!((picture.status(), picture.header("content-type")), (200, "image/jpeg"));
        assert!(picture.header("cache-control").starts_with("private"));
    }
    for missing in
        [format!("{photo}?rendition=original"), photo.replace(here.as_str(), owed.as_str())]
    {
        assert_eq!(browser.get(&missing).await.status(), 404, "{missing}");
    }
}

#[tokio::test]
async fn what_lies_outside_a_persons_reach_is_not_found() {
    let app = TestApp::start().await;
    let (sender, other) = (app.monitor("BT").await, app.monitor("BT").await);
    app.facility("BT-0001").await;
    let later = VISIT.replace("0001", "0002");
    visit(&sender, VISIT, "unannounced", json!([]), json!([])).await;
    visit(&sender, &later, "unannounced", json!([]), json!([])).await;
    let earlier = format!("/inspections/{VISIT}");
    let places = ["/territories/BT", "/facilities/BT-0001", earlier.as_str()];

    let stranger = Browser::of(&app, &app.manager("BA").await);
    let scraper = Browser::of(&app, &app.scraper("BT").await);
    let viewer = Browser::of(&app, &app.viewer("BT").await);
    for place in places {
        assert_eq!(stranger.get(place).await.status(), 404, "{place}");
        assert_eq!(scraper.get(place).await.status(), 403, "{place}");
        assert_eq!(viewer.get(place).await.status(), 200, "{place}");
    }
    let colleague = Browser::of(&app, &other);
    assert_eq!(Browser::of(&app, &sender).get(&earlier).await.status(), 200, "its own");
    assert_eq!(colleague.get(&earlier).await.status(), 404, "another's, and not the latest");
    assert_eq!(colleague.get(&format!("/inspections/{later}")).await.status(), 200, "the latest");
    let centre = colleague.get("/facilities/BT-0001").await;
    assert!(!centre.text().contains(&earlier), "no link that leads nowhere");
    for nothing in ["/territories/ZZ", "/facilities/BT-0009", "/facilities/b", "/inspections/1"] {
        assert_eq!(viewer.get(nothing).await.status(), 404, "{nothing}");
    }
}
