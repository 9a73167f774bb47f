//! One call in every shape in which a capture can hold it: what is said of it is always the same.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use siptriage_testkit::{Expect, Packet, Variation};
use siptriage_tests::built::format::{Block, Codec, ETHERNET, Interface, Order, Pcap, Section};
use siptriage_tests::built::transport::{Cutting, stream};
use siptriage_tests::built::{self, SAID, link, transport, tunnel};
use siptriage_tests::document::Document;
use siptriage_tests::expectation::mismatches;
use siptriage_tests::fixtures::analyze_file;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let shapes = formats()
        .into_iter()
        .chain(links())
        .chain(tunnels())
        .chain(transports())
        .chain(cuts());
    let trials = shapes.map(|shape| Trial::test(shape.name.clone(), move || shape.check()));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// A capture file, and what has to be said of it.
struct Shape {
    name: String,
    file: Vec<u8>,
    said: &'static str,
    skipped: Skipped,
}

/// Whether anything in the file may be left out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Skipped {
    Nothing,
    Something,
}

impl Shape {
    fn new(name: impl Into<String>, file: Vec<u8>) -> Shape {
        Shape {
            name: name.into(),
            file,
            said: SAID,
            skipped: Skipped::Nothing,
        }
    }

    fn check(&self) -> Result<(), Failed> {
        let run = analyze_file(&self.file)?;
        let document = Document::parse(&run.out)
            .map_err(|error| format!("exit code {}: {error:#}\n{}", run.code, run.err))?;
        let mut lines = mismatches(&Expect::parse(self.said)?, &document);
        let whole: Value = serde_json::from_str(&run.out)?;
        let skipped = &whole["captures"][0]["skipped"];
        let is_empty = skipped.as_array().is_some_and(Vec::is_empty);
        if is_empty != (self.skipped == Skipped::Nothing) {
            lines.push(format!("skipped: {skipped}"));
        }
        if lines.is_empty() && run.code == 0 {
            return Ok(());
        }
        Err(format!("{}\nexit code {}: {}", lines.join("\n"), run.code, run.err).into())
    }
}

fn formats() -> Vec<Shape> {
    let call = built::plain_call();
    let mut shapes = Vec::new();
    for order in [Order::Little, Order::Big] {
        for kind in [Pcap::Microseconds, Pcap::Nanoseconds, Pcap::Modified] {
            let name = format!("pcap, {order:?} {kind:?}");
            shapes.push(Shape::new(name, kind.file(order, ETHERNET, &call)));
        }
        let plain = Section::plain(order);
        shapes.push(Shape::new(format!("pcapng, {order:?}"), plain.with(&call)));
        let obsolete = Section {
            block: Block::Obsolete,
            ..plain.clone()
        };
        let name = format!("pcapng, {order:?}, obsolete packets");
        shapes.push(Shape::new(name, obsolete.with(&call)));
        let simple = Section {
            block: Block::Simple,
            ..plain.clone()
        };
        shapes.push(Shape {
            said: "call answered 200 legs=1 retransmissions=0\nno findings\n",
            skipped: Skipped::Something,
            ..Shape::new(format!("pcapng, {order:?}, no times"), simple.with(&call))
        });
        for resolution in [3, 6, 12, 0x83, 0x8a, 0xa0] {
            let interfaces = vec![Interface {
                resolution,
                offset_seconds: 1_767_225_600,
                ..Interface::PLAIN
            }];
            let section = Section {
                interfaces,
                ..plain.clone()
            };
            let name = format!("pcapng, {order:?}, resolution {resolution:#04x}");
            shapes.push(Shape::new(name, section.with(&call)));
        }
        let several = Section {
            interfaces: interfaces(),
            ..plain
        };
        let name = format!("pcapng, {order:?}, several interfaces");
        shapes.push(Shape::new(name, several.with(&call)));
    }
    shapes.push(Shape::new("pcapng, several sections", sections(&call)));
    let plain = Pcap::Microseconds.file(Order::Little, ETHERNET, &call);
    for codec in Codec::ALL {
        let packed = |bytes: &[u8]| codec.pack(bytes).expect("memory can be written to");
        shapes.push(Shape::new(format!("{codec:?}"), packed(&plain)));
        shapes.push(Shape::new(
            format!("{codec:?} of pcapng"),
            packed(&sections(&call)),
        ));
        let (head, tail) = plain.split_at(plain.len() / 2);
        let members = [packed(head), packed(tail)].concat();
        shapes.push(Shape::new(format!("{codec:?}, two members"), members));
    }
    shapes
}

