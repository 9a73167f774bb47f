//! What the scan and the parser must say alike of the same bytes: whatever the parser can read,
//! the scan has read too.

use siptriage_sip::DefectKind::{
    BareLineFeed, CSeqMethodMismatch, ContentLengthTooLong, DuplicateHeader, MissingHeader,
    NoBlankLine, NotAHeader,
};
use siptriage_sip::header::{
    CSeq, CallId, Contact, ContentLength, ContentType, Expires, From, MaxForwards, RSeq, Reason,
    RetryAfter, Server, SessionExpires, SessionId, To, UserAgent, Via,
};
use siptriage_sip::uri::{Host, Uri};
use siptriage_sip::{
    DefectKind, Facts, HeaderName, HeaderSet, HeaderValue, Message, OddityKind, Scanned, Start,
    StartLine,
};

/// Lays the scan of a whole message beside its parse.
pub fn check(scanned: Scanned<'_>, message: &Message<'_>) {
    start_line(scanned, message);
    facts(scanned, message);
    addresses(scanned, message);
    vias(scanned, message);
    numbers(scanned, message);
    words(scanned, message);
    if message.sdp().is_some() {
        let facts = scanned.outline.facts;
        assert!(facts.contains(Facts::BODY_IS_SDP), "SDP is lost");
    }
}

fn start_line(scanned: Scanned<'_>, message: &Message<'_>) {
    match (scanned.outline.start, message.start) {
        (Start::Request { .. }, StartLine::Request { token, uri, .. }) => {
            assert_eq!(scanned.method_token(), token);
            assert_eq!(scanned.request_uri(), Some(uri));
        }
        (Start::Response { .. }, StartLine::Response { reason, .. }) => {
            assert_eq!(scanned.reason_phrase(), Some(reason));
        }
        (Start::Request { .. } | Start::Response { .. }, _) => panic!("kinds differ"),
    }
}

fn facts(scanned: Scanned<'_>, message: &Message<'_>) {
    let outline = scanned.outline;
    let fact = |fact| outline.facts.contains(fact);
    let has = |kind| message.defects.iter().any(|defect| defect.kind == kind);
    let odd = |kind| message.oddities.iter().any(|oddity| oddity.kind == kind);
    for (noticed, defect) in [
        (Facts::BODY_SHORT, ContentLengthTooLong),
        (Facts::NO_BLANK_LINE, NoBlankLine),
        (Facts::BARE_LF, BareLineFeed),
        (Facts::ODD_LINE, NotAHeader),
        (Facts::CSEQ_METHOD_MISMATCH, CSeqMethodMismatch),
    ] {
        assert_eq!(fact(noticed), has(defect), "{defect}");
    }
    for (noticed, oddity) in [
        (Facts::FOLDED, OddityKind::Folded),
        (Facts::SPACE_BEFORE_COLON, OddityKind::SpaceBeforeColon),
        (Facts::BODY_LONG, OddityKind::TrailingBytes),
    ] {
        assert_eq!(fact(noticed), odd(oddity), "{oddity}");
    }
    let is_missed = |kind: DefectKind, name| {
        let mut defects = message.defects.iter();
        defects.any(|defect| (defect.kind, defect.header) == (kind, Some(name)))
    };
    let mut mandatory = HeaderSet::MANDATORY.iter();
    assert_eq!(
        fact(Facts::MISSING_MANDATORY),
        mandatory.any(|name| is_missed(MissingHeader, name))
    );
    assert!(!fact(Facts::REPEATED_SINGLETON) || has(DuplicateHeader));
    assert!(!outline.facts.is_irregular() || !message.defects.is_empty());
    for name in HeaderName::all() {
        assert_eq!(
            outline.has.contains(name),
            message.raw(name).next().is_some()
        );
        assert!(scanned.header(name).eq(message.raw(name)));
    }
}

fn addresses(scanned: Scanned<'_>, message: &Message<'_>) {
    if let Some(from) = first::<From<'_>>(message) {
        assert_eq!(parsed(scanned.from_uri()), Some(from.address.uri));
        tags(scanned.from_tag(), from.tag());
    }
    if let Some(to) = first::<To<'_>>(message) {
        assert_eq!(parsed(scanned.to_uri()), Some(to.address.uri));
        tags(scanned.to_tag(), to.tag());
    }
    match first::<Contact<'_>>(message) {
        Some(Contact::Address(contact)) => {
            assert_eq!(parsed(scanned.contact_uri()), Some(contact.address.uri));
        }
        Some(Contact::Any) => assert_eq!(scanned.contact_uri(), Some(&b"*"[..])),
        None => {}
    }
}

