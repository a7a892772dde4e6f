package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func optionsFor(t *testing.T, address, protocol string, bodies ...string) options {
	t.Helper()
	folder := t.TempDir()
	for i, body := range bodies {
		file := filepath.Join(folder, fmt.Sprintf("request-%d", i))
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return options{address: address, protocol: protocol, path: "/echo", header: "X-Test: yes",
		bodies: filepath.Join(folder, "request-*"), connections: 3, window: 300 * time.Millisecond,
		timeout: 2 * time.Second, root: os.Getpid(), samples: t.TempDir()}
}

// expectEchoes checks that each kept answer is that of the request it claims to answer.
func expectEchoes(t *testing.T, o options, r *result, bodies ...string) {
	t.Helper()
	files, err := os.ReadDir(o.samples)
	if err != nil || len(files) < 2 {
		t.Fatalf("%d answers were kept (%v)", len(files), err)
	}
	for _, file := range files {
		answer, err := os.ReadFile(filepath.Join(o.samples, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var body int
		if _, err := fmt.Sscanf(file.Name()[strings.LastIndex(file.Name(), "-"):], "-%d", &body); err != nil {
			t.Fatal(err)
		}
		if string(answer) != bodies[body] {
			t.Errorf("%s is %.50q", file.Name(), answer)
		}
	}
	if r.Requests < len(files) || r.Failures > 0 || r.P50 <= 0 || r.P99 < r.P50 || r.Max < r.P99 {
		t.Errorf("result %+v", r)
	}
	if r.Processes < 1 || r.ServerMemory == 0 || r.ClientCPU <= 0 {
		t.Errorf("nothing of the process was seen: %+v", r)
	}
}

func serve(t *testing.T, h2c bool, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(!h2c)
	server.Config.Protocols.SetUnencryptedHTTP2(h2c)
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return server.Listener.Addr().String()
}

var large = strings.Repeat("0123456789", 300_000)

func TestHTTP(t *testing.T) {
	for name, chunks := range map[string]bool{"with a length": false, "in chunks": true} {
		t.Run(name, func(t *testing.T) {
			address := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Header.Get("X-Test") != "yes" || r.URL.Path != "/echo" {
					t.Errorf("%s %v", r.URL, r.Header)
				}
				if !chunks {
					w.Header().Set("Content-Length", fmt.Sprint(len(body)))
				}
				for _, half := range [][]byte{body[:len(body)/2], body[len(body)/2:]} {
					_, _ = w.Write(half)
					w.(http.Flusher).Flush()
				}
			})
			bodies := []string{"one", "two!", large}
			o := optionsFor(t, address, "http", bodies...)
			r, err := measure(o)
			if err != nil {
				t.Fatal(err)
			}
			expectEchoes(t, o, r, bodies...)
		})
	}
}

func TestGRPC(t *testing.T) {
	address := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the window was over within this request
		}
		if r.Header.Get("Content-Type") != "application/grpc" || r.Method != "POST" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		if size := binary.BigEndian.Uint32(body[1:]); int(size) != len(body)-5 || body[0] != 0 {
			t.Errorf("a message of %d announces %d", len(body)-5, size)
		}
		w.Header().Set("Trailer", "Grpc-Status")
		_, _ = w.Write(body)
		w.Header().Set("Grpc-Status", "0")
	})
	bodies := []string{"one", "two!", large}
	o := optionsFor(t, address, "grpc", bodies...)
	r, err := measure(o)
	if err != nil {
		t.Fatal(err)
	}
	expectEchoes(t, o, r, bodies...)
}

func TestGRPCWithoutMessageIsAFailure(t *testing.T) {
	var asked atomic.Int64
	address := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%2 == 0 {
			w.Header().Set("Grpc-Status", "3")
			return // without reading the request
		}
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	})
	o := optionsFor(t, address, "grpc", "one", large)
	r, err := measure(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Failures == 0 || r.FirstFailure == "" || r.Requests == 0 {
		t.Errorf("result %+v", r)
	}
}