/// Interfaces of different link types, resolutions and offsets.
fn interfaces() -> Vec<Interface> {
    let raw = link::OF_IPV4.iter().find(|link| link.number == 101);
    let raw = raw.expect("raw IP is a link layer of the table");
    let cooked = link::OF_IPV4.iter().find(|link| link.number == 276);
    let cooked = cooked.expect("SLL2 is a link layer of the table");
    vec![
        Interface::PLAIN,
        Interface {
            link: raw.number,
            wrap: raw.wrap,
            resolution: 0x8a,
            offset_seconds: 1_700_000_000,
        },
        Interface {
            link: cooked.number,
            wrap: cooked.wrap,
            resolution: 3,
            offset_seconds: 1,
        },
    ]
}

/// Sections of both byte orders, each with interfaces of its own.
fn sections(call: &[Packet]) -> Vec<u8> {
    let one = Section::plain(Order::Little);
    let two = Section {
        interfaces: interfaces(),
        ..Section::plain(Order::Big)
    };
    [
        one.with(&call[..2]),
        two.with(&call[2..5]),
        one.with(&[]),
        one.with(&call[5..]),
    ]
    .concat()
}

fn links() -> Vec<Shape> {
    let (four, six) = (built::plain_call(), call_over_ipv6());
    let of_four = link::OF_IPV4.iter().map(|link| (link, &four));
    let of_six = link::OF_IPV6.iter().map(|link| (link, &six));
    let shape = |(link, call): (&link::Link, &Vec<Packet>)| {
        Shape::new(
            format!("link layer: {}", link.name),
            file(link.number, &built::wrapped(call, link.wrap)),
        )
    };
    of_four.chain(of_six).map(shape).collect()
}

fn tunnels() -> Vec<Shape> {
    let (four, six) = (built::plain_call(), call_over_ipv6());
    let of_four = tunnel::OF_IPV4.iter().map(|tunnel| (tunnel, &four));
    let of_six = tunnel::OF_IPV6.iter().map(|tunnel| (tunnel, &six));
    let shape = |(tunnel, call): (&tunnel::Tunnel, &Vec<Packet>)| {
        Shape::new(
            format!("tunnel: {}", tunnel.name),
            file(ETHERNET, &built::wrapped(call, tunnel.wrap)),
        )
    };
    of_four.chain(of_six).map(shape).collect()
}

fn transports() -> Vec<Shape> {
    let shape = |carriage: &transport::Carriage| Shape {
        skipped: if carriage.name.contains("hole") {
            Skipped::Something
        } else {
            Skipped::Nothing
        },
        ..Shape::new(
            format!("transport: {}", carriage.name),
            file(ETHERNET, &(carriage.packets)()),
        )
    };
    transport::ALL.iter().map(shape).collect()
}

/// TCP segments of every length up to a hundred bytes, so that every place in a message is the
/// end of a segment.
fn cuts() -> Vec<Shape> {
    let shape = |bytes: usize| {
        let packets = stream(Cutting::of(bytes)).packets();
        Shape::new(
            format!("TCP, {bytes} bytes a segment"),
            file(ETHERNET, &packets),
        )
    };
    (2..=100).map(shape).collect()
}

fn call_over_ipv6() -> Vec<Packet> {
    built::call(&Variation {
        ipv6: true,
        ..Variation::default()
    })
}

fn file(link: u16, packets: &[Packet]) -> Vec<u8> {
    Pcap::Nanoseconds.file(Order::Little, link, packets)
}
