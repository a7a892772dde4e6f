package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// A protocol makes the client's side of connections.
type protocol interface {
	open() exchange
}

// An exchange is the state of one connection, one request at a time.
type exchange interface {
	// begin returns what to send for the next request, the one with this number of the bodies.
	begin(body int) []byte
	// received takes bytes of the server. Once the answer is complete, done is true and answer
	// its payload, valid until the next call. Bytes to send meanwhile are in reply.
	received(data []byte) (reply []byte, answer []byte, done bool, err error)
}

// result is what a window showed. Times are microseconds unless named otherwise.
type result struct {
	Requests     int     `json:"requests"`
	Failures     int     `json:"failures"`
	FirstFailure string  `json:"first_failure,omitempty"`
	Offered      int     `json:"offered,omitempty"` // with -rate: came due in the window
	Refused      int     `json:"refused,omitempty"` // with -rate: answered that there is too much
	InTime       int     `json:"in_time,omitempty"` // with -rate: answered within the deadline
	Seconds      float64 `json:"seconds"`
	P50          float64 `json:"p50_us"`
	P99          float64 `json:"p99_us"`
	Max          float64 `json:"max_us"`
	ServerCPU    float64 `json:"server_cpu_seconds"`
	ClientCPU    float64 `json:"client_cpu_seconds"`
	ServerMemory int64   `json:"server_memory_bytes"`
	Processes    int     `json:"server_processes"`
}

type connection struct {
	fd       int
	exchange exchange
	pending  []byte
	writable bool // epoll reports room to write
	body     int
	sent     time.Time // or, with -rate, when it was due
}

type run struct {
	options
	protocol  protocol
	bodies    int
	epoll     int
	conns     map[int32]*connection
	free      []*connection // with -rate
	waiting   []time.Time   // when requests that have no connection yet were due
	nextDue   time.Time
	buffer    []byte
	counting  bool
	latencies []time.Duration
	answers   int
	kept      int
	nextKept  int
	result    result
}

func newRun(o options, p protocol, bodies int) *run {
	return &run{options: o, protocol: p, bodies: bodies, buffer: make([]byte, 256<<10),
		conns: map[int32]*connection{}, latencies: make([]time.Duration, 0, 1<<20)}
}

func (r *run) measure() (*result, error) {
	var err error
	if r.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	defer r.close()
	r.nextDue = time.Now()
	for i := range r.connections {
		if err := r.connect(i); err != nil {
			return nil, err
		}
	}
	if err := r.until(time.Now().Add(r.warmUp)); err != nil {
		return nil, err
	}
	server, err := tree(r.root)
	if err != nil {
		return nil, err
	}
	own, begin := ownCPU(), time.Now()
	r.counting = true
	if err := r.until(begin.Add(r.window)); err != nil {
		return nil, err
	}
	r.result.Seconds = time.Since(begin).Seconds()
	r.result.ClientCPU = ownCPU() - own
	after, err := tree(r.root)
	if err != nil {
		return nil, err
	}
	r.result.ServerCPU = after.cpuSeconds - server.cpuSeconds
	r.result.ServerMemory, r.result.Processes = after.memory, after.processes
	r.summarize()
	return &r.result, nil
}

func (r *run) close() {
	for fd := range r.conns {
		_ = syscall.Close(int(fd))
	}
	_ = syscall.Close(r.epoll)
}

func (r *run) summarize() {
	r.result.Requests = len(r.latencies)
	if r.result.Requests == 0 {
		return
	}
	slices.Sort(r.latencies)
	r.result.P50 = micros(quantile(r.latencies, 0.50))
	r.result.P99 = micros(quantile(r.latencies, 0.99))
	r.result.Max = micros(r.latencies[len(r.latencies)-1])
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// quantile is the smallest value that at least the share q of all sorted values does not exceed.
func quantile(sorted []time.Duration, q float64) time.Duration {
	rank := int(q*float64(len(sorted))+0.999999) - 1
	return sorted[max(0, min(rank, len(sorted)-1))]
}

func (r *run) connect(number int) error {
	address, err := net.ResolveTCPAddr("tcp4", r.address)
	if err != nil {
		return err
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	to := syscall.SockaddrInet4{Port: address.Port}
	copy(to.Addr[:], address.IP.To4())
	if err := syscall.Connect(fd, &to); err != nil {
		return fmt.Errorf("connecting to %s: %w", r.address, err)
	}
	if err := errors.Join(syscall.SetNonblock(fd, true),
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)); err != nil {
		return err
	}
	c := &connection{fd: fd, exchange: r.protocol.open(), body: number % r.bodies}
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}
	if err := syscall.EpollCtl(r.epoll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
		return err
	}
	r.conns[int32(fd)] = c
	return r.idle(c)
}

