//! Plays the lines of a trace in the order of their times and fills in what SIP asks for.

mod acknowledge;
mod call;
mod dialog;
mod media;
mod request;
mod response;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;

use call::Call;

use crate::error::Error;
use crate::host::{Family, HostIdx, Hosts, in_family};
use crate::message::{Edit, Header, Message, uri};
use crate::packet::Transport;
use crate::script::{Control, Delivery, Endpoint, Flag, Line, MEDIA_PACKET_NS, Script, Subject};

/// Packets that one `rtp` line may ask for.
const MOST_MEDIA_PACKETS: u64 = 1_000_000;

/// How a trace is played.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) family: Family,
    /// Makes the Call-IDs of this performance differ from those of another one.
    pub(crate) call_suffix: String,
}

/// A message that leaves a host at some time.
#[derive(Debug, Clone)]
pub(crate) struct Send {
    pub(crate) time_ns: u64,
    pub(crate) src: SocketAddr,
    pub(crate) dst: SocketAddr,
    pub(crate) transport: Transport,
    pub(crate) content: Content,
    pub(crate) delivery: Delivery,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Message(Rc<Message>),
    Raw(Rc<[u8]>),
    Control(Control),
}

/// All sends of a script in the order of their times.
pub(crate) fn play(script: &Script, setting: &Setting) -> Result<Vec<Send>, Error> {
    let mut events: Vec<(u64, usize, usize)> = Vec::new();
    for (index, line) in script.lines.iter().enumerate() {
        events.extend(
            line.times_ns
                .iter()
                .enumerate()
                .map(|(nth, time)| (*time, index, nth)),
        );
    }
    events.sort_by_key(|(time, _, _)| *time);
    let mut play = Play::new(script, setting);
    let mut sends = Vec::with_capacity(events.len());
    for (time_ns, index, nth) in events {
        let line = &script.lines[index];
        let sent = play.sent(line, index, nth)?;
        let time_ns = script.start_ns.saturating_add(time_ns);
        sends.push(play.send(line, sent, time_ns)?);
    }
    Ok(sends)
}

/// What has been sent so far.
struct Play<'a> {
    script: &'a Script,
    setting: &'a Setting,
    hosts: &'a Hosts,
    calls: BTreeMap<String, Call>,
    log: Vec<Sent>,
    /// The entry of the log that the first time of a line made.
    first_of_line: BTreeMap<usize, usize>,
    branches: u32,
    media_ports: u16,
}

/// A new message; the same message sent again has no entry of its own.
struct Sent {
    call: String,
    src: HostIdx,
    dst: HostIdx,
    content: Content,
    transport: Transport,
    from: Option<Endpoint>,
    to: Option<Endpoint>,
    /// Entry of the request that a response answers.
    answers: Option<usize>,
    /// Entry of the message that a proxy received and sent on as this one.
    forwards: Option<usize>,
}

impl Sent {
    /// The message unless the bytes are raw.
    fn message(&self) -> Option<&Message> {
        match &self.content {
            Content::Message(message) => Some(message),
            Content::Raw(_) | Content::Control(_) => None,
        }
    }
}

