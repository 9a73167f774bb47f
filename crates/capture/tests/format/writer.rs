//! Writes captures, well-formed or not.

/// The byte order to write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    pub const BOTH: [Order; 2] = [Order::Little, Order::Big];

    pub fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    pub fn u32(self, value: u32) -> [u8; 4] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    pub fn u64(self, value: u64) -> [u8; 8] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    pub fn swapped(self) -> Order {
        match self {
            Order::Little => Order::Big,
            Order::Big => Order::Little,
        }
    }
}

/// A classic pcap file.
#[derive(Clone)]
pub struct Pcap {
    pub bytes: Vec<u8>,
    pub order: Order,
    pub header_bytes: usize,
}

impl Pcap {
    pub const MICROSECONDS: u32 = 0xa1b2_c3d4;
    pub const NANOSECONDS: u32 = 0xa1b2_3c4d;
    pub const MODIFIED: u32 = 0xa1b2_cd34;
    pub const IXIA_HARDWARE: u32 = 0x1c00_01ac;
    pub const IXIA_SOFTWARE: u32 = 0x1c00_01ab;

    /// A little-endian file of Ethernet frames with microseconds.
    pub fn usual() -> Pcap {
        Pcap::new(Order::Little, Pcap::MICROSECONDS)
    }

    pub fn new(order: Order, magic: u32) -> Pcap {
        Pcap::with_header(order, magic, 65_535, 1)
    }

    pub fn with_header(order: Order, magic: u32, snap_len: u32, network: u32) -> Pcap {
        let mut bytes = Vec::new();
        bytes.extend(order.u32(magic));
        bytes.extend(order.u16(2));
        bytes.extend(order.u16(4));
        bytes.extend([0; 8]);
        bytes.extend(order.u32(snap_len));
        bytes.extend(order.u32(network));
        if magic == Pcap::IXIA_HARDWARE || magic == Pcap::IXIA_SOFTWARE {
            bytes.extend([0xee; 4]);
        }
        let header_bytes = if magic == Pcap::MODIFIED { 24 } else { 16 };
        Pcap {
            bytes,
            order,
            header_bytes,
        }
    }

    pub fn record(self, seconds: u32, fraction: u32, packet: &[u8]) -> Pcap {
        let length = packet.len() as u32;
        let header = [seconds, fraction, length, length];
        let order = self.order;
        self.header(order, header).raw(packet)
    }

    /// A record whose header is in `order`.
    pub fn record_in(self, order: Order, seconds: u32, packet: &[u8]) -> Pcap {
        let length = packet.len() as u32;
        self.header(order, [seconds, 0, length, length]).raw(packet)
    }

    /// A header of seconds, fraction, captured and original length.
    pub fn header(mut self, order: Order, fields: [u32; 4]) -> Pcap {
        for field in fields {
            self.bytes.extend(order.u32(field));
        }
        self.bytes.extend(vec![0xee; self.header_bytes - 16]);
        self
    }

    pub fn raw(mut self, bytes: &[u8]) -> Pcap {
        self.bytes.extend(bytes);
        self
    }
}

/// A pcapng file.
#[derive(Clone)]
pub struct Pcapng {
    pub bytes: Vec<u8>,
    order: Order,
}

impl Pcapng {
    pub const ENHANCED: u32 = 6;
    pub const OBSOLETE: u32 = 2;

    /// One little-endian section with one Ethernet interface of microseconds.
    pub fn usual() -> Pcapng {
        Pcapng::new(Order::Little).interface(1, 0, &[])
    }

    pub fn new(order: Order) -> Pcapng {
        Pcapng {
            bytes: Vec::new(),
            order,
        }
        .section(order)
    }

    pub fn section(mut self, order: Order) -> Pcapng {
        self.order = order;
        let mut body = Vec::new();
        body.extend(order.u32(0x1a2b_3c4d));
        body.extend(order.u16(1));
        body.extend(order.u16(0));
        body.extend(order.u64(u64::MAX));
        self.block(0x0a0d_0d0a, &body)
    }

