"""What tshark finds wrong in a template's frames, or does not show, and why that is as it should be."""

# By template, or template/frame: `events`, what tshark finds wrong because the template asks for it; `unseen`, fields,
# or all of a layer, that tshark does not show; `padding`, that it has another opinion of it; `payload`, the protocol
# that tshark reads in ours. Each with its reason, and each must be so.
BAD_FCS = {"eth.fcs.status bad": "the FCS is wrong", "eth.fcs_bad": "the FCS is wrong"}
BAD_UDP = {"udp.checksum.status bad": "the checksum is wrong", "udp.checksum.bad": "the checksum is wrong"}
BAD_TCP = {"tcp.checksum.status bad": "the checksum is wrong", "tcp.checksum_bad.expert": "the checksum is wrong"}
BAD_IPV4 = {"ip.checksum.status bad": "the checksum is wrong", "ip.checksum_bad.expert": "the checksum is wrong"}
BAD_ICMP = {"icmp.checksum.status bad": "the checksum is wrong", "icmp.checksum_bad": "the checksum is wrong"}
BAD_ICMPV6 = {"icmpv6.checksum.status bad": "the checksum is wrong",
              "icmpv6.checksum_bad.expert": "the checksum is wrong"}
RESET = {"tcp.connection.rst": "the segment is a reset"}

IPV4_AFTER_IHL = ("dscp", "ecn", "length", "id", "flags", "frag-offset", "ttl", "protocol", "checksum", "src", "dst")
TCP_AFTER_OFFSET = ("ack", "reserved", "flags", "window", "checksum", "urgent")

# tshark shows a field only with its own flag; any flag brings them all.
GTPU_WITH_SEQUENCE_ALONE = {"gtp-u.n-pdu": "its flag is not set", "gtp-u.next-extension": "its flag is not set"}
GTPU_WITHOUT_SEQUENCE = {"gtp-u.seq": "its flag is not set", "gtp-u.n-pdu": "its flag is not set"}

STP_CONFIG = {"unseen": {f"stp.{name}": "tshark shows RSTP's flags in RSTP's BPDUs only" for name in (
    "agreement", "forwarding", "learning", "port-role", "proposal")}}
LLDP_END = {"padding": "tshark takes the last three octets of an LLDPDU for padding too"}