impl<'a> Play<'a> {
    fn new(script: &'a Script, setting: &'a Setting) -> Play<'a> {
        Play {
            script,
            setting,
            hosts: &script.hosts,
            calls: BTreeMap::new(),
            log: Vec::new(),
            first_of_line: BTreeMap::new(),
            branches: 0,
            media_ports: 0,
        }
    }

    /// The entry of the log that the `nth` time of a line sends.
    fn sent(&mut self, line: &Line, index: usize, nth: usize) -> Result<usize, Error> {
        let is_control = matches!(line.subject, Subject::Control(_));
        if line.has(Flag::Again) && !is_control {
            return self.latest_like(line);
        }
        let repeats = nth > 0 && !line.has(Flag::Fresh) && !is_control;
        if let Some(first) = self.first_of_line.get(&index).filter(|_| repeats) {
            return Ok(*first);
        }
        let sent = self.new_message(line)?;
        self.log.push(sent);
        self.first_of_line.insert(index, self.log.len() - 1);
        Ok(self.log.len() - 1)
    }

    /// The latest message like the one that a line with `again` names.
    fn latest_like(&self, line: &Line) -> Result<usize, Error> {
        let like = |sent: &Sent| match (&line.subject, &sent.content) {
            (Subject::Request(method), Content::Message(message)) => {
                message.method() == Some(method)
            }
            (Subject::Response { status, of }, Content::Message(message)) => {
                let tag = line.values.tag.as_deref();
                message.status() == Some(*status)
                    && of
                        .as_deref()
                        .is_none_or(|method| message.cseq_method() == method)
                    && tag.is_none_or(|tag| message.to_tag() == Some(tag))
            }
            (Subject::RawAgain, Content::Raw(_)) => true,
            (Subject::Raw(bytes), Content::Raw(sent)) => bytes[..] == sent[..],
            (Subject::Request(_) | Subject::Response { .. }, Content::Raw(_))
            | (Subject::Raw(_) | Subject::RawAgain, Content::Message(_))
            | (_, Content::Control(_))
            | (Subject::Control(_), _) => false,
        };
        let found = self.log.iter().rposition(|sent| {
            sent.src == line.src && sent.dst == line.dst && sent.call == line.call && like(sent)
        });
        found.ok_or_else(|| {
            let expected = "after `again`, something sent earlier between the hosts in the call";
            self.error(line, expected)
        })
    }

    fn new_message(&mut self, line: &Line) -> Result<Sent, Error> {
        let (message, answers, forwards) = match &line.subject {
            Subject::Raw(bytes) => return Ok(self.raw(line, bytes)),
            Subject::RawAgain => return Err(self.error(line, "raw \"…\"")),
            Subject::Control(control) => return self.control(line, *control),
            Subject::Request(method) => {
                let (message, forwards) = self.request(line, method)?;
                (message, None, forwards)
            }
            Subject::Response { status, of } => {
                let answered = self.answered(line, *status, of.as_deref())?;
                let (message, forwards) = self.response(line, *status, answered);
                (message, Some(answered), forwards)
            }
        };
        let message = self.finished(line, message, forwards);
        self.learn(line, &message, answers, forwards);
        Ok(Sent {
            answers,
            forwards,
            ..self.entry(line, Content::Message(Rc::new(message)))
        })
    }

    fn raw(&self, line: &Line, bytes: &[u8]) -> Sent {
        let bytes = self.expanded_bytes(bytes);
        self.entry(line, Content::Raw(Rc::from(bytes)))
    }

    fn control(&mut self, line: &Line, control: Control) -> Result<Sent, Error> {
        let mut entry = self.entry(line, Content::Control(control));
        match control {
            Control::Icmp(_) if self.log.iter().all(|sent| sent.src != line.dst) => {
                return Err(self.error(line, "something that DST sent earlier"));
            }
            Control::Rtp if media_packets(&line.delivery) > MOST_MEDIA_PACKETS => {
                return Err(self.error(line, "at most a million packets of media"));
            }
            Control::Rtp => {
                entry.from = entry.from.or(Some(self.media_endpoint(line, line.src)));
                entry.to = entry.to.or(Some(self.media_endpoint(line, line.dst)));
            }
            Control::Icmp(_) | Control::Syn | Control::Fin | Control::Rst | Control::TcpAck => {}
        }
        Ok(entry)
    }

    fn entry(&self, line: &Line, content: Content) -> Sent {
        Sent {
            call: line.call.clone(),
            src: line.src,
            dst: line.dst,
            content,
            transport: self.transport(line),
            from: line.delivery.from,
            to: line.delivery.to,
            answers: None,
            forwards: None,
        }
    }

    /// Body, headers and other words that any message may have.
    fn finished(&mut self, line: &Line, mut message: Message, forwards: Option<usize>) -> Message {
        if line.has(Flag::Sdp) && (forwards.is_none() || message.body.is_empty()) {
            message.body = self.session_description(line).into_bytes();
        }
        if let Some(body) = &line.body {
            message.body = self.expanded_bytes(body);
        }
        if !message.body.is_empty() && !message.has("Content-Type") {
            message.push("Content-Type", "application/sdp");
        }
        let edits: Vec<Edit> = line.edits.iter().map(|edit| self.expanded(edit)).collect();
        message.edit(&edits);
        message
    }

    fn expanded_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.hosts.expand(text, self.setting.family).into_bytes(),
            Err(_) => bytes.to_vec(),
        }
    }

    fn expanded(&self, edit: &Edit) -> Edit {
        let header = |header: &Header| Header {
            name: header.name.clone(),
            value: self.hosts.expand(&header.value, self.setting.family),
        };
        match edit {
            Edit::Replace(old) => Edit::Replace(header(old)),
            Edit::Add(old) => Edit::Add(header(old)),
            Edit::Remove(name) => Edit::Remove(name.clone()),
        }
    }

    fn send(&self, line: &Line, sent: usize, time_ns: u64) -> Result<Send, Error> {
        let sent = &self.log[sent];
        let src = self.endpoint(sent.src, line.delivery.from.or(sent.from));
        let dst = self.endpoint(sent.dst, line.delivery.to.or(sent.to));
        if src.is_ipv4() != dst.is_ipv4() {
            return Err(self.error(line, "two addresses of one family"));
        }
        Ok(Send {
            time_ns,
            src,
            dst,
            transport: line.delivery.transport.unwrap_or(sent.transport),
            content: sent.content.clone(),
            delivery: line.delivery.clone(),
        })
    }

    fn endpoint(&self, host: HostIdx, other: Option<Endpoint>) -> SocketAddr {
        let own = self.address(host);
        match other {
            Some(Endpoint { ip, port }) => {
                let ip = in_family(ip, self.setting.family);
                SocketAddr::new(ip, port.unwrap_or(own.port()))
            }
            None => own,
        }
    }

    fn address(&self, host: HostIdx) -> SocketAddr {
        self.hosts.address(host, self.setting.family)
    }

    fn transport(&self, line: &Line) -> Transport {
        line.delivery.transport.unwrap_or(self.script.transport)
    }

    /// The value of a Contact header of the host.
    fn contact(&self, host: HostIdx, transport: Transport) -> String {
        let parameter = match transport {
            Transport::Udp => "",
            Transport::Tcp => ";transport=tcp",
        };
        format!(
            "<sip:{}@{}{parameter}>",
            self.hosts.name(host),
            self.address(host)
        )
    }

    /// The URI in [`Play::contact`].
    fn contact_uri(&self, host: HostIdx, transport: Transport) -> String {
        uri(&self.contact(host, transport)).to_owned()
    }

    fn error(&self, line: &Line, expected: &str) -> Error {
        let subject = match &line.subject {
            Subject::Request(method) => method.clone(),
            Subject::Response {
                status,
                of: Some(of),
            } => format!("{status} of {of}"),
            Subject::Response { status, of: None } => status.to_string(),
            Subject::Raw(_) | Subject::RawAgain => "raw".to_owned(),
            Subject::Control(control) => format!("{control:?}").to_lowercase(),
        };
        let (src, dst) = (self.hosts.name(line.src), self.hosts.name(line.dst));
        let found = format!("{src} -> {dst} {subject} in call {}", line.call);
        Error::new(line.number, expected, found)
    }
}

fn media_packets(delivery: &Delivery) -> u64 {
    delivery.until_ns.unwrap_or(0) / delivery.every_ns.unwrap_or(MEDIA_PACKET_NS)
}
