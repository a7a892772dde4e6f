// Package isolate starts a cluster in namespaces of its own: everything in them ends with one process.
package isolate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"modelweir.dev/e2e/cluster/internal/layout"
)

// Process is the first process of a cluster. The start time tells it from a later one with the same number.
type Process struct {
	PID   int    `json:"pid"`
	Start string `json:"start"`
}

// Running returns the first process of a cluster if it lives.
func Running(c layout.Cluster) (Process, bool) { return read(c.Process()) }

func read(path string) (Process, bool) {
	var p Process
	encoded, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(encoded, &p) != nil {
		return p, false
	}
	return p, p.alive()
}

func (p Process) alive() bool { return p.PID > 0 && startTime(p.PID) == p.Start }

// End kills the process and with it all others in its namespaces, and waits for the end of the last one.
func (p Process) End() error {
	if err := unix.Kill(p.PID, unix.SIGKILL); err != nil && err != unix.ESRCH {
		return fmt.Errorf("kill process %d of the cluster: %w", p.PID, err)
	}
	for deadline := time.Now().Add(30 * time.Second); p.alive(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("process %d of the cluster does not end; see what it waits for in /proc/%d/stack", p.PID, p.PID)
		}
	}
	return nil
}

// othersRun tells whether any cluster of this machine runs. The caller holds the run lock.
func othersRun() bool {
	files, _ := filepath.Glob(layout.RunRoot + "/*/process.json")
	for _, file := range files {
		if _, alive := read(file); alive {
			return true
		}
	}
	return false
}

// startTime returns "" for a process that does not exist or is a zombie.
func startTime(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	return parseStart(string(stat))
}

// parseStart reads field 22 of /proc/PID/stat; the second field is a name in parentheses that may hold anything.
func parseStart(stat string) string {
	name := strings.LastIndex(stat, ") ")
	fields := strings.Fields(stat[name+1:])
	if name < 0 || len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}
