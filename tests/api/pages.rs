//! The pages for people, as a browser without JavaScript meets them.

use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use crate::support::{Answer, PASSWORD, TestApp, TestPerson};

/// A browser: it follows no redirect by itself, so that a test sees each.
struct Browser {
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
    fn of(app: &TestApp, person: &TestPerson) -> Self {
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

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
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
