//! Settings are pure: folder, variables and flags in, settings or a sentence out.

use super::*;
use crate::config::LogForm;

fn read(
    flags: &Flags,
    variables: &[(&str, &str)],
    file: Option<&str>,
) -> Result<Settings, WrongSetting> {
    let folder = tempfile::tempdir().unwrap();
    if let Some(text) = file {
        std::fs::write(folder.path().join("vigila.toml"), text).unwrap();
    }
    let variable = |name: &str| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    flags.settings_in(folder.path(), &variable)
}

#[test]
fn without_any_the_defaults_hold() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Flags::default().settings_in(folder.path(), &|_| None).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:8080");
    assert_eq!(settings.database_url, "sqlite://vigila.db");
    assert_eq!(
        settings.photos_url,
        format!("file://{}", folder.path().join("vigila-photos").display())
    );
    assert_eq!(settings.timezone, chrono_tz::Europe::Rome);
    assert!(settings.trusted_proxies.is_empty() && settings.metrics_allowed.is_empty());
    assert!(settings.metrics_indicators.is_empty());
    assert!(settings.checklists.is_none() && settings.public_url.is_none());
}

#[test]
fn a_flag_counts_before_a_variable_and_a_variable_before_the_file() {
    let file = "listen = \"127.0.0.1:1\"\ntimezone = \"UTC\"\nlog = \"json\"\n\
                trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n\
                metrics_indicators = \"IND-HYG-01, IND-STF-02\"\n";
    let flags = Flags { listen: Some("127.0.0.1:3".into()), ..Flags::default() };
    let variables =
        [("VIGILA_LISTEN", "127.0.0.1:2"), ("VIGILA_TIMEZONE", "Europe/Paris"), ("VIGILA_LOG", "")];
    let settings = read(&flags, &variables, Some(file)).unwrap();
    assert_eq!(settings.listen, "127.0.0.1:3");
    assert_eq!(settings.timezone, chrono_tz::Europe::Paris);
    assert_eq!(settings.log.form, LogForm::Json, "an empty variable counts as none");
    assert_eq!(settings.metrics_indicators, ["IND-HYG-01", "IND-STF-02"]);
    assert_eq!(
        settings.trusted_proxies,
        ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]
    );
}

#[test]
fn a_wrong_setting_is_named_where_it_stands() {
    let table = [
        ("VIGILA_LISTEN", "nonsense"),
        ("VIGILA_LISTEN", "127.0.0.1:99999"),
        ("VIGILA_DATABASE_URL", "mysql://h/d"),
        ("VIGILA_DATABASE_URL", "sqlite://"),
        ("VIGILA_PHOTOS_URL", "http://h"),
        ("VIGILA_PHOTOS_URL", "s3://key:secret@bucket"),
        ("VIGILA_CHECKLISTS", "/no/such/folder"),
        ("VIGILA_PUBLIC_URL", "vigila.example.org"),
        ("VIGILA_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("VIGILA_METRICS_ALLOWED", "localhost"),
        ("VIGILA_METRICS_INDICATORS", "IND-HYG-01,no code"),
        ("VIGILA_TIMEZONE", "Rome"),
        ("VIGILA_LOG", "verbose"),
        ("VIGILA_CONFIG", "no-such.toml"),
    ];
    for (name, value) in table {
        let wrong = read(&Flags::default(), &[(name, value)], None).unwrap_err();
        assert_eq!((wrong.place.as_str(), wrong.is_flag), (name, false), "{value}");
    }
    let flags = Flags { log: Some("x".into()), ..Flags::default() };
    let wrong = read(&flags, &[], None).unwrap_err();
    assert_eq!((wrong.place.as_str(), wrong.is_flag), ("--log", true));
}

#[test]
fn a_wrong_file_is_told_without_quoting_it() {
    let table = [
        ("listen = 8080", "listen is a text in quotation marks"),
        ("a = 1\ndatabase_url = \"postgres://u:geheim@h/d", "line 2"),
        ("databse_url = \"postgres://u:geheim@h/d\"", "databse_url is no setting"),
        ("database_url = \"mysql://u:geheim@h/d\"", "mysql://***@h/d is neither"),
    ];
    for (text, expected) in table {
        let wrong = read(&Flags::default(), &[], Some(text)).unwrap_err().to_string();
        assert!(wrong.contains(expected) && !wrong.contains("geheim"), "{wrong}");
        assert!(wrong.contains("vigila.toml"), "{wrong}");
    }
}

#[test]
fn every_setting_stands_in_the_help_of_serve() {
    use clap::Args as _;
    let mut command = Flags::augment_args(clap::Command::new("serve"));
    let help = command.render_long_help().to_string();
    for key in KEYS {
        assert!(help.contains(&format!("--{}", key.replace('_', "-"))), "{key}");
        assert!(help.contains(&format!("[VIGILA_{}]", key.to_uppercase())), "{key}");
    }
    assert_eq!(help.matches("[default: ").count(), KEYS.len() + 1);
}

#[test]
fn an_embedded_service_hears_of_address_and_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("vigila.toml"), "nonsense").unwrap();
    let variable = |name: &str| match name {
        "VIGILA_LISTEN" => Some("127.0.0.1:0".to_owned()),
        _ => Some("postgres://u:p@nowhere/d".to_owned()).filter(|_| name != "VIGILA_LOG"),
    };
    let settings = Flags::embedded_settings_in(folder.path(), &variable).unwrap();
    let expected =
        Settings { listen: "127.0.0.1:0".to_owned(), ..Settings::embedded(folder.path()) };
    assert_eq!(format!("{settings:?}"), format!("{expected:?}"));
    let wrong = Flags::embedded_settings_in(folder.path(), &|_| Some("nonsense".to_owned()));
    assert_eq!(wrong.unwrap_err().place, "VIGILA_LISTEN");
}