/// A tag without a value is as good as none. What stands in quotes, where no tag may, need not be
/// read alike.
fn tags(scanned: Option<&[u8]>, parsed: Option<&[u8]>) {
    let scanned = scanned.unwrap_or_default();
    if !scanned.contains(&b'"') && !scanned.contains(&b'\\') {
        assert_eq!(scanned, parsed.unwrap_or_default());
    }
}

fn vias(scanned: Scanned<'_>, message: &Message<'_>) {
    let all: Vec<_> = message.all::<Via<'_>>().collect();
    let all: Result<Vec<Via<'_>>, _> = all.into_iter().collect();
    let Ok(vias) = all else {
        return;
    };
    let outline = scanned.outline;
    assert_eq!(usize::from(outline.via_count), vias.len());
    if let Some(top) = vias.first() {
        assert_eq!(scanned.via_transport(), Some(top.transport));
        let host = scanned.sent_by_host().map(Host::parse_bare);
        assert_eq!(host, Some(Ok(top.host)));
        assert_eq!(outline.via_port, top.port.unwrap_or(0));
        branches(scanned.top_branch(), top);
    }
    if let Some(second) = vias.get(1) {
        branches(scanned.parent_branch(), second);
    }
}

/// As with tags.
fn branches(scanned: Option<&[u8]>, via: &Via<'_>) {
    let is_plain = !via.params.iter().any(|param| {
        param.name.eq_ignore_ascii_case(b"branch")
            && !matches!(param.value, siptriage_sip::params::ParamValue::Plain(_))
    });
    if is_plain {
        assert_eq!(scanned, via.branch());
    }
}

fn numbers(scanned: Scanned<'_>, message: &Message<'_>) {
    let outline = scanned.outline;
    if let Some(cseq) = first::<CSeq<'_>>(message) {
        assert!(!outline.facts.contains(Facts::NO_CSEQ));
        assert_eq!(
            (outline.cseq, outline.cseq_method),
            (cseq.number, cseq.method())
        );
        assert_eq!(scanned.cseq_method_token(), Some(cseq.method_token));
    } else {
        assert!(outline.facts.contains(Facts::NO_CSEQ));
    }
    if let Some(hops) = first::<MaxForwards>(message) {
        assert_eq!(outline.max_forwards, Some(hops.hops.into()));
    }
    if let Some(length) = first::<ContentLength>(message) {
        assert_eq!(outline.content_length, Some(length.bytes));
    } else {
        assert_eq!(outline.content_length, None);
    }
    if let Some(expires) = first::<Expires>(message) {
        assert_eq!(outline.expires, Some(expires.seconds));
    }
    if let Some(rseq) = first::<RSeq>(message) {
        assert_eq!(outline.rseq, Some(rseq.number));
    }
    if let Some(retry_after) = first::<RetryAfter<'_>>(message) {
        assert_eq!(outline.retry_after, Some(retry_after.seconds));
    }
    if let Some(session_expires) = first::<SessionExpires<'_>>(message) {
        assert_eq!(outline.session_expires, Some(session_expires.seconds));
    }
}

fn words(scanned: Scanned<'_>, message: &Message<'_>) {
    if let Some(call_id) = first::<CallId<'_>>(message) {
        assert_eq!(scanned.call_id(), Some(call_id.id));
    }
    if let Some(reason) = first::<Reason<'_>>(message) {
        let scanned = scanned.reason_header().map(Reason::parse);
        assert_eq!(scanned, Some(Ok(reason)));
    }
    if let Some(session_id) = first::<SessionId<'_>>(message) {
        assert_eq!(
            scanned.session_id().map(SessionId::parse),
            Some(Ok(session_id))
        );
    }
    if let Some(content_type) = first::<ContentType<'_>>(message) {
        let scanned = scanned.content_type().map(ContentType::parse);
        let scanned = scanned.expect("is there").expect("parses");
        assert_eq!(scanned.media_type, content_type.media_type);
    }
    let software = scanned.software();
    let agent = message.raw(UserAgent::NAME).last();
    let server = message.raw(Server::NAME).last();
    let (own, other) = match message.start {
        StartLine::Request { .. } => (agent, server),
        StartLine::Response { .. } => (server, agent),
    };
    if own.or(other).is_some() {
        assert!(software.is_some());
    }
}

/// The first value of a header, if it can be read.
fn first<'a, T: HeaderValue<'a>>(message: &Message<'a>) -> Option<T> {
    message.first().and_then(Result::ok)
}

fn parsed(uri: Option<&[u8]>) -> Option<Uri<'_>> {
    uri.and_then(|uri| Uri::parse(uri).ok())
}
