package config

import (
	"fmt"
	"strings"
)

// gpuLabels are the labels that NVIDIA's GPU feature discovery gives to a node with H100 cards.
func (o Options) gpuLabels() string {
	if o.GPUs == 0 {
		return ""
	}
	return strings.Join([]string{
		"nvidia.com/gpu.present=true",
		fmt.Sprintf("nvidia.com/gpu.count=%d", o.GPUs),
		"nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3",
		"nvidia.com/gpu.family=hopper",
		"nvidia.com/gpu.memory=81559", // MiB
		"nvidia.com/gpu.compute.major=9",
		"nvidia.com/gpu.compute.minor=0",
		"nvidia.com/gpu.replicas=1",
		"nvidia.com/mig.capable=true",
	}, ",")
}