func TestRefusalsCount(t *testing.T) {
	var asked atomic.Int64
	address := serve(t, false, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 2 {
			http.Error(w, "overloaded", http.StatusServiceUnavailable)
		}
	})
	r, err := measure(optionsFor(t, address, "http", "one"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Failures == 0 || !strings.Contains(r.FirstFailure, "503") {
		t.Errorf("result %+v", r)
	}
}

func TestRequestsComeAsOftenAsTold(t *testing.T) {
	address := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	o := optionsFor(t, address, "http", "one")
	o.rate, o.deadline, o.window = 200, time.Second, 500*time.Millisecond
	r, err := measure(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Offered < 95 || r.Offered > 105 || r.Requests < 90 || r.InTime != r.Requests {
		t.Errorf("result %+v", r)
	}
}

func TestAServerThatIsTooSlowForTheRate(t *testing.T) {
	var asked atomic.Int64
	address := serve(t, false, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%2 == 0 {
			http.Error(w, "overloaded", http.StatusServiceUnavailable)
			return
		}
		time.Sleep(20 * time.Millisecond)
	})
	o := optionsFor(t, address, "http", "one")
	// Three connections get through 300 in a second, so that requests wait ever longer for one; the
	// first of all must be among those that count, or none may be in time on a busy machine.
	o.rate, o.deadline, o.warmUp, o.window = 1000, 300*time.Millisecond, 0, time.Second
	r, err := measure(o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Refused < 50 || r.Failures > 0 || r.InTime >= r.Requests || r.InTime == 0 {
		t.Errorf("result %+v", r)
	}
	if r.Max < 300_000 {
		t.Errorf("latency counts from when a request was sent, not from when it was due: %+v", r)
	}
}

func TestServersThatDoNotAnswer(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	var closing atomic.Bool
	go func() {
		var held []net.Conn // what nobody refers to the collector closes
		for {
			connection, err := listener.Accept()
			if err != nil {
				runtime.KeepAlive(held)
				return
			}
			if held = append(held, connection); closing.Load() {
				_ = connection.Close()
			}
		}
	}()
	o := optionsFor(t, listener.Addr().String(), "http", "one")
	o.window, o.timeout = 10*time.Second, 200*time.Millisecond
	if _, err := measure(o); err == nil || !strings.Contains(err.Error(), "no answer") {
		t.Errorf("silent: %v", err)
	}
	closing.Store(true)
	if _, err := measure(o); err == nil {
		t.Error("closing: no error")
	}
	_ = listener.Close()
	if _, err := measure(o); err == nil {
		t.Error("gone: no error")
	}
}

func TestAnswersThatAreNotHTTP(t *testing.T) {
	for _, head := range []string{"hello", "HTTP/1.1 abc", "HTTP/1.1 200 OK\r\nContent-Length: -1",
		"HTTP/1.1 200 OK\r\nConnection: close"} {
		e := &http1Exchange{}
		if _, _, _, err := e.received([]byte(head + "\r\n\r\n")); err == nil {
			t.Errorf("%q is taken", head)
		}
	}
	if _, err := chunked([]byte("zz\r\n")); err == nil {
		t.Error("a chunk without size is taken")
	}
	for cut := range []byte("3\r\nabc\r\n0\r\n\r\n")[:10] {
		whole, err := chunked([]byte("3\r\nabc\r\n0\r\n\r\n")[:cut])
		if whole != nil || err != nil {
			t.Errorf("cut at %d: %q %v", cut, whole, err)
		}
	}
}

func TestQuantile(t *testing.T) {
	var sorted []time.Duration
	for i := range 100 {
		sorted = append(sorted, time.Duration(i+1))
	}
	for q, want := range map[float64]time.Duration{0.5: 50, 0.99: 99, 1: 100, 0: 1} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("quantile %g is %d", q, got)
		}
	}
	if quantile(sorted[:1], 0.99) != 1 {
		t.Error("of one value")
	}
}

func TestOfAnUnknownProcess(t *testing.T) {
	if _, err := tree(1 << 30); err == nil {
		t.Error("a process that is not there is watched")
	}
}

func TestHPACKStrings(t *testing.T) {
	short, long := strings.Repeat("a", 126), strings.Repeat("b", 200)
	if got := appendString(nil, short); got[0] != 126 || !bytes.Equal(got[1:], []byte(short)) {
		t.Errorf("short: %v", got[:3])
	}
	if got := appendString(nil, long); got[0] != 127 || got[1] != 73 || len(got) != 202 {
		t.Errorf("long: %v", got[:3])
	}
}
