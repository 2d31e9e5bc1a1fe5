"""Which addresses may be connected to on a user's word."""

from ipaddress import ip_address, ip_network

import pytest

from postroom.ground.config import LOOPBACK_NETWORKS
from postroom.ground.errors import Invalid
from postroom.ground.net import AddressPolicy

INTERNAL = [
    "127.0.0.1",
    "127.255.1.2",
    "::1",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",  # the metadata service of most clouds
    "169.254.170.2",  # of Amazon's containers
    "fd00:ec2::254",  # of Amazon over IPv6
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "100.64.0.1",  # carrier-grade NAT
    "100.100.100.200",  # the metadata service of Alibaba's cloud
    "192.0.0.192",  # the metadata service of Oracle's cloud
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::1",  # 6to4 of 127.0.0.1
    "2002:c0a8:101::",
    "2001:0:7f00:1::1",
]

PUBLIC = ["8.8.8.8", "142.250.1.108", "2a00:1450:4013:c01::6c", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("text", INTERNAL)
def test_internal_addresses_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="POSTROOM_ALLOW_NETWORKS"):
        AddressPolicy().check(text)
    with pytest.raises(Invalid):
        AddressPolicy().check(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_allowed(text: str) -> None:
    AddressPolicy().check(text)
    AddressPolicy().check(ip_address(text))


def test_an_operator_may_allow_a_network_of_his_own_and_no_more() -> None:
    policy = AddressPolicy([ip_network("10.1.0.0/16"), ip_network("fd12::/16")])
    policy.check("10.1.2.3")
    policy.check("::ffff:10.1.2.3")
    policy.check("fd12::5")
    for other in ("10.2.0.1", "127.0.0.1", "fd13::1"):
        with pytest.raises(Invalid):
            policy.check(other)


def test_the_demo_may_reach_its_own_machine() -> None:
    policy = AddressPolicy(LOOPBACK_NETWORKS)
    policy.check("127.0.0.1")
    policy.check("::1")
    with pytest.raises(Invalid):
        policy.check("192.168.1.1")


def test_names_and_nonsense_are_no_addresses() -> None:
    for text in ("localhost", "", "1.2.3", "0x7f.1", "127.1", "2130706433"):
        with pytest.raises(Invalid):
            AddressPolicy().check(text)