    pub fn interface(self, link: u16, snap_len: u32, options: &[(u16, &[u8])]) -> Pcapng {
        let mut body = Vec::new();
        body.extend(self.order.u16(link));
        body.extend([0; 2]);
        body.extend(self.order.u32(snap_len));
        body.extend(self.options(options));
        self.block(1, &body)
    }

    pub fn packet(self, interface: u32, ticks: u64, packet: &[u8]) -> Pcapng {
        self.packet_with(interface, ticks, packet, &[])
    }

    pub fn packet_with(
        self,
        interface: u32,
        ticks: u64,
        packet: &[u8],
        options: &[(u16, &[u8])],
    ) -> Pcapng {
        let mut body = self.packet_body(interface, ticks, packet.len() as u32, packet);
        body.extend(self.options(options));
        self.block(Pcapng::ENHANCED, &body)
    }

    /// The fields of an Enhanced Packet Block that claims `captured` bytes.
    pub fn packet_body(&self, interface: u32, ticks: u64, captured: u32, packet: &[u8]) -> Vec<u8> {
        let fields = [
            interface,
            (ticks >> 32) as u32,
            ticks as u32,
            captured,
            packet.len() as u32,
        ];
        let mut body: Vec<u8> = fields
            .into_iter()
            .flat_map(|field| self.order.u32(field))
            .collect();
        body.extend(padded(packet));
        body
    }

    pub fn simple(self, original: u32, packet: &[u8]) -> Pcapng {
        let mut body = self.order.u32(original).to_vec();
        body.extend(padded(packet));
        self.block(3, &body)
    }

    pub fn obsolete(self, interface: u16, ticks: u64, packet: &[u8]) -> Pcapng {
        let mut body = self.packet_body(0, ticks, packet.len() as u32, packet);
        body[..2].copy_from_slice(&self.order.u16(interface));
        body[2..4].copy_from_slice(&self.order.u16(7));
        self.block(Pcapng::OBSOLETE, &body)
    }

    pub fn statistics(self, interface: u32, options: &[(u16, u64)]) -> Pcapng {
        let mut body = self.order.u32(interface).to_vec();
        body.extend([0; 8]);
        let values: Vec<(u16, [u8; 8])> = options
            .iter()
            .map(|(code, value)| (*code, self.order.u64(*value)))
            .collect();
        let options: Vec<(u16, &[u8])> = values
            .iter()
            .map(|(code, value)| (*code, value.as_slice()))
            .collect();
        body.extend(self.options(&options));
        self.block(5, &body)
    }

    pub fn secrets(self, kind: u32, secrets: &[u8]) -> Pcapng {
        let mut body = self.order.u32(kind).to_vec();
        body.extend(self.order.u32(secrets.len() as u32));
        body.extend(padded(secrets));
        self.block(10, &body)
    }

    pub fn block(self, kind: u32, body: &[u8]) -> Pcapng {
        let length = body.len() as u32 + 12;
        self.block_with_lengths(kind, length, body, length)
    }

    pub fn block_with_lengths(
        mut self,
        kind: u32,
        leading: u32,
        body: &[u8],
        trailing: u32,
    ) -> Pcapng {
        self.bytes.extend(self.order.u32(kind));
        self.bytes.extend(self.order.u32(leading));
        self.bytes.extend(body);
        self.bytes.extend(self.order.u32(trailing));
        self
    }

    pub fn raw(mut self, bytes: &[u8]) -> Pcapng {
        self.bytes.extend(bytes);
        self
    }

    fn options(&self, options: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (code, value) in options {
            bytes.extend(self.order.u16(*code));
            bytes.extend(self.order.u16(value.len() as u16));
            bytes.extend(padded(value));
        }
        if !options.is_empty() {
            bytes.extend([0; 4]);
        }
        bytes
    }
}

/// `bytes` with padding to a multiple of 4 that is not zero, so that a reader which takes it for
/// content is found out.
fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().next_multiple_of(4), 0xee);
    padded
}
