//! The table against itself and, where it is at hand, against the survey it was made from.

use super::*;

#[test]
fn codes_ascend() {
    assert!(all().is_sorted_by(|one, next| one.status < next.status));
}

#[test]
fn registered_and_other_codes() {
    let registered = all().iter().filter(|code| {
        matches!(
            code.registration,
            Registration::Registered | Registration::Deprecated
        )
    });
    assert_eq!(registered.count(), 75);
    for (status, registration) in [
        (409, Registration::Obsolete),
        (411, Registration::Obsolete),
        (418, Registration::Unassigned),
        (202, Registration::Deprecated),
    ] {
        let code = lookup(StatusCode(status)).unwrap();
        assert_eq!(code.registration, registration, "{status}");
    }
    assert_eq!(lookup(StatusCode(419)), None);
    assert_eq!(lookup(StatusCode(0)), None);
}

/// Codes that public tables confuse with one another.
#[test]
fn confusable_codes_keep_their_phrases() {
    for (status, phrase) in [
        (182, "Queued"),
        (183, "Session Progress"),
        (406, "Not Acceptable"),
        (420, "Bad Extension"),
        (430, "Flow Failed"),
        (433, "Anonymity Disallowed"),
        (436, "Bad Identity Info"),
        (437, "Unsupported Credential"),
        (485, "Ambiguous"),
        (487, "Request Terminated"),
        (493, "Undecipherable"),
        (494, "Security Agreement Required"),
        (504, "Server Time-out"),
        (580, "Precondition Failure"),
    ] {
        assert_eq!(lookup(StatusCode(status)).unwrap().phrase, phrase);
    }
}

/// RFC 3261 says MUST: 20.5, 21.4.2, 21.4.8, 21.4.13, 21.4.15, 21.4.16, 21.4.17.
#[test]
fn mandatory_headers() {
    for (status, header) in [
        (401, "WWW-Authenticate"),
        (405, "Allow"),
        (407, "Proxy-Authenticate"),
        (415, "Accept or Accept-Encoding or Accept-Language"),
        (420, "Unsupported"),
        (421, "Require"),
        (423, "Min-Expires"),
    ] {
        assert_eq!(
            lookup(StatusCode(status)).unwrap().expected_header,
            Some(header)
        );
    }
}

#[test]
fn a_class_has_codes_of_its_kind_only() {
    for code in all() {
        let provisional = code.status.is_provisional();
        assert_eq!(
            provisional,
            code.meaning == Meaning::Provisional,
            "{}",
            code.status
        );
        if code.failure != Failure::Never {
            assert!(code.status.is_failure(), "{}", code.status);
        }
    }
}

/// The survey is kept beside the project, not in it.
#[test]
fn agrees_with_the_survey() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/sip/response_codes.tsv"
    );
    let Ok(survey) = std::fs::read_to_string(path) else {
        return;
    };
    let rows = survey.lines().skip(1);
    assert_eq!(rows.clone().count(), all().len());
    for (row, code) in rows.zip(all()) {
        assert_eq!(row.split('\t').collect::<Vec<_>>(), columns(code));
    }
}

fn columns(code: &Code) -> Vec<String> {
    let registration = match code.registration {
        Registration::Registered => "reg",
        Registration::Deprecated => "deprecated",
        Registration::Obsolete => "legacy",
        Registration::Unassigned => "unregistered",
    };
    let advance = match code.route_advance {
        RouteAdvance::ByPolicy => "override",
        other => other.name(),
    };
    let tolerated = code.tolerated_phrases.join(";");
    let columns = [
        &*code.status.to_string(),
        code.phrase,
        code.defined_in,
        code.meaning.name(),
        code.failure.name(),
        advance,
        code.retry,
        code.first_check,
        registration,
        code.dialog_effect.name(),
        code.ner.name(),
        code.fault_domain.name(),
        code.expected_header.unwrap_or("-"),
        if tolerated.is_empty() {
            "-"
        } else {
            &tolerated
        },
    ];
    columns.map(str::to_owned).to_vec()
}