EXCEPTIONS = {
    "raw-socket": {"events": {**BAD_FCS, "eth.src_not_group": "the tutorial's source is a multicast address"}},
    "bad-fcs": {"events": BAD_FCS},
    "eth-fcs-given": {"events": BAD_FCS},
    "stp": STP_CONFIG,
    "stp-defaults": STP_CONFIG,
    "lldp": LLDP_END,
    "lldp-defaults": LLDP_END,
    "lldp-every-tlv/names": LLDP_END,
    "lldp-every-tlv/addresses": LLDP_END,
    "ipv6cp-every-option/options": {"unseen": {
        f"ipv6cp.options[2].{name}": "tshark knows no other option" for name in ("type", "length")}},
    "llmnr-query": {"unseen": {"dns.z": "tshark has no name for what LLMNR reserves",
                               "dns.cd": "tshark has no name for what LLMNR reserves"}},
    "lcp-every-option/protocol-reject": {"unseen": {"lcp.data": "tshark reads the packet that is refused"}},
    "lcp-every-option/terminate": {"unseen": {"lcp.data": "tshark has another name for each code's"}},
    "wake-on-lan-password": {"unseen": {"wake-on-lan.targets[17].mac": "it is the password, which tshark shows as text"}},
    "dns-records": {"unseen": {"dns.answers[8].name": "tshark takes a service's name apart"}},
    "gre-bad-checksum": {"events": {"gre.checksum.status bad": "the checksum is wrong",
                                    "gre.checksum.incorrect": "the checksum is wrong"}},
    "gre-ppp": {"payload": "ppp", "unseen": {"gre.key": "of PPTP, tshark takes it apart"}},
    "sctp-bad-checksum": {"events": {"sctp.checksum.status bad": "the checksum is wrong",
                                     "sctp.checksum_bad.expert": "the checksum is wrong"}},
    "tftp-all/error": {"events": {"tftp.error": "it is an error"}},
    "vxlan": {"events": {"udp.checksum.status absent": "the checksum is zero"}},
    "svlan-twice": {"unseen": {"svlan.type": "tshark takes both tags for one header"}},

    "ipv4-bad-checksum": {"events": BAD_IPV4},
    "ipv4-checksum-zero": {"events": BAD_IPV4},
    "ipv4-wrong-length": {"events": {"ip.bogus_ip_length": "the length is more than there is"},
                          "padding": "by IPv4's length it is no padding"},
    "ipv4-version-wrong": {
        "events": {"ip.bogus_ip_version": "version 5"},
        "unseen": {"ipv4.ihl": "tshark reads no further", "payload": "tshark reads no further",
                   **{f"ipv4.{name}": "tshark reads no further" for name in IPV4_AFTER_IHL},
                   "udp": "tshark reads no further"}},
    "ipv4-ihl-wrong": {
        "events": {"ip.bogus_header_length": "a header of 16 octets"},
        "unseen": {"payload": "tshark reads no further",
                   **{f"ipv4.{name}": "tshark reads no further" for name in IPV4_AFTER_IHL},
                   "udp": "tshark reads no further"}},
    "ipv4-fragments/first": {"events": {"icmp.checksum.status unverified": "the rest is in other frames"}},
    "ipv4-overlapping-fragments/first": {
        "payload": "udp", "events": {"udp.checksum.status unverified": "the rest is in another frame"}},
    "ipv4-options-all": {"unseen": {
        "ipv4.options[7].type": "tshark stops at the end of options",
        "ipv4.options[8].type": "tshark stops at the end of options"}},
    "ipv4-option-unknown": {"unseen": {
        "ipv4.options[1].type": "tshark does not take unknown options apart",
        "ipv4.options[1].length": "tshark does not take unknown options apart"}},

    "fragments/fragments-1": {
        "payload": "udp",
        "events": {"udp.checksum.status unverified": "the rest is in other frames"},
    },
    "ipv6-fragment/first": {"events": {"udp.checksum.status unverified": "the rest is in another frame"}},
    "ipv6-length-wrong": {
        "events": {"udp.length.bad": "IPv6's length cuts UDP short", "_ws.malformed": "IPv6's length cuts UDP short",
                   "udp.checksum.status unverified": "IPv6's length cuts UDP short"},
        "unseen": {"payload": "IPv6's length cuts it short"},
        "padding": "by IPv6's length the end of the payload is padding"},
    "dstopts-options": {"events": {"ipv6.opt.header_mismatch": "hop-by-hop options in the other header",
                                   "ipv6.opt.jumbo.prohibited": "the packet is no jumbogram"}},
    "hopopts-jumbo": {"events": {"ipv6.opt.jumbo.prohibited": "the packet is no jumbogram"}},

    "icmp-bad-checksum": {"events": BAD_ICMP},
    "icmp-unreachable": {"events": {"udp.checksum.status unverified": "a part of the datagram is quoted"}},
    "icmp-extension-objects": {"events": {"udp.checksum.status absent": "the quoted datagram has none"}},
    "icmp-fragmentation-needed": {"payload": "tcp"},
    "icmp-redirect": {"events": {"icmp.checksum.status unverified": "tshark does not verify what is quoted"}},
    "icmpv6-bad-checksum": {"events": BAD_ICMPV6},
    "icmp-unknown-type": {"unseen": {"payload": "tshark reads nothing of an unknown type"}},
    "icmpv6-unknown-type": {"unseen": {"payload": "tshark reads nothing of an unknown type"}},

    "udp-bad-checksum": {"events": BAD_UDP},
    "udp-checksum-given": {"events": BAD_UDP},
    "udp-no-checksum": {"events": {"udp.checksum.status absent": "the checksum is zero"}},
    "udp-checksum-none-ipv6": {"events": {"udp.checksum.status illegal": "RFC 8200 8.1: never zero in IPv6",
                                          "udp.checksum.zero": "RFC 8200 8.1: never zero in IPv6"}},
    "udp-wrong-length": {"events": {"udp.length.bad": "the length is more than there is",
                                    "_ws.malformed": "the length is more than there is",
                                    "udp.checksum.status unverified": "the length is more than there is"}},

    "rst": {"events": RESET},
    "tcp-closed/tcp-closed answer": {"events": RESET},
    "tcp-every-field": {"events": RESET},
    "tcp-bad-checksum": {"events": BAD_TCP},
    "tcp-checksum-zero": {"events": BAD_TCP},
    "tcp-options-40": {"events": {"tcp.options.mss.present": "MSS outside a SYN"}},
    "rtcp-report": {"unseen": {
        "rtcp.packets[2].items[4].type": "tshark stops at the end of items",
        "rtcp.packets[2].items[5].type": "tshark stops at the end of items"}},
    "rtcp-every-packet": {"unseen": {
        f"rtcp.packets[3].items[{item}].type": "tshark stops at the end of items" for item in (10, 11, 12)}},
    "rtp-every-field": {"unseen": {"payload": "tshark takes the padding from it"}},

    "tcp-option-length-wrong": {"unseen": {
        "tcp.options[1].kind": "tshark does not take an option apart that is too long",
        "tcp.options[1].length": "tshark does not take an option apart that is too long",
        "tcp.options[1].value": "tshark does not take an option apart that is too long"}},
    "tcp-data-offset-wrong": {"unseen": {"payload": "the data offset makes options of its first octets"}},
    "tcp-data-offset-short": {
        "events": {"tcp.bogus_header_length": "a header of 16 octets"},
        "unseen": {"payload": "tshark reads no further",
                   **{f"tcp.{name}": "tshark reads no further" for name in TCP_AFTER_OFFSET}}},

    "rip-1": {"unseen": {f"rip.entries[1].{name}": "version 1 has none" for name in ("tag", "mask", "next-hop")}},
    "rip-password": {"events": {"rip.unknown_address_family": "the last entry is of another family"}},
    "rip-digest": {"unseen": {"rip.entries[3]": "it is the digest itself, for which tshark has another name"}},
    "ospf-digest": {"unseen": {"ospf.checksum": "with a digest nothing is summed",
                               "payload": "tshark shows the digest as ospf.auth.crypt.data"}},
    **{f"dccp-every-packet/{name}": {"unseen": {"dccp.ack": "tshark shows three octets of six"}}
       for name in ("reset", "sync")},
    "snmp-every-pdu/get-bulk": {"unseen": {f"snmp.{name}": "tshark has other names for it in get-bulk"
                                           for name in ("error-status", "error-index")}},
    "gtp-u-5g": {"unseen": GTPU_WITHOUT_SEQUENCE},
    "gtp-u-session-downlink": {"unseen": GTPU_WITHOUT_SEQUENCE},
    "gtp-u-ipv6": {"unseen": GTPU_WITH_SEQUENCE_ALONE},
    "gtp-u-echo": {"unseen": {**GTPU_WITH_SEQUENCE_ALONE, "payload": "tshark reads the element"}},
    "l2tp3": {"unseen": {"eth[2]": "tshark has not seen what the session carries",
                         "arp": "tshark has not seen what the session carries"}},
    "esp": {"unseen": {"payload": "tshark leaves alone what is encrypted"}},
    "ah-esp": {"unseen": {"payload": "tshark leaves alone what is encrypted"}},
}
