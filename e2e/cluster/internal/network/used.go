package network

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"net"
	"net/netip"
	"os"
	"strings"
)

// Used lists the machine's networks: those of its addresses and those it has routes for.
func Used() ([]netip.Prefix, error) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var used []netip.Prefix
	for _, address := range addresses {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil {
			used = append(used, prefix.Masked())
		}
	}
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return nil, err
	}
	return append(used, routes(string(table))...), nil
}

// routes reads the kernel's table, whose addresses are hexadecimal in the byte order of the machine.
func routes(table string) []netip.Prefix {
	var prefixes []netip.Prefix
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 8 {
			continue
		}
		destination, err1 := hex.DecodeString(fields[1])
		mask, err2 := hex.DecodeString(fields[7])
		if err1 != nil || err2 != nil || len(destination) != 4 || len(mask) != 4 {
			continue
		}
		length := bits.OnesCount32(binary.NativeEndian.Uint32(mask))
		if length == 0 {
			continue // the default route excludes nothing
		}
		var address [4]byte
		binary.NativeEndian.PutUint32(address[:], binary.BigEndian.Uint32(destination))
		prefixes = append(prefixes, netip.PrefixFrom(netip.AddrFrom4(address), length).Masked())
	}
	return prefixes
}