// until serves all connections up to the end of a phase.
func (r *run) until(end time.Time) error {
	events := make([]syscall.EpollEvent, 128)
	lastAnswer, seen := time.Now(), r.answers
	for {
		now := time.Now()
		if !now.Before(end) {
			return nil
		}
		if r.answers != seen {
			lastAnswer, seen = now, r.answers
		} else if now.Sub(lastAnswer) > r.timeout {
			return fmt.Errorf("no answer within %s", r.timeout)
		}
		if err := r.offer(now); err != nil {
			return err
		}
		wait := min(int(end.Sub(now)/time.Millisecond)+1, 1000)
		if r.rate > 0 {
			wait = min(wait, int(r.nextDue.Sub(now)/time.Millisecond)+1)
		}
		n, err := syscall.EpollWait(r.epoll, events, wait)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		for _, event := range events[:max(n, 0)] {
			if err := r.serve(r.conns[event.Fd], event.Events); err != nil {
				return err
			}
		}
	}
}

// offer lets requests come due and sends those that find a free connection, oldest first.
func (r *run) offer(now time.Time) error {
	if r.rate == 0 {
		return nil
	}
	for ; !r.nextDue.After(now); r.nextDue = r.nextDue.Add(time.Duration(1e9 / r.rate)) {
		r.waiting = append(r.waiting, r.nextDue)
		if r.counting {
			r.result.Offered++
		}
	}
	for len(r.waiting) > 0 && len(r.free) > 0 {
		c, due := r.free[len(r.free)-1], r.waiting[0]
		r.free, r.waiting = r.free[:len(r.free)-1], r.waiting[1:]
		if err := r.next(c, due); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) serve(c *connection, events uint32) error {
	if events&syscall.EPOLLOUT != 0 {
		if err := r.flush(c); err != nil {
			return err
		}
	}
	if events&^syscall.EPOLLOUT == 0 {
		return nil
	}
	n, err := syscall.Read(c.fd, r.buffer)
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR) {
		return nil
	}
	if err != nil || n == 0 {
		return fmt.Errorf("the server closed a connection (%v)", err)
	}
	reply, answer, done, err := c.exchange.received(r.buffer[:n])
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	if len(reply) > 0 {
		if err := r.send(c, reply); err != nil {
			return err
		}
	}
	if !done {
		return nil
	}
	if err := r.answered(c, answer, refused); err != nil {
		return err
	}
	c.body = (c.body + 1) % r.bodies
	return r.idle(c)
}

// idle gives a connection its next request, or with -rate the one that is due.
func (r *run) idle(c *connection) error {
	if r.rate == 0 {
		return r.next(c, time.Now())
	}
	r.free = append(r.free, c)
	return r.offer(time.Now())
}

func (r *run) answered(c *connection, answer []byte, refused *refusal) error {
	r.answers++
	overloaded := r.rate > 0 && refused != nil && refused.overloaded
	if !r.counting {
		if refused != nil && !overloaded {
			return refused
		}
		return nil
	}
	if overloaded {
		r.result.Refused++
		return nil
	}
	if refused != nil {
		if r.result.Failures++; r.result.FirstFailure == "" {
			r.result.FirstFailure = refused.Error()
		}
		return nil
	}
	took := time.Since(c.sent)
	r.latencies = append(r.latencies, took)
	if r.rate > 0 && took <= r.deadline {
		r.result.InTime++
	}
	// Ever rarer, so that samples come from the whole of a window of unknown count.
	if r.samples != "" && r.kept < keptAnswers && len(r.latencies) > r.nextKept {
		file := filepath.Join(r.samples, fmt.Sprintf("answer-%02d-of-%d", r.kept, c.body))
		r.kept, r.nextKept = r.kept+1, r.nextKept*2+1
		return os.WriteFile(file, answer, 0o600)
	}
	return nil
}

func (r *run) next(c *connection, since time.Time) error {
	c.sent = since
	return r.send(c, c.exchange.begin(c.body))
}

// send writes what goes at once and keeps the rest until there is room.
func (r *run) send(c *connection, data []byte) error {
	if len(c.pending) > 0 {
		c.pending = append(slices.Clone(c.pending), data...)
		return nil
	}
	c.pending = data
	return r.flush(c)
}

func (r *run) flush(c *connection) error {
	for len(c.pending) > 0 {
		n, err := syscall.Write(c.fd, c.pending)
		if errors.Is(err, syscall.EAGAIN) {
			return r.wantRoom(c, true)
		}
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("sending: %w", err)
		}
		c.pending = c.pending[n:]
	}
	return r.wantRoom(c, false)
}

func (r *run) wantRoom(c *connection, wanted bool) error {
	if c.writable == wanted {
		return nil
	}
	c.writable = wanted
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(c.fd)}
	if wanted {
		event.Events |= syscall.EPOLLOUT
	}
	return syscall.EpollCtl(r.epoll, syscall.EPOLL_CTL_MOD, c.fd, &event)
}

// A refusal is a complete answer that says no; the connection goes on.
type refusal struct {
	text       string
	overloaded bool
}

func (r *refusal) Error() string { return r.text }
