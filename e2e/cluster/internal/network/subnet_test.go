package network

import (
	"net/netip"
	"testing"
)

func TestChooseIsStableAndAvoidsUsed(t *testing.T) {
	first, err := Choose("some", nil)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Choose("some", nil); again != first {
		t.Errorf("same cluster, two subnets: %v and %v", first, again)
	}
	next, err := Choose("some", []netip.Prefix{first.prefix()})
	if err != nil || next.Index != (first.Index+1)%256 {
		t.Errorf("after %v: %v, %v", first, next, err)
	}
}

func TestChooseGivesUp(t *testing.T) {
	if _, err := Choose("some", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}); err == nil {
		t.Error("chose a subnet of a network that is in use")
	}
}

func TestAddresses(t *testing.T) {
	s := Subnet{Index: 7}
	if s.Machine() != "10.250.7.1" || s.Node() != "10.250.7.2" {
		t.Errorf("%s and %s", s.Machine(), s.Node())
	}
}

func TestRoutes(t *testing.T) {
	table := "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n" +
		"eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
		"veth\t0007FA0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n" +
		"bad\txyz\n"
	got := routes(table)
	if len(got) != 1 || got[0] != netip.MustParsePrefix("10.250.7.0/24") {
		t.Errorf("routes %v", got)
	}
}
