// Command load asks a server over kept connections, one request at a time on each, and prints what
// it saw as JSON. It asks as fast as answers come, or with -rate as often as told whatever comes: a
// request then waits for a free connection, and its latency counts from when it was due.
//
// It is one thread around epoll, so that it takes little of the processors that it shares with the
// server; what it takes is part of the result. Answers are not compared here: a few are written to
// a folder, for the caller to verify.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

type options struct {
	address     string
	protocol    string
	path        string
	header      string
	bodies      string
	connections int
	rate        float64
	deadline    time.Duration
	warmUp      time.Duration
	window      time.Duration
	timeout     time.Duration
	root        int
	samples     string
}

// How many answers of a window are kept for the caller.
const keptAnswers = 16

func main() {
	runtime.LockOSThread()
	var o options
	flag.StringVar(&o.address, "address", "", "IPv4 HOST:PORT")
	flag.StringVar(&o.protocol, "protocol", "http", "http (HTTP/1.1) or grpc (HTTP/2 without TLS)")
	flag.StringVar(&o.path, "path", "", "path of the request")
	flag.StringVar(&o.header, "header", "Content-Type: application/json", "one header; http only")
	flag.StringVar(&o.bodies, "bodies", "", "pattern of the files with bodies, sent in turns")
	flag.IntVar(&o.connections, "connections", 1, "how many")
	flag.Float64Var(&o.rate, "rate", 0, "requests per second; 0 sends the next upon each answer")
	flag.DurationVar(&o.deadline, "deadline", time.Second, "with -rate: an answer after it is late")
	flag.DurationVar(&o.warmUp, "warm-up", time.Second, "what does not count")
	flag.DurationVar(&o.window, "window", 3*time.Second, "what counts")
	flag.DurationVar(&o.timeout, "timeout", 30*time.Second, "longest time without any answer")
	flag.IntVar(&o.root, "process", 0, "first process of the server, whose tree is watched")
	flag.StringVar(&o.samples, "samples", "", "folder for some of the answers")
	flag.Parse()
	result, err := measure(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func measure(o options) (*result, error) {
	files, err := filepath.Glob(o.bodies)
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no file is called %s", o.bodies)
	}
	if o.connections < 1 {
		return nil, fmt.Errorf("-connections must be at least 1")
	}
	if o.rate < 0 || o.rate > 100_000 {
		return nil, fmt.Errorf("-rate must be between 0 and 100000")
	}
	bodies := make([][]byte, len(files))
	for i, file := range files {
		if bodies[i], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	var protocol protocol
	switch o.protocol {
	case "http":
		protocol = newHTTP(o.address, o.path, o.header, bodies)
	case "grpc":
		protocol = newGRPC(o.address, o.path, bodies)
	default:
		return nil, fmt.Errorf("-protocol is %q; it must be http or grpc", o.protocol)
	}
	return newRun(o, protocol, len(bodies)).measure()
}
