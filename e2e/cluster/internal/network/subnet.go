// Package network gives each cluster its own link to the machine.
package network

import (
	"fmt"
	"hash/fnv"
	"net/netip"
)

// Ranges inside the cluster's network namespace; every cluster uses the same, nothing outside sees them.
const (
	ServiceRange = "10.96.0.0/16"
	APIService   = "10.96.0.1"
	DNSService   = "10.96.0.10"
	PodRange     = "10.244.0.0/16"
	NodePodRange = "10.244.0.0/22"
)

// Subnet is the link between machine and cluster: 10.250.INDEX.0/24.
type Subnet struct {
	Index int `json:"index"`
}

// Machine is the machine's address as the cluster sees it.
func (s Subnet) Machine() string { return s.address(1) }

// Node is the cluster's address as the machine sees it.
func (s Subnet) Node() string { return s.address(2) }

func (s Subnet) prefix() netip.Prefix { return netip.MustParsePrefix(s.address(0) + "/24") }

func (s Subnet) address(host int) string { return fmt.Sprintf("10.250.%d.%d", s.Index, host) }

// Choose picks a subnet that overlaps with none of the used ones, starting at a place that depends on the
// cluster, so that a cluster usually has the same addresses again.
func Choose(id string, used []netip.Prefix) (Subnet, error) {
	hash := fnv.New32a()
	hash.Write([]byte(id))
	first := int(hash.Sum32() % 256)
	for i := range 256 {
		subnet := Subnet{Index: (first + i) % 256}
		if !overlaps(subnet.prefix(), used) {
			return subnet, nil
		}
	}
	return Subnet{}, fmt.Errorf("all 256 subnets of 10.250.0.0/16 are in use on this machine: run `ip route` and free one")
}

func overlaps(prefix netip.Prefix, used []netip.Prefix) bool {
	for _, u := range used {
		if u.Overlaps(prefix) {
			return true
		}
	}
	return false
}
