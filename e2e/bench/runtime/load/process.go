package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// usage is that of a process and all that descend from it.
type usage struct {
	cpuSeconds float64
	memory     int64 // proportional set size: pages that processes share count once
	processes  int
}

// Linux counts CPU time for user space in hundredths of a second, whatever its own clock does.
const ticksPerSecond = 100

type process struct {
	parent int
	ticks  int64
}

// tree reads /proc; root 0 stands for nothing to watch.
func tree(root int) (usage, error) {
	var sum usage
	if root == 0 {
		return sum, nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return sum, err
	}
	all := map[int]process{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if p, err := readStat(pid); err == nil { // otherwise it ended meanwhile
			all[pid] = p
		}
	}
	if _, found := all[root]; !found {
		return sum, fmt.Errorf("the server's process %d has ended", root)
	}
	for pid, p := range all {
		if !descends(all, pid, root) {
			continue
		}
		sum.cpuSeconds += float64(p.ticks) / ticksPerSecond
		sum.processes++
		sum.memory += proportionalSetSize(pid)
	}
	return sum, nil
}

func descends(all map[int]process, pid, root int) bool {
	for pid != root {
		p, found := all[pid]
		if !found {
			return false
		}
		pid = p.parent
	}
	return true
}

func readStat(pid int) (process, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, err
	}
	// The name before the last bracket may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var p process
	if p.parent, err = strconv.Atoi(fields[1]); err != nil {
		return p, err
	}
	// utime and stime, and those of children that have ended
	for _, field := range fields[11:15] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return p, err
		}
		p.ticks += ticks
	}
	return p, nil
}

func proportionalSetSize(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0 // it ended meanwhile
	}
	for _, line := range strings.Split(string(text), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
			return kilobytes * 1024
		}
	}
	return 0
}

func ownCPU() float64 {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	return seconds(own.Utime) + seconds(own.Stime)
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
